/** How the refusals of moves are said over HTTP. */
import type { MissingRight } from "@/domain/people/rights";
import { workflowSentence, type WorkflowRefusal } from "@/domain/workflow/workflow-sentences";
import type { Problem } from "../http/problem";
import { storyProblem } from "../stories/story-problems";

const statusOf = {
  "not-from-here": 409,
  "gate-closed": 409,
  "text-changed": 409,
  "needs-reason": 422,
  "needs-content-hash": 422,
} as const satisfies Readonly<Record<WorkflowRefusal, number>>;

export function workflowProblem(refused: WorkflowRefusal | MissingRight | "no-such-story"): Problem {
  if (!(refused in statusOf)) return storyProblem(refused as MissingRight | "no-such-story");
  const word = refused as WorkflowRefusal;
  return { status: statusOf[word], code: word, sentence: workflowSentence(word) };
}
