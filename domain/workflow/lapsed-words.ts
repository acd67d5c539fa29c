/** [WF2] The words that made an approval lapse: what stood there and what stands there now. */
import { fields } from "../body/anchor-state";
import { canonicalContent, plainText, type StoryContent } from "../body/content";
import type { HashedContent } from "../body/content-hash";
import { shortened } from "../claims/words-quoted";

/** A word with the punctuation inside it (`4,600`, `o'clock`), or one other character. */
const token = /[\p{L}\p{N}\p{M}]+(?:[.,:'’-][\p{L}\p{N}\p{M}]+)*|\s+|[^\p{L}\p{N}\p{M}\s]/gu;

const short = (words: string) => shortened(words, 200);

const isBlank = (tokens: readonly string[]) => tokens.join("").trim() === "";

/**
 * What differs between two texts, in whole words: from the first difference to the last. Where one side has no words
 * (something was put in or taken out), the words next to it are told too, so that the place can be found.
 */
export function wordsBetween(before: string, after: string): { readonly was: string; readonly now: string } {
  const a = before.match(token) ?? [];
  const b = after.match(token) ?? [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  if (isBlank(a.slice(start, endA)) || isBlank(b.slice(start, endB))) {
    const before = wordsUpTo(a, start);
    const after = wordsFrom(a, endA) - endA;
    start -= before;
    endA += after;
    endB += after;
  }
  return { was: short(a.slice(start, endA).join("")), now: short(b.slice(start, endB).join("")) };
}

const isWord = (token: string | undefined) => token !== undefined && /[\p{L}\p{N}]/u.test(token);

/** How many tokens before this one reach back over the nearest word of the same paragraph. */
function wordsUpTo(tokens: readonly string[], index: number): number {
  for (let at = index - 1; at >= 0 && !tokens[at]?.includes("\n"); at -= 1) {
    if (isWord(tokens[at])) return index - at;
  }
  return 0;
}

/** The index behind the nearest word from this one on, within the same paragraph. */
function wordsFrom(tokens: readonly string[], index: number): number {
  for (let at = index; at < tokens.length && !tokens[at]?.includes("\n"); at += 1) {
    if (isWord(tokens[at])) return at + 1;
  }
  return index;
}

/** What was approved, part by part: the name that a reader knows, and its words. */
const parts = [
  { name: "headline", text: ({ content }: HashedContent) => plainText(content.headline) },
  { name: "standfirst", text: ({ content }: HashedContent) => plainText(content.standfirst) },
  { name: "text", text: ({ content }: HashedContent) => plainText(content.body) },
  {
    name: "dateline",
    text: ({ dateline }: HashedContent) => [dateline.place, dateline.date].filter(Boolean).join(", "),
  },
  { name: "byline", text: ({ byline }: HashedContent) => byline.join(", ") },
] as const;

/** The words of the first block that differs in any way (formatting, a link, its kind). */
function reformed(before: StoryContent, after: StoryContent): string {
  for (const field of fields) {
    const old = before[field].map((node) => JSON.stringify(node));
    const at = after[field].findIndex((node, index) => JSON.stringify(node) !== old[index]);
    const block = after[field][at];
    if (block) return short(plainText([block]));
  }
  return "";
}

export type LapsedWords = {
  /** Which part of the story: `headline`, `standfirst`, `text`, `dateline`, `byline`. */
  readonly part: (typeof parts)[number]["name"];
  readonly was: string;
  readonly now: string;
};

/** The words that made the content hash another; both sides are the same words when only their form differs. */
export function lapsedWords(before: HashedContent, after: HashedContent): LapsedWords {
  const reworded = parts.find((part) => part.text(before) !== part.text(after));
  if (reworded) return { part: reworded.name, ...wordsBetween(reworded.text(before), reworded.text(after)) };
  const words = reformed(canonicalContent(before.content), canonicalContent(after.content));
  return { part: "text", was: words, now: words };
}
