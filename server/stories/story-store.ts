/** The SQL of stories that nobody else asks. */
export {
  lockStory,
  noteWriter,
  saveStoryText,
  setStatus,
  storyFacts,
  touchStory,
  type KnownStory,
  type LockedStory,
} from "./story-row";
