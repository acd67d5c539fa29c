/** How a claim shows: underline, icon and word together, never colour alone. */
import type { Claim, Importance, Kind, Relation, SourceType, VerdictKind } from "@/domain/claims/claim";

export const claimLooks = [
  "unchecked",
  "checked",
  "stale",
  "orphaned",
  "wrong",
  "attention",
  "waived",
] as const;
export type ClaimLook = (typeof claimLooks)[number];

export const verdictWords: Readonly<Record<VerdictKind, string>> = {
  verified: "Verified",
  verified_if_changed: "Verified if changed",
  attributed: "Attributed",
  disputed: "Disputed",
  unverifiable: "Unverifiable",
  false: "False",
  not_checkable: "Not checkable",
};

export const kindWords: Readonly<Record<Kind, string>> = {
  number: "Number",
  date_time: "Date or time",
  quote: "Quote",
  name_title: "Name or title",
  place: "Place",
  event: "Event",
  attribution: "Attribution",
  allegation: "Allegation",
  other: "Other",
};

export const importanceWords: Readonly<Record<Importance, string>> = {
  critical: "Critical",
  normal: "Normal",
  low: "Low",
};

export const sourceTypeWords: Readonly<Record<SourceType, string>> = {
  document: "Document",
  recording: "Recording",
  dataset: "Dataset",
  named_person: "Named person",
  spokesperson: "Spokesperson",
  anonymous: "Anonymous source",
  agency: "News agency",
  media: "Other media",
  social: "Social media",
  imagery: "Imagery",
  expert: "Expert",
};

export const relationWords: Readonly<Record<Relation, string>> = {
  supports: "Supports",
  contradicts: "Contradicts",
  context: "Context",
};

/** The look of a claim: what is the matter with it comes before what was found. */
export function lookOf(claim: Pick<Claim, "freshness" | "progress" | "verdict">): ClaimLook {
  if (claim.freshness.state === "orphaned") return "orphaned";
  if (claim.progress === "waived") return "waived";
  if (claim.freshness.state === "unchecked") return "unchecked";
  if (claim.freshness.state === "stale" || claim.freshness.state === "expired") return "stale";
  if (claim.progress === "checked") return "checked";
  switch (claim.verdict?.verdict) {
    case "false":
    case "disputed":
    case "unverifiable":
    case "verified_if_changed":
      return "wrong";
    case "verified":
    case "attributed":
    case "not_checkable":
    case undefined:
      return "attention";
  }
}

/** The word beside the icon. */
export function lookWord(claim: Pick<Claim, "freshness" | "progress" | "verdict">): string {
  const verdict = claim.verdict ? verdictWords[claim.verdict.verdict] : "Unchecked";
  switch (lookOf(claim)) {
    case "orphaned":
      return "Words gone";
    case "stale":
      return claim.freshness.state === "expired" ? "Expired" : "Stale";
    case "waived":
      return `${verdict}, waived`;
    case "attention":
      return `${verdict}, evidence missing`;
    case "unchecked":
    case "checked":
    case "wrong":
      return verdict;
  }
}
