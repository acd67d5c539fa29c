/** How the refusals about claims are said over HTTP. What a person may not see is not there: the same 404. */
import { claimSentence, type ClaimRefusal } from "@/domain/claims/claim-sentences";
import type { MissingRight } from "@/domain/people/rights";
import type { Problem } from "../http/problem";
import { rightProblem } from "../stories/story-problems";

const statusOf = {
  "no-such-claim": 404,
  "claim-removed": 409,
  "needs-reason": 422,
  "needs-rationale": 422,
  "needs-replacement": 422,
  "words-gone": 409,
  "words-changed": 409,
  "quote-not-found": 409,
  "quote-ambiguous": 409,
  "no-words": 422,
  "no-such-comment": 422,
  "not-assignable": 422,
  "never-waived": 422,
  "nothing-to-waive": 409,
  "already-waived": 409,
} as const satisfies Readonly<Record<ClaimRefusal, number>>;

export function claimProblem(refused: ClaimRefusal | MissingRight): Problem {
  if (!(refused in statusOf)) return rightProblem(refused as MissingRight);
  const word = refused as ClaimRefusal;
  return { status: statusOf[word], code: word, sentence: claimSentence(word) };
}
