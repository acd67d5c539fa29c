/** Writes canonical content into a document: as its first words, or as a forward edit of what stands there. */
import { diffArrays } from "diff";
import * as Y from "yjs";
import { fields } from "./anchor-state";
import {
  canonicalContent,
  readBlock,
  readRuns,
  type BodyNode,
  type StoryContent,
  type TextMark,
} from "./content";
import { isTextBlock } from "./schema";

type NewId = () => string;
/** A child as it should be: a block or a hard break, or the words between two of them. */
type Wanted =
  | { readonly kind: "node"; readonly node: BodyNode }
  | { readonly kind: "words"; readonly runs: readonly BodyNode[] };
type Child = Y.XmlElement | Y.XmlText;

/** The origin of the transactions made here. */
const writingOrigin = Symbol("write-content");

/** The first words of an empty document. Every text block, also that of an empty field, gets an id. */
export function writeContent(doc: Y.Doc, content: StoryContent, newId: NewId): void {
  const canonical = canonicalContent(content);
  doc.transact(() => {
    for (const field of fields) {
      doc.getXmlFragment(field).insert(
        0,
        canonical[field].map((node) => newElement(node, newId)),
      );
    }
  }, writingOrigin);
}

/**
 * A forward edit after which the document reads as this content. Blocks and words that stay are left in place, so
 * that positions in them survive; new text blocks get ids.
 */
export function replaceContent(doc: Y.Doc, content: StoryContent, newId: NewId): void {
  const canonical = canonicalContent(content);
  doc.transact(() => {
    for (const field of fields)
      alignChildren(doc.getXmlFragment(field), wantedBlocks(canonical[field]), newId);
  }, writingOrigin);
}

/** Gives every text block without an id one. */
export function seedBlockIds(doc: Y.Doc, newId: NewId): void {
  doc.transact(() => {
    for (const block of blocksWithoutId(doc)) block.setAttribute("id", newId());
  }, writingOrigin);
}

/** Is there a text block without an id? */
export function lacksBlockIds(doc: Y.Doc): boolean {
  return blocksWithoutId(doc).length > 0;
}

function blocksWithoutId(doc: Y.Doc): Y.XmlElement[] {
  return fields.flatMap((field) => [...textBlocksWithoutId(doc.getXmlFragment(field))]);
}

function* textBlocksWithoutId(parent: Y.XmlFragment): Generator<Y.XmlElement> {
  for (const child of parent.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (!isTextBlock(child.nodeName)) yield* textBlocksWithoutId(child);
    else if (child.getAttribute("id") === undefined) yield child;
  }
}

/**
 * Takes out lists, items and quotes that hold nothing: two people emptied them together. Every editor that meets one
 * takes it out, in the name of whoever sits there.
 */
export function removeEmptyBlocks(doc: Y.Doc): void {
  doc.transact(() => {
    for (const field of fields) removeEmptyIn(doc.getXmlFragment(field));
  }, writingOrigin);
}

function removeEmptyIn(parent: Y.XmlFragment): void {
  for (const [index, child] of [...parent.toArray().entries()].reverse()) {
    if (!(child instanceof Y.XmlElement) || isTextBlock(child.nodeName)) continue;
    removeEmptyIn(child);
    if (child.length === 0) parent.delete(index, 1);
  }
}

function wantedBlocks(nodes: readonly BodyNode[]): Wanted[] {
  return nodes.map((node) => ({ kind: "node", node }));
}

function wantedInline(nodes: readonly BodyNode[]): Wanted[] {
  const wanted: Wanted[] = [];
  for (const node of nodes) {
    const last = wanted.at(-1);
    if (node.type !== "text") wanted.push({ kind: "node", node });
    else if (last?.kind === "words")
      wanted[wanted.length - 1] = { kind: "words", runs: [...last.runs, node] };
    else wanted.push({ kind: "words", runs: [node] });
  }
  return wanted;
}

function wantedChildren(node: BodyNode): Wanted[] {
  const content = node.content ?? [];
  return isTextBlock(node.type) ? wantedInline(content) : wantedBlocks(content);
}

/** Equal children stay; between them, children of one kind are changed in order, the rest removed or inserted. */
function alignChildren(parent: Y.XmlFragment, wanted: readonly Wanted[], newId: NewId): void {
  const children = parent.toArray() as Child[];
  const parts = diffArrays(
    children.map((child) => JSON.stringify(asWanted(child))),
    wanted.map((one) => JSON.stringify(one)),
  );
  let at = 0;
  let from = 0;
  let to = 0;
  let gone: Child[] = [];
  let come: Wanted[] = [];
  const settle = () => {
    at = changeStretch(parent, { at, gone, come }, newId);
    gone = [];
    come = [];
  };
  for (const part of parts) {
    const count = part.value.length;
    if (part.removed) {
      gone.push(...children.slice(from, from + count));
      from += count;
    } else if (part.added) {
      come.push(...wanted.slice(to, to + count));
      to += count;
    } else {
      settle();
      from += count;
      to += count;
      at += count;
    }
  }
  settle();
}

