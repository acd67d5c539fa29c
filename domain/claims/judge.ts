/**
 * Giving a verdict.
 *
 * [CL2] Verdicts are appended, never altered; the newest stands. Over another person's standing verdict a rationale
 * is demanded.
 * [CL3] `verified_if_changed` demands replacement words; `attributed`, `disputed`, `false` and `unverifiable` demand
 * a rationale. A verdict may be given without evidence: the gate asks for that.
 */
import { fold } from "../body/fold";
import type { Person } from "../people/person";
import { mayJudgeWords, type MissingRight, type StoryFacts } from "../people/rights";
import type { Refusal } from "../refusal";
import type { Claim, VerdictGiven, VerdictKind } from "./claim";

export type JudgeRefusal =
  MissingRight | "claim-removed" | "words-gone" | "words-changed" | "needs-replacement" | "needs-rationale";

const sayWhy: readonly VerdictKind[] = ["attributed", "disputed", "false", "unverifiable"];

/** Has this verdict to say why? Always over a colleague's standing one. */
export function needsRationale(
  verdict: VerdictKind,
  standing: { readonly by: { readonly id: string } } | null,
  person: Pick<Person, "id">,
): boolean {
  return sayWhy.includes(verdict) || (standing !== null && standing.by.id !== person.id);
}

/** Has this verdict to say how the words should read? */
export function needsReplacement(verdict: VerdictKind): boolean {
  return verdict === "verified_if_changed";
}

/** May this person give a verdict on the claim at all? What the buttons ask. */
export function mayJudge(
  person: Person,
  story: StoryFacts,
  claim: Pick<Claim, "removed" | "authors"> & { readonly anchor: Pick<Claim["anchor"], "state"> },
): true | Refusal<JudgeRefusal> {
  const authors = claim.authors.map(({ id }) => id);
  const right = mayJudgeWords(person, story, authors);
  if (right !== true) return right;
  if (claim.removed) return { refused: "claim-removed" };
  if (claim.anchor.state === "orphaned") return { refused: "words-gone" };
  return true;
}

/** A verdict that may be appended, or what it lacks. `words` is what stands there now: that is what is judged. */
export function judge(
  person: Person,
  story: StoryFacts,
  claim: Pick<Claim, "removed" | "verdict" | "authors"> & {
    readonly anchor: Pick<Claim["anchor"], "state" | "words">;
  },
  given: VerdictGiven,
):
  | {
      readonly verdict: VerdictKind;
      readonly rationale: string | null;
      readonly replacement: string | null;
      readonly words: string;
    }
  | Refusal<JudgeRefusal> {
  const may = mayJudge(person, story, claim);
  if (may !== true) return may;
  if (given.words !== undefined && fold(given.words) !== fold(claim.anchor.words)) {
    return { refused: "words-changed" };
  }
  if (needsReplacement(given.verdict) && !given.replacement) return { refused: "needs-replacement" };
  if (needsRationale(given.verdict, claim.verdict, person) && !given.rationale) {
    return { refused: "needs-rationale" };
  }
  return {
    verdict: given.verdict,
    rationale: given.rationale ?? null,
    replacement: needsReplacement(given.verdict) ? (given.replacement ?? null) : null,
    words: claim.anchor.words,
  };
}
