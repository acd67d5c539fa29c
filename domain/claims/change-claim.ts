/**
 * [CL5] A removed claim stays in the record and can be listed; removal, lowered importance, changed kind or words
 * are acts with a name and a reason.
 */
import { fold } from "../body/fold";
import type { Person } from "../people/person";
import { asksReason, type ClaimAct, type MissingRight, mayOnClaim, mayOnStory } from "../people/rights";
import type { StoryFacts } from "../people/rights";
import type { Refusal } from "../refusal";
import { type Claim, type Importance, importances, type Kind } from "./claim";

export type ChangeRefusal = MissingRight | "claim-removed" | "needs-reason";
type Facts = Pick<Claim, "touchedByOthers" | "removed"> & { readonly markedBy: { readonly id: string } };
type Who = { readonly person: Person; readonly story: StoryFacts };

/** Is the second importance lower than the first? */
export function isLower(before: Importance, after: Importance): boolean {
  return importances.indexOf(after) > importances.indexOf(before);
}

/** May the person do this to the claim, with or without the reason that they gave? */
function mayChange(
  { person, story }: Who,
  act: ClaimAct,
  claim: Facts,
  reason: string | undefined,
): true | Refusal<ChangeRefusal> {
  const right = mayOnClaim(person, act, story, { ...claim, markedBy: claim.markedBy.id });
  if (right !== true) return right;
  if (claim.removed) return { refused: "claim-removed" };
  return !asksReason(person) || Boolean(reason) || { refused: "needs-reason" };
}

/**
 * Another kind or importance. Raising the importance asks no more than marking a claim does.
 * Gives only what differs: an empty object changes nothing.
 */
export function changeClaim(
  who: Who,
  claim: Facts & Pick<Claim, "kind" | "importance">,
  given: {
    readonly kind?: Kind | undefined;
    readonly importance?: Importance | undefined;
    readonly reason?: string | undefined;
  },
): { readonly kind?: Kind; readonly importance?: Importance } | Refusal<ChangeRefusal> {
  const kind = given.kind === claim.kind ? undefined : given.kind;
  const importance = given.importance === claim.importance ? undefined : given.importance;
  const asked: readonly ClaimAct[] = [
    ...(kind ? (["change-kind"] as const) : []),
    ...(importance && isLower(claim.importance, importance) ? (["lower-importance"] as const) : []),
  ];
  for (const act of asked) {
    const may = mayChange(who, act, claim, given.reason);
    if (may !== true) return may;
  }
  const marks = mayOnStory(who.person, "mark-claim", who.story);
  if (marks !== true) return marks;
  if (claim.removed) return { refused: "claim-removed" };
  return { ...(kind && { kind }), ...(importance && { importance }) };
}

/** May the person remove the claim? */
export function removeClaim(
  who: Who,
  claim: Facts,
  reason: string | undefined,
): true | Refusal<ChangeRefusal> {
  return mayChange(who, "remove-claim", claim, reason);
}

/**
 * May the person put the claim on other words of the text? Its own words, found again, ask no more than marking a
 * claim does; `sameWords` says which it was.
 */
export function rewordClaim(
  who: Who,
  claim: Facts & { readonly anchor: Pick<Claim["anchor"], "words"> },
  given: { readonly quote: string; readonly reason?: string | undefined },
): { readonly sameWords: boolean } | Refusal<ChangeRefusal> {
  if (fold(given.quote) !== fold(claim.anchor.words)) {
    const may = mayChange(who, "change-words", claim, given.reason);
    return may === true ? { sameWords: false } : may;
  }
  const marks = mayOnStory(who.person, "mark-claim", who.story);
  if (marks !== true) return marks;
  return claim.removed ? { refused: "claim-removed" } : { sameWords: true };
}
