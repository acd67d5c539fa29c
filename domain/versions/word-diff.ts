/** The words by which two texts differ. */
import { diffArrays } from "diff";
import type { Piece } from "./version";

/** Beyond so many differing words the texts are simply two texts; finding the least difference costs its square. */
const maxEdits = 1000;

/** Words with their digits' separators, currency and percent; runs of white space; any other character by itself. */
const words = /(?:[\p{L}\p{M}\p{N}\p{Sc}%‰]|(?<=\p{N})[.,:](?=\p{N})|(?<=\p{L})['’](?=\p{L}))+|\s+|./gsu;

function tokensOf(text: string): string[] {
  return text.match(words) ?? [];
}

/**
 * The pieces of both texts in order, those gone before those new in each place. Joined without the new they are
 * `before`, without the gone `after`. White space between two changed words counts as changed with them.
 */
export function wordDiff(before: string, after: string): readonly Piece[] {
  if (before === after) return before === "" ? [] : [{ kind: "same", text: before }];
  const was = tokensOf(before);
  const now = tokensOf(after);
  let start = 0;
  while (start < was.length && start < now.length && was[start] === now[start]) start++;
  let end = 0;
  while (
    end < was.length - start &&
    end < now.length - start &&
    was[was.length - 1 - end] === now[now.length - 1 - end]
  ) {
    end++;
  }
  const wasMiddle = was.slice(start, was.length - end);
  const nowMiddle = now.slice(start, now.length - end);
  const changes = diffArrays(wasMiddle, nowMiddle, { maxEditLength: maxEdits });
  const middle: Piece[] = changes
    ? changes.map(({ added, removed, value }) => ({
        kind: added ? "new" : removed ? "gone" : "same",
        text: value.join(""),
      }))
    : [
        { kind: "gone", text: wasMiddle.join("") },
        { kind: "new", text: nowMiddle.join("") },
      ];
  return inOrder([
    { kind: "same", text: was.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: was.slice(was.length - end).join("") },
  ]);
}

/** One gone and one new piece in each place, in this order; nothing empty. */
function inOrder(pieces: readonly Piece[]): readonly Piece[] {
  const ordered: Piece[] = [];
  let gone = "";
  let added = "";
  const close = () => {
    if (gone !== "") ordered.push({ kind: "gone", text: gone });
    if (added !== "") ordered.push({ kind: "new", text: added });
    gone = "";
    added = "";
  };
  for (const [index, { kind, text }] of pieces.entries()) {
    const isBetweenChanges =
      kind === "same" && /^\s+$/.test(text) && (gone !== "" || added !== "") && index < pieces.length - 2;
    if (kind === "gone" || isBetweenChanges) gone += text;
    if (kind === "new" || isBetweenChanges) added += text;
    if (kind === "same" && !isBetweenChanges && text !== "") {
      close();
      ordered.push({ kind, text });
    }
  }
  close();
  return ordered;
}
