import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Dateline } from "../stories/story";
import { canonicalContent, type StoryContent } from "./content";

/** Everything that an approval is about. */
export type HashedContent = {
  readonly content: StoryContent;
  readonly dateline: Dateline;
  readonly byline: readonly string[];
};

/**
 * [BO13] SHA-256, in hex, of headline, standfirst, body, dateline and byline; not of block ids. An empty field and
 * one empty paragraph are the same; so is JSON whose keys the store has put in another order.
 */
export function contentHash({ content, dateline, byline }: HashedContent): string {
  const { headline, standfirst, body } = canonicalContent(content);
  const canonical = [headline.map(ordered), standfirst.map(ordered), body.map(ordered)];
  const text = JSON.stringify([...canonical, [dateline.place, dateline.date], byline]);
  return bytesToHex(sha256(utf8ToBytes(text)));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, ordered(inner)]),
  );
}
