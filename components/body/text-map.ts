/**
 * [BO12] An editor's document as plain text, and the way between ProseMirror positions and offsets in it. The same
 * text as `fieldText` reads from the Y.Doc: text blocks joined by a blank line, a hard break as a line break.
 */
import type { Node } from "@tiptap/pm/model";
import { blockSeparator, type Side } from "@/domain/body/plain-text";

type MappedBlock = {
  /** The position before the block's first letter. */
  readonly from: number;
  readonly start: number;
  readonly end: number;
};

export type TextMap = {
  readonly text: string;
  readonly blocks: readonly MappedBlock[];
};

const known = new WeakMap<Node, TextMap>();

/** Read once a document; asked again it is the same object. */
export function textMapOf(doc: Node): TextMap {
  const before = known.get(doc);
  if (before) return before;
  let text = "";
  const blocks: MappedBlock[] = [];
  doc.descendants((node, position) => {
    if (!node.isTextblock) return true;
    if (blocks.length > 0) text += blockSeparator;
    const start = text.length;
    text += node.textBetween(0, node.content.size, undefined, "\n");
    blocks.push({ from: position + 1, start, end: text.length });
    return false;
  });
  const map = { text, blocks };
  known.set(doc, map);
  return map;
}

/** The offset of a position; one between two blocks counts as the end of the block before it. */
export function offsetAt({ blocks }: TextMap, position: number): number {
  const block = lastWhere(blocks, ({ from }) => from <= position);
  return block ? Math.min(block.start + position - block.from, block.end) : 0;
}

/**
 * The position of an offset. Inside the blank line between two blocks, `start` goes on to the next block and `end`
 * stays with the one before.
 */
export function positionOf({ blocks }: TextMap, offset: number, side: Side): number {
  const block = lastWhere(blocks, ({ start }) => start <= offset);
  if (!block) return 1;
  if (offset <= block.end) return block.from + offset - block.start;
  const next = blocks[blocks.indexOf(block) + 1];
  return side === "start" && next ? next.from : block.from + block.end - block.start;
}

function lastWhere(blocks: readonly MappedBlock[], holds: (block: MappedBlock) => boolean) {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blocks[middle];
    if (block && holds(block)) low = middle + 1;
    else high = middle;
  }
  return blocks[low - 1];
}
