/**
 * The canonical JSON of a story's text: nodes, marks and links, marks and attributes sorted, no nulls, no block ids
 * (peers differ in the order of equal marks). [BO13] hashes it, [BO12] reads it as plain text.
 */
import * as Y from "yjs";
import { z } from "zod";
import { fields } from "./anchor-state";
import { isTextBlock, markName } from "./schema";

export type TextMark = {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
};
/** A ProseMirror node as JSON: `{type, attrs?, content?, marks?, text?}`. */
export type BodyNode = {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly content?: readonly BodyNode[] | undefined;
  readonly marks?: readonly TextMark[] | undefined;
  readonly text?: string | undefined;
};

export const BodyNode: z.ZodType<BodyNode> = z.lazy(() =>
  z.object({
    type: z.string(),
    attrs: z.record(z.string(), z.unknown()).optional(),
    content: z.array(BodyNode).optional(),
    marks: z
      .array(z.object({ type: z.string(), attrs: z.record(z.string(), z.unknown()).optional() }))
      .optional(),
    text: z.string().optional(),
  }),
);

/** The blocks of each field, canonical: marks and attributes sorted, no nulls, no block ids. */
export const StoryContent = z.object({
  headline: z.array(BodyNode),
  standfirst: z.array(BodyNode),
  body: z.array(BodyNode),
});
export type StoryContent = z.infer<typeof StoryContent>;

/** What a field without words is: one empty paragraph. */
const emptyField: BodyNode[] = [{ type: "paragraph" }];

/** What a block means when it does not say. */
const defaultAttrs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  heading: { level: 2 },
  orderedList: { start: 1 },
};

/** The content of the three fields as they stand in the document, canonical; the document is not changed. */
export function readContent(doc: Y.Doc): StoryContent {
  const of = (field: (typeof fields)[number]) => canonicalBlocks(readNodes(doc.getXmlFragment(field)));
  return { headline: of("headline"), standfirst: of("standfirst"), body: of("body") };
}

/** Any equivalent JSON (an editor's, an import's, the store's) in the one form that is hashed and compared. */
export function canonicalContent(content: StoryContent): StoryContent {
  return {
    headline: canonicalBlocks(content.headline),
    standfirst: canonicalBlocks(content.standfirst),
    body: canonicalBlocks(content.body),
  };
}

/**
 * [BO12] Plain text: text blocks joined by a blank line, a hard break as a line break, in document order. Offsets in
 * it are UTF-16 code units, end exclusive.
 */
export function plainText(nodes: readonly BodyNode[]): string {
  return textBlocks(nodes).map(inlineText).join("\n\n");
}

/** The whole text, field after field, as for counting its words. */
export function wholeText(content: StoryContent): string {
  return fields.map((field) => plainText(content[field])).join("\n\n");
}

/** One block as it stands in the document, canonical. */
export function readBlock(element: Y.XmlElement): BodyNode {
  return canonicalNode(readElement(element));
}

/** A stretch of words as it stands in the document: canonical runs. */
export function readRuns(text: Y.XmlText): BodyNode[] {
  return canonicalInline(readText(text));
}

function textBlocks(nodes: readonly BodyNode[]): BodyNode[] {
  return nodes.flatMap((node) => (isTextBlock(node.type) ? [node] : textBlocks(node.content ?? [])));
}

function inlineText(block: BodyNode): string {
  return (block.content ?? []).map((node) => (node.type === "hardBreak" ? "\n" : (node.text ?? ""))).join("");
}

function readNodes(parent: Y.XmlFragment | Y.XmlElement): BodyNode[] {
  return parent.toArray().flatMap((child) => {
    if (child instanceof Y.XmlText) return readText(child);
    if (child instanceof Y.XmlElement) return [readElement(child)];
    return [];
  });
}

function readElement(element: Y.XmlElement): BodyNode {
  return { type: element.nodeName, attrs: element.getAttributes(), content: readNodes(element) };
}

function readText(text: Y.XmlText): BodyNode[] {
  const runs = text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[];
  return runs.flatMap(({ insert, attributes = {} }) => {
    if (typeof insert !== "string") return [];
    const marks = Object.entries(attributes).map(([key, attrs]) => ({
      type: markName(key),
      attrs: isRecord(attrs) ? attrs : {},
    }));
    return [{ type: "text", text: insert, marks }];
  });
}

function canonicalBlocks(nodes: readonly BodyNode[]): BodyNode[] {
  return nodes.length === 0 ? emptyField : nodes.map(canonicalNode);
}

function canonicalNode(node: BodyNode): BodyNode {
  const attrs = canonicalAttrs({ ...defaultAttrs[node.type], ...withoutNulls(node.attrs) });
  const content = isTextBlock(node.type)
    ? canonicalInline(node.content ?? [])
    : (node.content ?? []).map(canonicalNode);
  return {
    type: node.type,
    ...(attrs === undefined ? {} : { attrs }),
    ...(content.length === 0 ? {} : { content }),
  };
}

/** Neighbouring runs with the same marks are one; empty ones are none. */
function canonicalInline(nodes: readonly BodyNode[]): BodyNode[] {
  const runs: BodyNode[] = [];
  for (const node of nodes) {
    if (node.type !== "text") {
      runs.push(canonicalNode(node));
      continue;
    }
    if (!node.text) continue;
    const marks = canonicalMarks(node.marks ?? []);
    const run = { type: "text", ...(marks.length === 0 ? {} : { marks }), text: node.text };
    const last = runs.at(-1);
    if (last?.type === "text" && JSON.stringify(last.marks) === JSON.stringify(run.marks)) {
      runs[runs.length - 1] = { ...last, text: `${last.text ?? ""}${node.text}` };
      continue;
    }
    runs.push(run);
  }
  return runs;
}

function canonicalMarks(marks: readonly TextMark[]): TextMark[] {
  const byForm = new Map<string, TextMark>();
  for (const { type, attrs } of marks) {
    const kept = canonicalAttrs(attrs);
    const mark = kept === undefined ? { type } : { type, attrs: kept };
    byForm.set(JSON.stringify(mark), mark);
  }
  return [...byForm.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, mark]) => mark);
}

/** Sorted, without nulls and block ids; undefined when nothing is left. */
function canonicalAttrs(
  attrs: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> | undefined {
  const kept = Object.entries(withoutNulls(attrs))
    .filter(([name]) => name !== "id")
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function withoutNulls(attrs: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attrs ?? {}).filter(([, value]) => value !== null && value !== undefined),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
