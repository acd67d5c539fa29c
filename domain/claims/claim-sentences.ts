/** A sentence for every "no" that a person can meet on a claim, beside the missing rights. */
export type ClaimRefusal =
  | "no-such-claim"
  | "claim-removed"
  | "needs-reason"
  | "needs-rationale"
  | "needs-replacement"
  | "words-gone"
  | "words-changed"
  | "quote-not-found"
  | "quote-ambiguous"
  | "no-words"
  | "no-such-comment"
  | "not-assignable"
  | "never-waived"
  | "nothing-to-waive"
  | "already-waived";

const sentences: Readonly<Record<ClaimRefusal, string>> = {
  "no-such-claim": "There is no such claim.",
  "claim-removed": "This claim has been removed.",
  "needs-reason": "This asks for a reason.",
  "needs-rationale": "This verdict has to say why: add a rationale.",
  "needs-replacement": "This verdict has to say how the words should read: add replacement words.",
  "words-gone": "The words of this claim are gone from the text: find them again first.",
  "words-changed": "The words of this claim have just changed: look at them again.",
  "quote-not-found": "These words are not in this part of the text.",
  "quote-ambiguous": "These words stand there more than once: say more of what stands around them.",
  "no-words": "A claim needs words with at least one letter or digit.",
  "no-such-comment": "The comment that this answers is not on this claim.",
  "not-assignable": "There is no such colleague, or they may not see this story.",
  "never-waived": "This rule is never waived.",
  "nothing-to-waive": "Nothing about this claim blocks by that rule now.",
  "already-waived": "You have waived this already; on a critical claim another editor has to do so too.",
};

/** What to tell the person. */
export function claimSentence(refused: ClaimRefusal): string {
  return sentences[refused];
}
