/**
 * [GT3] Evidence policy, default: a critical claim of kind number, event or allegation needs one document, recording
 * or dataset of reliability A or B, or two sources of different origin; a quote of any importance needs a recording,
 * a document (transcript), or a named person or spokesperson (confirmation); every other critical claim needs one
 * source. Only evidence with relation `supports` counts.
 *
 * Verdicts `not_checkable` and `attributed` need none. Verdicts that block by themselves (`false`, `disputed`,
 * `unverifiable`) are not asked for support either: there is nothing to support.
 */
import { fold } from "../body/fold";
import type { Claim, Source, VerdictKind } from "./claim";

/** What a claim's evidence has to hold: in order of the policy. */
export type EvidenceNeed = "strong-or-two" | "quote" | "one";

const strongKinds = ["number", "event", "allegation"];
const strongTypes = ["document", "recording", "dataset"];
const quoteTypes = ["recording", "document", "named_person", "spokesperson"];

/** What this claim needs by kind and importance; null when it needs none. */
export function evidenceNeed(claim: Pick<Claim, "kind" | "importance">): EvidenceNeed | null {
  if (claim.kind === "quote") return "quote";
  if (claim.importance !== "critical") return null;
  return strongKinds.includes(claim.kind) ? "strong-or-two" : "one";
}

/** Does this verdict vouch for the words, so that it has to rest on evidence? */
export function needsEvidence(verdict: VerdictKind): boolean {
  return verdict === "verified" || verdict === "verified_if_changed";
}

/** Five outlets quoting one agency are one origin; a source without an origin is its own, by its name. */
export function originOf(source: Pick<Source, "name" | "origin">): string {
  return fold(source.origin ?? source.name)
    .trim()
    .toLowerCase();
}

const isStrong = (source: Source) =>
  strongTypes.includes(source.type) && (source.reliability === "A" || source.reliability === "B");

/** The need that the claim's supporting evidence leaves open; null when the policy is met. */
export function evidenceMissing(claim: Pick<Claim, "kind" | "importance" | "evidence">): EvidenceNeed | null {
  const need = evidenceNeed(claim);
  const sources = claim.evidence.filter((one) => one.relation === "supports").map((one) => one.source);
  const met = {
    "strong-or-two": () => sources.some(isStrong) || new Set(sources.map(originOf)).size >= 2,
    quote: () => sources.some((source) => quoteTypes.includes(source.type)),
    one: () => sources.length > 0,
  };
  return need === null || met[need]() ? null : need;
}

/** Finishes the sentence "… needs". */
export const needWords: Readonly<Record<EvidenceNeed, string>> = {
  "strong-or-two":
    "a document, recording or dataset of reliability A or B, or two sources of different origin",
  quote: "a recording, a transcript, or the confirmation of a named person or spokesperson",
  one: "a source that supports it",
};
