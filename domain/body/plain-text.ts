/**
 * [BO12] The plain text of one field of a story's Y.Doc, and the way between its offsets and Yjs relative positions.
 * One walk reads a field; every place in it is then a binary search. (y-tiptap's own converter answers nothing for a
 * document's first word and takes the wrong side at a start.)
 */
/* oxlint-disable no-underscore-dangle -- Yjs names the head of a node's items `_start`; nothing else tells an item's id */
import * as Y from "yjs";

export type TextBlock = {
  /** UTF-16 offsets in the field's plain text, end exclusive. */
  readonly start: number;
  readonly end: number;
  readonly type: string;
  /** The block's own id, or that of the nearest block around it. */
  readonly id: string | null;
};

/** A stretch of letters that Yjs keeps as one item; deleted ones have a place and no letters. */
export type Run = {
  readonly client: number;
  readonly clock: number;
  readonly length: number;
  readonly at: number;
  readonly deleted: boolean;
};

/** A block or text node as Yjs knows it, for positions that name one instead of a letter. */
type Branch = {
  readonly client: number;
  readonly clock: number;
  readonly start: number;
  readonly end: number;
};

export type FieldText = {
  readonly text: string;
  readonly blocks: readonly TextBlock[];
  readonly runs: readonly Run[];
  readonly branches: readonly Branch[];
};

/** `start` keeps to the letter after it, `end` to the letter before it: letters typed at either edge lie outside. */
export type Side = "start" | "end";

export type Resolved = {
  readonly offset: number;
  /** False when the letter it kept to is deleted: the offset is where that letter was. */
  readonly alive: boolean;
};

export const blockSeparator = "\n\n";
const textBlockTypes: ReadonlySet<string> = new Set(["paragraph", "heading"]);

/** Text blocks joined by a blank line, hard breaks as line breaks, in document order; empty blocks count. */
export function fieldText(fragment: Y.XmlFragment): FieldText {
  let text = "";
  const blocks: TextBlock[] = [];
  const runs: Run[] = [];
  const branches: Branch[] = [];

  function addRun(item: Y.Item, letters: string | null): void {
    const { client, clock } = item.id;
    runs.push({ client, clock, length: item.length, at: text.length, deleted: letters === null });
    if (letters !== null) text += letters;
  }

  function walkText(node: Y.XmlText): void {
    for (let item = node._start; item !== null; item = item.right) {
      if (item.deleted) addRun(item, null);
      else if (item.content instanceof Y.ContentString) addRun(item, item.content.str);
    }
  }

  function branch(item: Y.Item, walk: () => void): void {
    const start = text.length;
    walk();
    branches.push({ client: item.id.client, clock: item.id.clock, start, end: text.length });
  }

  function walk(parent: Y.XmlFragment, idAround: string | null, inTextBlock: boolean): void {
    for (let item = parent._start; item !== null; item = item.right) {
      if (item.deleted) {
        addRun(item, null);
        continue;
      }
      const node = item.content instanceof Y.ContentType ? item.content.type : null;
      if (node instanceof Y.XmlText) branch(item, () => walkText(node));
      else if (node instanceof Y.XmlElement) walkElement(item, node, idAround, inTextBlock);
    }
  }

  function walkElement(
    item: Y.Item,
    node: Y.XmlElement,
    idAround: string | null,
    inTextBlock: boolean,
  ): void {
    if (inTextBlock) {
      addRun(item, node.nodeName === "hardBreak" ? "\n" : null);
      return;
    }
    const own: unknown = node.getAttribute("id");
    const id = typeof own === "string" ? own : idAround;
    if (!textBlockTypes.has(node.nodeName)) {
      branch(item, () => walk(node, id, false));
      return;
    }
    if (blocks.length > 0) text += blockSeparator;
    const start = text.length;
    branch(item, () => walk(node, id, true));
    blocks.push({ start, end: text.length, type: node.nodeName, id });
  }

  walk(fragment, null, false);
  if (blocks.length === 0) blocks.push({ start: 0, end: 0, type: "paragraph", id: null });
  return { text, blocks, runs, branches };
}

/** The encoded Yjs relative position of an offset; null where there is no letter to keep to on that side. */
export function positionAt(field: FieldText, offset: number, side: Side): Uint8Array | null {
  const letter = side === "start" ? offset : offset - 1;
  const run = runHolding(field.runs, letter);
  if (run === null) return null;
  const id = Y.createID(run.client, run.clock + letter - run.at);
  return Y.encodeRelativePosition(new Y.RelativePosition(null, null, id, side === "start" ? 0 : -1));
}

/** Where an encoded relative position stands now; null when its part of the text is gone, or it is none. */
export function resolvePosition(field: FieldText, position: Uint8Array): Resolved | null {
  let decoded: Y.RelativePosition;
  try {
    decoded = Y.decodeRelativePosition(position);
  } catch {
    return null; // came over the wire: whatever does not decode has no place
  }
  const after = decoded.assoc >= 0;
  if (decoded.item !== null) {
    const { client, clock } = decoded.item;
    const run = find(placesOf(field).runs, client, clock);
    if (run !== null && clock < run.clock + run.length) {
      if (run.deleted) return { offset: run.at, alive: false };
      return { offset: run.at + (clock - run.clock) + (after ? 0 : 1), alive: true };
    }
    const named = find(placesOf(field).branches, client, clock);
    if (named === null || named.clock !== clock) return null;
    return { offset: after ? named.start : named.end, alive: true };
  }
  if (decoded.type !== null) {
    const named = find(placesOf(field).branches, decoded.type.client, decoded.type.clock);
    if (named === null || named.clock !== decoded.type.clock) return null;
    return { offset: after ? named.end : named.start, alive: true };
  }
  if (decoded.tname !== null) return { offset: after ? field.text.length : 0, alive: true };
  return null;
}

