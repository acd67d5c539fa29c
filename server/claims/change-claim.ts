import { changeClaim as decide, type ChangeRefusal } from "@/domain/claims/change-claim";
import type { Claim, ClaimChange } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { updateClaim } from "./claim-store";
import { onClaim } from "./on-claim";

/** [CL5] Gives the claim another kind or importance; what is the same already changes nothing and is not recorded. */
export function changeClaim(
  house: House,
  person: Person,
  claimId: string,
  given: ClaimChange,
): Promise<Claim | Refusal<ChangeRefusal | "no-such-claim">> {
  return onClaim<ChangeRefusal>(house, person, claimId, async ({ tx, story, claim }) => {
    const change = decide({ person, story }, claim, given);
    if (isRefused(change)) return change;
    if (!change.kind && !change.importance) return "nothing";
    await updateClaim(tx, claimId, change);
    const detail = {
      ...change,
      was: {
        ...(change.kind && { kind: claim.kind }),
        ...(change.importance && { importance: claim.importance }),
      },
      ...(given.reason && { reason: given.reason }),
    };
    return { act: "claim-changed", detail };
  });
}
