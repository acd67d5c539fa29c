import type { Claim } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import type { Refusal } from "@/domain/refusal";
import { waive, type WaiveRefusal } from "@/domain/workflow/waive";
import type { WaiverGiven } from "@/domain/workflow/workflow";
import { keepWaiver } from "../claims/keep-waiver";
import { onClaim } from "../claims/on-claim";
import type { House } from "../house";

/** [GT4] Signs "despite that" for one blocker of the claim, at its present words and cause. */
export function waiveBlocker(
  house: House,
  person: Person,
  claimId: string,
  given: WaiverGiven,
): Promise<Claim | Refusal<WaiveRefusal | "no-such-claim">> {
  return onClaim<WaiveRefusal>(house, person, claimId, async ({ tx, story, claim, at }) => {
    const tie = waive(person, story, claim, given.rule);
    if ("refused" in tie) return tie;
    const id = house.newId();
    const { reason } = given;
    await keepWaiver(tx, { ...tie, id, claimId, reason, by: person.id, at });
    return {
      act: "waiver-given",
      detail: { waiverId: id, rule: tie.rule, words: claim.anchor.words, reason },
    };
  });
}
