/**
 * The gate: the list of reasons why the story may not be released.
 *
 * [GT1] One pure function from story, claims and policy to blockers. Each has a rule word, a sentence, and where it
 * is about words the words and a jump. Button, API and screen ask the same.
 * [GT4] `no-headline`, `no-dateline` and `no-byline` are never waived.
 */
import type { Claim } from "../claims/claim";
import { type CheckedClaim, claimBlockers } from "../claims/claim-blockers";
import { fields } from "../body/anchor-state";
import type { Dateline } from "../stories/story";
import type { Blocker, Gate, Rule } from "./workflow";

type StoryRule = Extract<Rule, `no-${string}`>;

/** What of a story its own blockers follow from. */
export type GatedStory = {
  /** As plain text. */
  readonly headline: string;
  readonly dateline: Dateline;
  readonly byline: readonly string[];
};

const sentences: Readonly<Record<StoryRule, string>> = {
  "no-headline": "The story has no headline.",
  "no-dateline": "The dateline lacks its place or its date.",
  "no-byline": "The byline names nobody.",
};

function storyRules(story: GatedStory): readonly StoryRule[] {
  const broken: Readonly<Record<StoryRule, boolean>> = {
    "no-headline": !/[\p{L}\p{N}]/u.test(story.headline),
    "no-dateline": story.dateline.place.trim() === "" || story.dateline.date === "",
    "no-byline": story.byline.every((name) => name.trim() === ""),
  };
  return (["no-headline", "no-dateline", "no-byline"] as const).filter((rule) => broken[rule]);
}

/** A claim as the gate sees it. */
export type GatedClaim = CheckedClaim &
  Pick<Claim, "removed"> & { readonly anchor: Pick<Claim["anchor"], "field" | "start" | "words"> };

/** In the order of the text; what is gone from it comes last. */
function inTextOrder(a: GatedClaim, b: GatedClaim): number {
  if (a.anchor.start === null || b.anchor.start === null) {
    return Number(a.anchor.start === null) - Number(b.anchor.start === null);
  }
  return fields.indexOf(a.anchor.field) - fields.indexOf(b.anchor.field) || a.anchor.start - b.anchor.start;
}

/** [GT1] The standing blockers: what is waived (by as many editors as it asks) is none, nor are removed claims. */
export function gate(story: GatedStory, claims: readonly GatedClaim[]): Gate {
  const ofStory = storyRules(story).map((rule): Blocker => ({
    rule,
    sentence: sentences[rule],
    waivable: false,
    waiversGiven: 0,
    waiversAsked: 0,
  }));
  const ofClaims = claims
    .filter((one) => !one.removed)
    .toSorted(inTextOrder)
    .flatMap(claimBlockers)
    .filter((blocker) => !blocker.waived)
    .map(({ rule, claimId, quote, sentence, waiversGiven, waiversAsked }): Blocker => ({
      rule,
      claimId,
      quote,
      sentence,
      waivable: true,
      waiversGiven,
      waiversAsked,
    }));
  const blockers = [...ofStory, ...ofClaims];
  return { open: blockers.length === 0, blockers };
}