/** Turns one stretch of children into the wanted ones; gives the index behind it. */
function changeStretch(
  parent: Y.XmlFragment,
  { at, gone, come }: { at: number; gone: readonly Child[]; come: readonly Wanted[] },
  newId: NewId,
): number {
  const parts = diffArrays(gone.map(kindOf), come.map(kindOfWanted));
  let from = 0;
  let to = 0;
  for (const part of parts) {
    const count = part.value.length;
    if (part.removed) {
      parent.delete(at, count);
      from += count;
    } else if (part.added) {
      const added = come.slice(to, to + count).map((one) => newChild(one, newId));
      parent.insert(at, added);
      to += count;
      at += count;
    } else {
      for (let i = 0; i < count; i += 1) {
        const child = gone[from + i];
        const one = come[to + i];
        if (child && one) changeChild(child, one, newId);
      }
      from += count;
      to += count;
      at += count;
    }
  }
  return at;
}

function kindOf(child: Child): string {
  return child instanceof Y.XmlText ? "words" : child.nodeName;
}

function kindOfWanted(one: Wanted): string {
  return one.kind === "words" ? "words" : one.node.type;
}

function changeChild(child: Child, one: Wanted, newId: NewId): void {
  if (child instanceof Y.XmlText) {
    if (one.kind === "words") changeWords(child, one.runs);
    return;
  }
  if (one.kind === "words") return;
  const wanted = one.node.attrs ?? {};
  for (const [name, value] of Object.entries(child.getAttributes() as Record<string, unknown>)) {
    if (name !== "id" && value !== null && !Object.hasOwn(wanted, name)) child.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(wanted)) {
    if ((child.getAttribute(name) as unknown) !== value) setAttribute(child, name, value);
  }
  alignChildren(child, wantedChildren(one.node), newId);
}

function changeWords(text: Y.XmlText, runs: readonly BodyNode[]): void {
  const before = (text.toDelta() as { insert: unknown }[])
    .map(({ insert }) => (typeof insert === "string" ? insert : "\uFFFC"))
    .join("");
  const after = runs.map((run) => run.text ?? "").join("");
  const noMarks = Object.fromEntries(keysOf(text).map((key) => [key, null]));
  let at = 0;
  for (const part of diffArrays(tokens(before), tokens(after))) {
    const words = part.value.join("");
    if (part.removed) text.delete(at, words.length);
    else if (part.added) text.insert(at, words, noMarks);
    if (!part.removed) at += words.length;
  }
  const formatted = runs.map((run) => ({
    retain: (run.text ?? "").length,
    attributes: { ...noMarks, ...formatOf(run.marks ?? []) },
  }));
  text.applyDelta(formatted, { sanitize: false });
}

/** Words, spaces and punctuation one by one. */
function tokens(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

function keysOf(text: Y.XmlText): string[] {
  const runs = text.toDelta() as { attributes?: Record<string, unknown> }[];
  return [...new Set(runs.flatMap((run) => Object.keys(run.attributes ?? {})))];
}

function formatOf(marks: readonly TextMark[]): Record<string, Readonly<Record<string, unknown>>> {
  return Object.fromEntries(marks.map((mark) => [mark.type, mark.attrs ?? {}]));
}

function newChild(one: Wanted, newId: NewId): Child {
  if (one.kind === "node") return newElement(one.node, newId);
  const text = new Y.XmlText();
  text.applyDelta(
    one.runs.map((run) => ({ insert: run.text ?? "", attributes: formatOf(run.marks ?? []) })),
    { sanitize: false },
  );
  return text;
}

function newElement(node: BodyNode, newId: NewId): Y.XmlElement {
  const element = new Y.XmlElement(node.type);
  for (const [name, value] of Object.entries(node.attrs ?? {})) setAttribute(element, name, value);
  if (isTextBlock(node.type)) element.setAttribute("id", newId());
  element.insert(
    0,
    wantedChildren(node).map((one) => newChild(one, newId)),
  );
  return element;
}

/** Yjs stores any JSON value; its type knows strings only. */
function setAttribute(element: Y.XmlElement, name: string, value: unknown): void {
  element.setAttribute(name, value as string);
}

/** The child as it would be wanted, so that equal ones are found. */
function asWanted(child: Child): Wanted {
  if (child instanceof Y.XmlText) return { kind: "words", runs: readRuns(child) };
  return { kind: "node", node: readBlock(child) };
}
