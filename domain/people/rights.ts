/**
 * Who may what. The one table of rights; the server asks it at every door, the screen to grey a button.
 *
 * [PE1] "Wrote" follows the person, not the role they had then. A right is asked of one function with person, act
 * and object; a refusal names the right that is missing and changes nothing.
 * [PE5] There is always one active admin (kept by the people operations).
 */
import type { Person } from "./person";
import type { Refusal } from "../refusal";

/** What the rights need to know of a story. */
export type StoryFacts = {
  readonly status: "draft" | "checking" | "approved" | "published" | "spiked";
  readonly private: boolean;
  readonly startedBy: string;
  /** Person ids named on the story. */
  readonly people: readonly string[];
  /** Person ids who wrote in its text, or removed words from it. */
  readonly writers: readonly string[];
};

/** What the rights need to know of a claim. */
export type ClaimFacts = {
  readonly markedBy: string;
  /** Somebody other than who marked it has judged it, commented or added evidence. */
  readonly touchedByOthers: boolean;
};

export type StoryAct =
  | "read-story"
  | "write-text"
  | "edit-details"
  | "mark-claim"
  | "comment"
  | "add-evidence"
  | "assign"
  | "judge"
  | "waive"
  | "send-to-checking"
  | "send-back"
  | "approve"
  | "withdraw-approval"
  | "publish"
  | "spike"
  | "revive"
  | "restore-version"
  | "set-privacy"
  | "read-story-record";
export type ClaimAct = "remove-claim" | "lower-importance" | "change-kind" | "change-words";
export type NewsroomAct = "start-story" | "manage-people" | "read-newsroom-record";
export type Act = StoryAct | ClaimAct | NewsroomAct;

/** The words of a missing right; `problems` sentences for them stand in `right-sentences.ts`. */
export type MissingRight =
  | "not-visible"
  | `may-not-${Act}`
  | "wrote-in-it"
  | "wrote-these-words"
  | "only-writer"
  | "not-your-claim"
  | "touched-by-others"
  | "published-is-read-only";

type Answer = true | Refusal<MissingRight>;

const writes = (person: Person) => person.role === "reporter" || person.role === "editor";
const works = (person: Person) => person.role !== "admin";

/** May this person do this newsroom-wide act? */
export function mayInNewsroom(person: Person, act: NewsroomAct): Answer {
  switch (act) {
    case "start-story":
      return writes(person) || { refused: "may-not-start-story" };
    case "manage-people":
      return person.role === "admin" || { refused: "may-not-manage-people" };
    case "read-newsroom-record":
      return person.role === "editor" || { refused: "may-not-read-newsroom-record" };
  }
}

/** Is the story there for this person? Everything else about it asks this first; the answer to "no" is 404. */
export function maySee(person: Person, story: StoryFacts): boolean {
  const named = story.people.includes(person.id) || story.startedBy === person.id;
  switch (person.role) {
    case "editor":
      return true;
    case "admin":
      return story.people.includes(person.id);
    case "reporter":
    case "checker":
      return !story.private || named;
  }
}

/**
 * [PE1] May this person do this act on this story? `not-visible` when they may not even know of it.
 * The workflow's own conditions (from which status, open gate) are not rights: `domain/workflow/moves.ts`.
 */
export function mayOnStory(person: Person, act: StoryAct, story: StoryFacts): Answer {
  if (!maySee(person, story)) return { refused: "not-visible" };
  const isEditor = person.role === "editor";
  const missing = { refused: `may-not-${act}` } as const;
  switch (act) {
    case "read-story":
      return true;
    case "write-text":
    case "edit-details":
    case "restore-version":
      if (!writes(person)) return missing;
      return story.status !== "published" || { refused: "published-is-read-only" };
    case "mark-claim":
    case "comment":
    case "add-evidence":
    case "assign":
    case "send-to-checking":
    case "read-story-record":
      return works(person) || missing;
    case "judge":
      if (!works(person)) return missing;
      return person.role !== "reporter" || !story.writers.includes(person.id) || { refused: "wrote-in-it" };
    case "send-back":
      return isEditor || (person.role === "checker" && story.status === "checking") || missing;
    case "approve":
      if (!isEditor) return missing;
      return story.writers.some((writer) => writer !== person.id) || { refused: "only-writer" };
    case "waive":
    case "withdraw-approval":
    case "publish":
    case "spike":
    case "revive":
      return isEditor || missing;
    case "set-privacy":
      return isEditor || (person.role === "reporter" && story.startedBy === person.id) || missing;
  }
}

/**
 * [PE1][BO8] May this person give a verdict on words of the story? A reporter never in a story they wrote in; checkers and
 * editors not on words that they wrote or changed. `authors`: person ids of everybody who wrote a letter of them.
 */
export function mayJudgeWords(person: Person, story: StoryFacts, authors: readonly string[]): Answer {
  const may = mayOnStory(person, "judge", story);
  if (may !== true) return may;
  return !authors.includes(person.id) || { refused: "wrote-these-words" };
}

/**
 * [PE1][CL5] May this person remove the claim, lower its importance, change its kind or its words?
 * A reporter only their own while nobody else has judged it or added to it; checkers and editors with a reason,
 * which `asksReason` says.
 */
export function mayOnClaim(person: Person, act: ClaimAct, story: StoryFacts, claim: ClaimFacts): Answer {
  if (!maySee(person, story)) return { refused: "not-visible" };
  switch (person.role) {
    case "admin":
      return { refused: `may-not-${act}` };
    case "checker":
    case "editor":
      return true;
    case "reporter":
      if (claim.markedBy !== person.id) return { refused: "not-your-claim" };
      return !claim.touchedByOthers || { refused: "touched-by-others" };
  }
}

/** [CL5] Checkers and editors give a reason where a reporter takes back their own. */
export function asksReason(person: Person): boolean {
  return person.role === "checker" || person.role === "editor";
}
