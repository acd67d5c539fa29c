/**
 * [GT4] A waiver covers one rule on one claim at its present folded words, by name and reason, and lapses with the
 * words or when the rule's cause changes. On a critical claim it counts once a second editor has given it too.
 */
import type { Claim, ClaimWaiver, Importance } from "./claim";

/** What a waiver is tied to: the rule, the words and the rule's cause. */
export type WaiverTie = {
  readonly rule: string;
  readonly foldedWords: string;
  readonly cause: string;
};

/** How many editors have to waive a blocker of a claim of this importance. */
export function waiversAsked(importance: Importance): number {
  return importance === "critical" ? 2 : 1;
}

/** The waivers that still hold for this tie, the first of each person. */
export function waiversHolding(claim: Pick<Claim, "waivers">, tie: WaiverTie): readonly ClaimWaiver[] {
  const holding = claim.waivers.filter(
    (waiver) =>
      waiver.rule === tie.rule && waiver.foldedWords === tie.foldedWords && waiver.cause === tie.cause,
  );
  const people = new Set<string>();
  return holding.filter((waiver) => !people.has(waiver.by.id) && people.add(waiver.by.id));
}
