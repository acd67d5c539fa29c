import type { Halt } from "./story-socket";

export type Offer = {
  readonly title: string;
  readonly sentence: string;
  /** [BO11] The changes may be sent as they are, if the person says so. */
  readonly maySend: boolean;
  /** A fresh text may take this one's place. */
  readonly mayGoOn: boolean;
};

/** What is said, and offered, when the text can no longer be kept in step. `denied`: the right to write is gone. */
export function offerFor(why: Halt | "denied"): Offer {
  switch (why) {
    case "session-over":
      return {
        title: "You are signed out",
        sentence: "Sign in again, here or in another tab; then what you wrote can be sent.",
        maySend: false,
        mayGoOn: false,
      };
    case "not-visible":
      return {
        title: "This story is no longer open to you",
        sentence: "It was made private, or you are no longer named on it.",
        maySend: false,
        mayGoOn: false,
      };
    case "write-returned":
      return {
        title: "You may write in this story again",
        sentence: "What you wrote while you might not is only on this device.",
        maySend: true,
        mayGoOn: true,
      };
    case "moved-on":
      return {
        title: "The story moved on while you were away",
        sentence:
          "It was restored, approved or published, or you may no longer write in it. Your changes were not put into it.",
        maySend: true,
        mayGoOn: true,
      };
    case "other-epoch":
      return {
        title: "The newsroom was restored from a backup",
        sentence: "Your changes belong to the text before that and cannot be merged. Copy what you need.",
        maySend: false,
        mayGoOn: true,
      };
    case "refused":
      return {
        title: "The server could not take your last change",
        sentence:
          "Something typed or pasted here cannot stand in a story. Copy the words, go on, and put them in as plain text.",
        maySend: false,
        mayGoOn: true,
      };
    case "too-large":
      return {
        title: "That is too much at once",
        sentence:
          "The last change is larger than the server takes. Copy the words, go on, and put them in piece by piece.",
        maySend: false,
        mayGoOn: true,
      };
    case "denied":
      return {
        title: "Your last changes were not taken",
        sentence:
          "You may not, or no longer, write in this story, or this page is older than the server. Copy what you need.",
        maySend: false,
        mayGoOn: true,
      };
  }
}
