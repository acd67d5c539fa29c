import type { Claim } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { type MissingRight, mayOnStory } from "@/domain/people/rights";
import type { Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { personById } from "../people/known-people";
import { updateClaim } from "./claim-store";
import { onClaim } from "./on-claim";

/** Says whose claim it is to check: an active colleague who may work on the story; null takes it off everyone. */
export function assignClaim(
  house: House,
  person: Person,
  claimId: string,
  assigneeId: string | null,
): Promise<Claim | Refusal<MissingRight | "claim-removed" | "not-assignable" | "no-such-claim">> {
  return onClaim<MissingRight | "claim-removed" | "not-assignable">(
    house,
    person,
    claimId,
    async ({ tx, story, claim }) => {
      const right = mayOnStory(person, "assign", story);
      if (right !== true) return right;
      if (claim.removed) return { refused: "claim-removed" };
      const was = claim.assignee?.id ?? null;
      if (assigneeId === was) return "nothing";
      const assignee = assigneeId === null ? null : await personById(tx, assigneeId);
      if (assigneeId !== null) {
        const isAssignable = assignee?.active === true && mayOnStory(assignee, "comment", story) === true;
        if (!isAssignable) return { refused: "not-assignable" };
      }
      await updateClaim(tx, claimId, { assigneeId });
      const detail = { to: assignee?.name ?? null, toId: assigneeId, wasId: was };
      return { act: "claim-assigned", detail };
    },
  );
}
