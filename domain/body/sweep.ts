/**
 * [BO9] A sweeping change: more than half of a story of 50 words or more gone within two seconds of one person's
 * edits. It is not refused; a version of what stood before is kept.
 */
import type { StoryContent } from "./content";

export const sweepWindowMs = 2000;
const leastWords = 50;

/** Words that one person's edit took away, and how the story stood before it. */
export type Removal = {
  readonly personId: string;
  readonly atMs: number;
  readonly words: number;
  readonly before: { readonly content: StoryContent; readonly words: number; readonly logSeq: number };
};

/**
 * How the story stood before this person swept it, from the removals of the last two seconds, oldest first;
 * undefined when it is no sweep. Words that were moved are not gone.
 */
export function sweepBy(
  personId: string,
  removals: readonly Removal[],
  now: { readonly atMs: number; readonly words: number },
): Removal["before"] | undefined {
  const theirs = removals.filter(
    (removal) => removal.personId === personId && removal.atMs > now.atMs - sweepWindowMs,
  );
  const before = theirs[0]?.before;
  if (!before || before.words < leastWords) return undefined;
  const removed = theirs.reduce((sum, removal) => sum + removal.words, 0);
  const gone = Math.min(removed, before.words - now.words);
  return gone > before.words / 2 ? before : undefined;
}
