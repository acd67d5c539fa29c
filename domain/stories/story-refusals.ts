/** The expected noes about stories, with the sentence that is said on screen. */
export const storyRefusals = {
  "no-such-story": "There is no such story.",
  "slug-taken": "Another story has this slug. Choose another one.",
  "slug-frozen": "The story is published: its address does not change any more.",
  "no-such-person": "One of the people named on the story is not known here.",
} as const satisfies Readonly<Record<string, string>>;

export type StoryRefusal = keyof typeof storyRefusals;
