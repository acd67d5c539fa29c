import { claimSentence, type ClaimRefusal } from "@/domain/claims/claim-sentences";
import type { JudgeRefusal } from "@/domain/claims/judge";
import { rightSentence } from "@/domain/people/right-sentences";
import type { MissingRight } from "@/domain/people/rights";

const ofClaims = [
  "claim-removed",
  "words-gone",
  "words-changed",
  "needs-replacement",
  "needs-rationale",
  "needs-reason",
] as const;
type OfClaims = (typeof ofClaims)[number] & ClaimRefusal;
const isOfClaims = (refused: string): refused is OfClaims =>
  (ofClaims as readonly string[]).includes(refused);

/** What the screen says beside a button that is greyed. */
export function whyNot(refused: JudgeRefusal | MissingRight | OfClaims): string {
  return isOfClaims(refused) ? claimSentence(refused) : rightSentence(refused);
}