export function offsetOf(field: FieldText, position: Uint8Array): number | null {
  return resolvePosition(field, position)?.offset ?? null;
}

/** The block that an offset stands in; at a blank line between two, the one before it. */
export function blockAt(field: Pick<FieldText, "blocks">, offset: number): TextBlock | null {
  const { blocks } = field;
  return blocks[lastAtMost(blocks.length, (index) => blocks[index]?.start ?? 0, offset)] ?? null;
}

function runHolding(runs: readonly Run[], letter: number): Run | null {
  // Empty and deleted runs stand at the same offset as the one after them: step back over those.
  for (let index = lastAtMost(runs.length, (i) => runs[i]?.at ?? 0, letter); index >= 0; index -= 1) {
    const run = runs[index];
    if (run === undefined || run.at > letter) return null;
    if (run.deleted) continue;
    return letter < run.at + run.length ? run : null;
  }
  return null;
}

type Identified = { readonly client: number; readonly clock: number };
type Places = {
  readonly runs: ReadonlyMap<number, readonly Run[]>;
  readonly branches: ReadonlyMap<number, readonly Branch[]>;
};
const knownPlaces = new WeakMap<FieldText, Places>();

function placesOf(field: FieldText): Places {
  const known = knownPlaces.get(field);
  if (known !== undefined) return known;
  const places = { runs: byClient(field.runs), branches: byClient(field.branches) };
  knownPlaces.set(field, places);
  return places;
}

function byClient<Item extends Identified>(items: readonly Item[]): Map<number, Item[]> {
  const sorted = new Map<number, Item[]>();
  for (const item of items) {
    const of = sorted.get(item.client);
    if (of === undefined) sorted.set(item.client, [item]);
    else of.push(item);
  }
  for (const of of sorted.values()) of.sort((a, b) => a.clock - b.clock);
  return sorted;
}

/** The item of this client that starts last at or before this clock. */
function find<Item extends Identified>(
  items: ReadonlyMap<number, readonly Item[]>,
  client: number,
  clock: number,
): Item | null {
  const of = items.get(client);
  if (of === undefined) return null;
  const item = of[lastAtMost(of.length, (index) => of[index]?.clock ?? 0, clock)];
  return item !== undefined && item.clock <= clock ? item : null;
}

function lastAtMost(length: number, valueAt: (index: number) => number, value: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (valueAt(middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Where two readings of a field differ, in whole blocks: from `from` to `beforeTo` in the first, to `beforeTo + shift` in
 * the second. Outside, both have the same letters (those of Yjs, not only alike ones) in the same blocks.
 */
export function changedBlocks(
  before: FieldText,
  after: FieldText,
): { readonly from: number; readonly beforeTo: number; readonly shift: number } {
  const shift = after.text.length - before.text.length;
  const runs = differing(
    before.runs,
    after.runs,
    (a, b, by) => {
      return (
        a.client === b.client &&
        a.clock === b.clock &&
        a.length === b.length &&
        a.deleted === b.deleted &&
        a.at + by === b.at
      );
    },
    shift,
  );
  const blocks = differing(
    before.blocks,
    after.blocks,
    (a, b, by) => {
      return a.start + by === b.start && a.end + by === b.end && a.type === b.type && a.id === b.id;
    },
    shift,
  );
  const from = Math.min(
    before.runs[runs.from]?.at ?? before.text.length,
    after.runs[runs.from]?.at ?? after.text.length,
    before.blocks[blocks.from]?.start ?? before.text.length,
    after.blocks[blocks.from]?.start ?? after.text.length,
  );
  // The first run and the block before the first that are alike again, counted in the first reading.
  const beforeTo = Math.max(
    from,
    from - shift,
    before.runs[runs.beforeTo]?.at ?? before.text.length,
    before.blocks[blocks.beforeTo - 1]?.end ?? 0,
    (after.blocks[blocks.beforeTo + after.blocks.length - before.blocks.length - 1]?.end ?? 0) - shift,
  );
  return wholeBlocks(before, after, { from, beforeTo, shift });
}

type Change = { readonly from: number; readonly beforeTo: number; readonly shift: number };

function wholeBlocks(before: FieldText, after: FieldText, { from, beforeTo, shift }: Change): Change {
  return {
    from: Math.min(from, blockAt(before, from)?.start ?? 0, blockAt(after, from)?.start ?? 0),
    beforeTo: Math.max(
      beforeTo,
      blockAt(before, beforeTo)?.end ?? before.text.length,
      (blockAt(after, beforeTo + shift)?.end ?? after.text.length) - shift,
    ),
    shift,
  };
}

/** Where two lists stop to be alike, and where in the first they are alike again up to the end. */
function differing<Item>(
  before: readonly Item[],
  after: readonly Item[],
  isSame: (a: Item, b: Item, shift: number) => boolean,
  shift: number,
): { readonly from: number; readonly beforeTo: number } {
  const shorter = Math.min(before.length, after.length);
  const same = (a: Item | undefined, b: Item | undefined, by: number) =>
    a !== undefined && b !== undefined && isSame(a, b, by);
  let from = 0;
  while (from < shorter && same(before[from], after[from], 0)) from += 1;
  let alike = 0;
  while (alike < shorter - from && same(before.at(-1 - alike), after.at(-1 - alike), shift)) alike += 1;
  return { from, beforeTo: before.length - alike };
}
