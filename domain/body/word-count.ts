const wordsAMinute = 230;

/** Words: what stands between white space and holds a letter or a digit. */
export function wordCount(text: string): number {
  let count = 0;
  for (const part of text.split(/\s+/)) if (/[\p{L}\p{N}]/u.test(part)) count += 1;
  return count;
}

/** How long a reader needs, in whole minutes; 0 for nothing to read. */
export function readingMinutes(words: number): number {
  return Math.ceil(words / wordsAMinute);
}
