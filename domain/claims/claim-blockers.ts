/** [GT1][GT2] What about one claim keeps the story from being released. */
import { fold } from "../body/fold";
import type { Claim, Freshness, StaleReason, VerdictKind } from "./claim";
import { evidenceMissing, needWords, needsEvidence } from "./evidence-policy";
import { waiversAsked, waiversHolding } from "./waiver";
import { quoted } from "./words-quoted";

/** [GT2] The rules that a claim can break. */
export const claimRules = [
  "unchecked",
  "stale",
  "orphaned",
  "false",
  "disputed",
  "unverifiable",
  "verified-if-changed",
  "evidence",
] as const;
export type ClaimRule = (typeof claimRules)[number];

export type ClaimBlocker = {
  readonly rule: ClaimRule;
  readonly claimId: string;
  /** The words it is about: those that stand there now, or stood there last. */
  readonly quote: string;
  readonly sentence: string;
  /** [GT4] What a waiver of it is tied to. */
  readonly foldedWords: string;
  readonly cause: string;
  readonly waiversGiven: number;
  readonly waiversAsked: number;
  /** Enough editors have waived it: it blocks no more. */
  readonly waived: boolean;
};

/** What of a claim its blockers follow from. */
export type CheckedClaim = Pick<
  Claim,
  "id" | "kind" | "importance" | "freshness" | "verdict" | "evidence" | "waivers"
> & { readonly anchor: Pick<Claim["anchor"], "words"> };

type Found = Pick<ClaimBlocker, "rule" | "sentence" | "cause">;

/** A verdict as a past participle: finishes "it was". */
const verdictWords: Readonly<Record<VerdictKind, string>> = {
  verified: "verified",
  verified_if_changed: "verified if changed",
  attributed: "verified as what the source said",
  disputed: "found to be disputed",
  unverifiable: "found to be unverifiable",
  false: "found to be false",
  not_checkable: "found not to be checkable",
};

const changeWords: Readonly<Record<StaleReason, string>> = {
  number: "a number in it has changed",
  date: "a date in it has changed",
  name: "a name in it has changed",
  negation: "a negation was put in or taken out",
  quotation: "the quoted words have changed",
  words: "its words have changed",
  context: "the sentence around it has changed",
};

function staleSentence(words: string, freshness: Freshness, verdict: Claim["verdict"]): string {
  const as = verdict ? verdictWords[verdict.verdict] : "checked";
  if (verdict?.replacement && fold(verdict.replacement) === fold(words)) {
    return `${quoted(words)} now reads as the checker proposed; a verdict has to confirm it.`;
  }
  if (freshness.reason === "context" || !verdict) {
    return `${quoted(words)} was ${as}, but since then ${changeWords[freshness.reason ?? "context"]}.`;
  }
  const change = changeWords[freshness.reason ?? "words"];
  return `${quoted(verdict.words)} was ${as}; now it reads ${quoted(words)}: ${change}.`;
}

/** Never blank, so that a changed cause is seen; parts cannot run into one another. */
const causeOf = (...parts: readonly string[]) => JSON.stringify(parts);

function verdictBlocker(claim: CheckedClaim, verdict: NonNullable<Claim["verdict"]>): Found | undefined {
  const words = quoted(claim.anchor.words);
  const cause = causeOf(verdict.id);
  switch (verdict.verdict) {
    case "false":
      return { rule: "false", cause, sentence: `${words} was found to be false.` };
    case "disputed":
      return { rule: "disputed", cause, sentence: `${words} was found to be disputed.` };
    case "unverifiable":
      return { rule: "unverifiable", cause, sentence: `${words} could not be verified.` };
    case "verified_if_changed":
      return {
        rule: "verified-if-changed",
        cause,
        sentence: `${words} is verified only if it reads ${quoted(verdict.replacement ?? "")}.`,
      };
    case "verified":
    case "attributed":
    case "not_checkable":
      return undefined;
  }
}

function evidenceBlocker(claim: CheckedClaim, verdict: NonNullable<Claim["verdict"]>): Found | undefined {
  const missing = needsEvidence(verdict.verdict) ? evidenceMissing(claim) : null;
  if (!missing) return undefined;
  const weighed = claim.evidence.filter((one) => one.relation !== "context").map((one) => one.id);
  return {
    rule: "evidence",
    cause: causeOf(verdict.id, missing, ...weighed.toSorted()),
    sentence: `${quoted(claim.anchor.words)} was ${verdictWords[verdict.verdict]}, but needs ${needWords[missing]}.`,
  };
}

function found(claim: CheckedClaim): readonly (Found | undefined)[] {
  const { freshness, verdict } = claim;
  const words = quoted(claim.anchor.words);
  switch (freshness.state) {
    case "orphaned":
      return [
        {
          rule: "orphaned",
          cause: causeOf(verdict?.id ?? ""),
          sentence: `${words} is gone from the text: find it again, or remove the claim.`,
        },
      ];
    case "unchecked":
      return [{ rule: "unchecked", cause: causeOf(), sentence: `${words} has not been checked.` }];
    case "stale":
    case "expired":
      return [
        {
          rule: "stale",
          cause: causeOf(verdict?.id ?? "", freshness.reason ?? "", fold(freshness.now ?? "")),
          sentence: staleSentence(claim.anchor.words, freshness, verdict),
        },
        verdict ? evidenceBlocker(claim, verdict) : undefined,
      ];
    case "current":
    case "cosmetic":
      return verdict ? [verdictBlocker(claim, verdict), evidenceBlocker(claim, verdict)] : [];
  }
}

/**
 * The blockers of one claim, waived ones too (with `waived` true). While a verdict is stale it does not block by
 * what it said about other words; the sentence says what it said.
 */
export function claimBlockers(claim: CheckedClaim): readonly ClaimBlocker[] {
  const foldedWords = fold(claim.anchor.words);
  const asked = waiversAsked(claim.importance);
  return found(claim)
    .filter((one) => one !== undefined)
    .map((one) => {
      const given = waiversHolding(claim, { rule: one.rule, foldedWords, cause: one.cause }).length;
      return {
        ...one,
        claimId: claim.id,
        quote: claim.anchor.words,
        foldedWords,
        waiversGiven: given,
        waiversAsked: asked,
        waived: given >= asked,
      };
    });
}
