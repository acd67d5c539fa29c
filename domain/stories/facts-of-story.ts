import type { StoryFacts } from "../people/rights";
import type { Story } from "./story";

/** What the rights need to know of a story, from what the screen was told of it. */
export function factsOfStory(
  story: Pick<Story, "status" | "private" | "startedBy" | "people" | "authors">,
): StoryFacts {
  return {
    status: story.status,
    private: story.private,
    startedBy: story.startedBy.id,
    people: story.people.map((person) => person.id),
    writers: story.authors.map((person) => person.id),
  };
}
