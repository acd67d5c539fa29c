/**
 * [BO9] A sweeping change: more than half of a story of 50 words or more gone within two seconds of one person's
 * edits. It is not refused; a version of what stood before is kept.
 */
import { wordCount } from "./word-count";

export const sweepWindowMs = 2000;
const leastWords = 50;

/** How many words an edit took away, from all the pieces that it did: letters taken away one by one are no words. */
export function removedWordCount(pieces: string): number {
  return pieces === "" ? 0 : Math.min(wordCount(pieces), Math.ceil(pieces.length / 3));
}

/** Words that one person's edit took away, and the text's log number before it. */
export type Removal = {
  readonly personId: string;
  readonly atMs: number;
  readonly words: number;
  readonly logSeq: number;
};

/** What this person took away within the last two seconds, and the log number before the first of it. */
export function removedLately(
  personId: string,
  removals: readonly Removal[],
  nowMs: number,
): Pick<Removal, "words" | "logSeq"> | undefined {
  const theirs = removals.filter(
    (removal) => removal.personId === personId && removal.atMs > nowMs - sweepWindowMs,
  );
  const [first] = theirs;
  return first && { words: theirs.reduce((sum, { words }) => sum + words, 0), logSeq: first.logSeq };
}

/** Is so much gone, of a story that lately had so many words, that the text before and after is worth comparing? */
export function mayBeSweep(removedWords: number, wordsLately = 0): boolean {
  return removedWords > Math.max(leastWords / 2, wordsLately / 4);
}

/** Word counts of the whole story. Words that were moved are not gone. */
export function isSweep({
  removed,
  before,
  now,
}: {
  readonly removed: number;
  readonly before: number;
  readonly now: number;
}): boolean {
  return before >= leastWords && Math.min(removed, before - now) > before / 2;
}
