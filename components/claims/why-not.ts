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

/** [BO8] What is said to one of the authors of words that are to be judged. */
export function whoseWords(
  authors: readonly { readonly id: string; readonly name: string }[],
  personId: string,
): string {
  const others = authors.filter(({ id }) => id !== personId).map(({ name }) => name);
  const names = others.length > 0 ? `${others.join(", ")} and you` : "You";
  return `${names} wrote these words, so somebody else has to judge them.`;
}

/** What the screen says beside a button that is greyed. */
export function whyNot(refused: JudgeRefusal | MissingRight | OfClaims): string {
  return isOfClaims(refused) ? claimSentence(refused) : rightSentence(refused);
}
