/** How the refusals about stories are said over HTTP. What a person may not see is not there: the same 404. */
import type { MissingRight } from "@/domain/people/rights";
import { rightSentence } from "@/domain/people/right-sentences";
import { storyRefusals, type StoryRefusal } from "@/domain/stories/story-refusals";
import type { Problem } from "../http/problem";

const statusOf = {
  "no-such-story": 404,
  "slug-taken": 409,
  "slug-frozen": 409,
  "no-such-person": 422,
} as const satisfies Readonly<Record<StoryRefusal, number>>;

export function storyProblem(refused: StoryRefusal | MissingRight): Problem {
  if (refused in statusOf) {
    const word = refused as StoryRefusal;
    return { status: statusOf[word], code: word, sentence: storyRefusals[word] };
  }
  return rightProblem(refused as MissingRight);
}

/** A missing right on a story: 403 with its word; 409 where the story's state and no right stands against it. */
export function rightProblem(missing: MissingRight): Problem {
  if (missing === "not-visible") return storyProblem("no-such-story");
  const status = missing === "published-is-read-only" ? 409 : 403;
  return { status, code: missing, sentence: rightSentence(missing) };
}
