/** Who may waive which blocker now: [GT4], with the right asked of `domain/people/rights.ts`. */
import { type CheckedClaim, claimBlockers } from "../claims/claim-blockers";
import { type WaiverTie, waiversHolding } from "../claims/waiver";
import type { Claim } from "../claims/claim";
import type { Person } from "../people/person";
import { type MissingRight, mayOnStory, type StoryFacts } from "../people/rights";
import type { Refusal } from "../refusal";
import type { Rule } from "./workflow";

export type WaiveRefusal =
  MissingRight | "claim-removed" | "never-waived" | "nothing-to-waive" | "already-waived";

const neverWaived: readonly Rule[] = ["no-headline", "no-dateline", "no-byline"];

/** What the waiver is to be tied to, or why it cannot be given. */
export function waive(
  person: Person,
  story: StoryFacts,
  claim: CheckedClaim & Pick<Claim, "removed">,
  rule: Rule,
): WaiverTie | Refusal<WaiveRefusal> {
  const right = mayOnStory(person, "waive", story);
  if (right !== true) return right;
  if (claim.removed) return { refused: "claim-removed" };
  if (neverWaived.includes(rule)) return { refused: "never-waived" };
  const blocker = claimBlockers(claim).find((one) => one.rule === rule);
  if (!blocker) return { refused: "nothing-to-waive" };
  const tie: WaiverTie = { rule, foldedWords: blocker.foldedWords, cause: blocker.cause };
  if (waiversHolding(claim, tie).some((waiver) => waiver.by.id === person.id)) {
    return { refused: "already-waived" };
  }
  return tie;
}
