/**
 * An expected "no", as a value: a word that programs test and the screen has a sentence for.
 * A bug throws instead.
 */
export type Refusal<Word extends string = string> = { readonly refused: Word };

/** True when an operation said no; narrows the answer to its refusal. */
export function isRefused<Answer>(answer: Answer): answer is Extract<Answer, Refusal> {
  return typeof answer === "object" && answer !== null && "refused" in answer;
}
