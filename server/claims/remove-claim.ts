import { type ChangeRefusal, removeClaim as decide } from "@/domain/claims/change-claim";
import type { Claim } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import type { Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { updateClaim } from "./claim-store";
import { onClaim } from "./on-claim";

/** [CL5] Takes the claim off the story; it stays in the store and the record and can be listed. */
export function removeClaim(
  house: House,
  person: Person,
  claimId: string,
  reason: string | undefined,
): Promise<Claim | Refusal<ChangeRefusal | "no-such-claim">> {
  return onClaim<ChangeRefusal>(house, person, claimId, async ({ tx, story, claim, at }) => {
    const may = decide({ person, story }, claim, reason);
    if (may !== true) return may;
    await updateClaim(tx, claimId, { removedBy: person.id, removedAt: at, removedReason: reason ?? null });
    const detail = { words: claim.anchor.words, ...(reason && { reason }) };
    return { act: "claim-removed", detail };
  });
}
