/** How many words a change wrote and took away: counted where it happened, so that a key costs no look at the text. */
import * as Y from "yjs";
import type { Removed } from "./authorship";
import { wordCount } from "./word-count";

/** Words that are typed letter by letter are one word; a word that is changed is none. */
export type WordsChanged = { readonly written: number; readonly removed: number };

export const noWords: WordsChanged = { written: 0, removed: 0 };

/** Letters of a word that are looked at on either side, and steps that are taken to find them. */
const mostBeside = 64;
const mostSteps = 200;

/**
 * Of what a transaction added and removed: called before Yjs drops what was removed. What stands beside removed words is
 * what stood there before.
 */
export function wordsChanged(
  { doc, beforeState }: Y.Transaction,
  { added, removed }: { readonly added: readonly Removed[]; readonly removed: readonly Removed[] },
): WordsChanged {
  const isOld = ({ id }: Y.Item) => id.clock < (beforeState.get(id.client) ?? 0);
  const sum = (pieces: readonly Removed[], stands: (item: Y.Item) => boolean) =>
    pieces.reduce((words, piece) => words + wordsIn(doc, piece, stands), 0);
  return { written: sum(added, () => true), removed: sum(removed, isOld) };
}

/** By how many words the text beside is less without them. */
function wordsIn(doc: Y.Doc, { text, letters }: Removed, stands: (item: Y.Item) => boolean): number {
  const [first] = letters;
  const last = letters.at(-1);
  if (!first || !last) return 0;
  const left = beside(doc, { client: first.client, clock: first.clock, side: "left" }, stands);
  const end = { client: last.client, clock: last.clock + last.length - 1, side: "right" } as const;
  const right = beside(doc, end, stands);
  return Math.max(0, wordCount(`${left}${text}${right}`) - wordCount(`${left}${right}`));
}

/** What stands of a word next to this letter. */
function beside(
  doc: Y.Doc,
  {
    client,
    clock,
    side,
  }: { readonly client: number; readonly clock: number; readonly side: "left" | "right" },
  stands: (item: Y.Item) => boolean,
): string {
  const own = Y.getItem(doc.store, Y.createID(client, clock));
  if (!(own instanceof Y.Item)) return "";
  let found = !own.deleted ? restOf(own, clock, side) : "";
  let at = own[side];
  for (let step = 0; at && step < mostSteps; step += 1, at = at[side]) {
    if (found.length >= mostBeside || /\s/.test(found)) break;
    if (at.deleted || !at.countable || !stands(at)) continue;
    if (!(at.content instanceof Y.ContentString)) break;
    const { str } = at.content;
    found = side === "left" ? `${str.slice(-mostBeside)}${found}` : `${found}${str.slice(0, mostBeside)}`;
  }
  return (side === "left" ? /\S*$/ : /^\S*/).exec(found)?.[0] ?? "";
}

/** A letter may stand in the middle of what Yjs keeps as one. */
function restOf({ id, content }: Y.Item, clock: number, side: "left" | "right"): string {
  if (!(content instanceof Y.ContentString)) return "";
  const at = clock - id.clock;
  return side === "left"
    ? content.str.slice(Math.max(0, at - mostBeside), at)
    : content.str.slice(at + 1, at + 1 + mostBeside);
}
