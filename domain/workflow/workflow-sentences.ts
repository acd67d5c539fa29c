/** A sentence for every "no" that a person can meet when moving a story, beside the missing rights. */
export type WorkflowRefusal =
  "not-from-here" | "gate-closed" | "text-changed" | "needs-reason" | "needs-content-hash";

const sentences: Readonly<Record<WorkflowRefusal, string>> = {
  "not-from-here": "The story is not where this step starts: it has been moved meanwhile.",
  "gate-closed": "The story is not ready yet: something still blocks it.",
  "text-changed": "The text has changed since you looked at it: read it again first.",
  "needs-reason": "This step asks for a reason.",
  "needs-content-hash": "This step asks for the content hash of the text that you saw.",
};

/** What to tell the person. */
export function workflowSentence(refused: WorkflowRefusal): string {
  return sentences[refused];
}
