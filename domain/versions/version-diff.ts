/** Where two states of a story's text differ: blocks first, then words inside the blocks that changed. */
import { diffArrays } from "diff";
import type { Field } from "../body/anchor-state";
import { fields } from "../body/anchor-state";
import { plainText, type BodyNode, type StoryContent } from "../body/content";
import { isTextBlock } from "../body/schema";
import type { BlockDiff, Piece } from "./version";
import { wordDiff } from "./word-diff";

/** A block of words as it is compared: `key` tells its words and form apart from any other's. */
type Block = { readonly form: BlockDiff["form"]; readonly text: string; readonly key: string };

/** Beyond so many differing blocks they are not paired one by one. */
const maxEdits = 2000;
const maxPaired = 150;
/** Blocks that share less than this part of their words are not the same block changed. */
const leastAlike = 0.3;

/** The blocks of all fields, in the order of the later text; what is gone stands where it stood. */
export function contentDiff(before: StoryContent, after: StoryContent): readonly BlockDiff[] {
  return fields.flatMap((field) => fieldDiff(field, blocksOf(before[field]), blocksOf(after[field])));
}

function blocksOf(nodes: readonly BodyNode[], form: BlockDiff["form"] = "paragraph"): Block[] {
  return nodes.flatMap((node): Block[] => {
    if (!isTextBlock(node.type)) {
      const inner = node.type === "blockquote" ? "quote" : node.type === "listItem" ? "list-item" : form;
      return blocksOf(node.content ?? [], inner);
    }
    const text = plainText([node]);
    if (text === "") return [];
    const ownForm = node.type === "heading" ? "heading" : form;
    return [{ form: ownForm, text, key: keyOf(ownForm, node) }];
  });
}

/** The store keeps JSON with its keys in an order of its own, so they are put in one here. */
function keyOf(form: Block["form"], node: BodyNode): string {
  const attrs = (given: BodyNode["attrs"]) =>
    Object.entries(given ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const runs = (node.content ?? []).map(({ type, text, marks }) => [
    type,
    text,
    (marks ?? []).map((mark) => [mark.type, attrs(mark.attrs)]),
  ]);
  return JSON.stringify([form, attrs(node.attrs), runs]);
}

function fieldDiff(field: Field, before: readonly Block[], after: readonly Block[]): BlockDiff[] {
  const changes = diffArrays(
    before.map((block) => block.key),
    after.map((block) => block.key),
    { maxEditLength: maxEdits },
  ) ?? [
    { removed: true, added: false, count: before.length },
    { removed: false, added: true, count: after.length },
  ];
  const found: BlockDiff[] = [];
  let gone: Block[] = [];
  let added: Block[] = [];
  let was = 0;
  let now = 0;
  const close = () => {
    found.push(...paired(gone, added).map((pair) => blockDiff(field, pair)));
    gone = [];
    added = [];
  };
  for (const change of changes) {
    if (change.removed) gone.push(...before.slice(was, (was += change.count)));
    else if (change.added) added.push(...after.slice(now, (now += change.count)));
    else {
      close();
      for (const block of after.slice(now, (now += change.count))) {
        found.push(blockDiff(field, { was: block, now: block }));
      }
      was += change.count;
    }
  }
  close();
  return found;
}

type Pair = { readonly was?: Block; readonly now?: Block };

function blockDiff(field: Field, { was, now }: Pair): BlockDiff {
  const form = (now ?? was)?.form ?? "paragraph";
  if (was && now) {
    const change = was.key === now.key ? "same" : was.text === now.text ? "reformed" : "changed";
    return { field, form, change, pieces: [...wordDiff(was.text, now.text)] };
  }
  const change = was ? "gone" : "new";
  const piece: Piece = { kind: change, text: (was ?? now)?.text ?? "" };
  return { field, form, change, pieces: [piece] };
}

/**
 * Pairs the blocks gone from one place with those new in it, keeping both orders, so that the pairs have as much in
 * common as can be; the rest stay alone.
 */
function paired(gone: readonly Block[], added: readonly Block[]): Pair[] {
  if (gone.length > maxPaired || added.length > maxPaired) {
    return [...gone.map((was) => ({ was })), ...added.map((now) => ({ now }))];
  }
  const goneWords = gone.map((block) => bagOf(block.text));
  const addedWords = added.map((block) => bagOf(block.text));
  const alike = goneWords.map((was) => addedWords.map((now) => likeness(was, now)));
  const width = added.length + 1;
  /** The most that blocks from `i` and `j` on can have in common. */
  const best = new Float64Array((gone.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] ?? 0;
  const together = (i: number, j: number) => {
    const likenessHere = alike[i]?.[j] ?? 0;
    return likenessHere < leastAlike ? -1 : likenessHere + at(i + 1, j + 1);
  };
  for (let i = gone.length - 1; i >= 0; i--) {
    for (let j = added.length - 1; j >= 0; j--) {
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), together(i, j));
    }
  }
  const pairs: Pair[] = [];
  let i = 0;
  let j = 0;
  while (i < gone.length || j < added.length) {
    const was = gone[i];
    const now = added[j];
    if (was && now && together(i, j) >= at(i, j)) {
      pairs.push({ was, now });
      i++;
      j++;
    } else if (was && (!now || at(i + 1, j) >= at(i, j + 1))) {
      pairs.push({ was });
      i++;
    } else if (now) {
      pairs.push({ now });
      j++;
    }
  }
  return pairs;
}

function bagOf(text: string): ReadonlyMap<string, number> {
  const bag = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    bag.set(word, (bag.get(word) ?? 0) + 1);
  return bag;
}

/** 0 nothing in common, 1 the same words. */
function likeness(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let common = 0;
  let all = 0;
  for (const [word, count] of a) {
    common += Math.min(count, b.get(word) ?? 0);
    all += count;
  }
  for (const count of b.values()) all += count;
  return all === 0 ? 0 : (2 * common) / all;
}
