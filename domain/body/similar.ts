/** How alike two folded texts are. */

/** The share of letters that two texts begin with alike, from the end when `fromEnd`; 1 when `wanted` is empty. */
export function sharedShare(wanted: string, found: string, fromEnd: boolean): number {
  if (wanted === "") return 1;
  const most = Math.min(wanted.length, found.length);
  let shared = 0;
  while (
    shared < most &&
    (fromEnd
      ? wanted[wanted.length - 1 - shared] === found[found.length - 1 - shared]
      : wanted[shared] === found[shared])
  )
    shared += 1;
  return shared / wanted.length;
}

/** 1 for equal texts, 0 for texts without a letter in common: edit distance as a share of the longer one. */
export function similarity(a: string, b: string): number {
  const longest = Math.max(a.length, b.length);
  return longest === 0 ? 1 : 1 - editDistance(a, b) / longest;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** [AN1] Other words in the same place are still that claim's when more than half of them is the same. */
export function isSimilar(quote: string, words: string): boolean {
  if (words.length > 3 * quote.length + 20 || quote.length > 8 * words.length) return false;
  if (quote.length > 1000 || words.length > 1000)
    return sharedShare(quote, words, false) + sharedShare(quote, words, true) > 0.5;
  return similarity(quote, words) >= 0.5;
}
