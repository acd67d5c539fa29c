import type { StoryFacts } from "../people/rights";
import type { Story } from "./story";

/** What the rights need to know, from a story as the screen has it. */
export function storyFactsOf(story: Story): StoryFacts {
  return {
    status: story.status,
    private: story.private,
    startedBy: story.startedBy.id,
    people: story.people.map(({ id }) => id),
    writers: story.authors.map(({ id }) => id),
  };
}
