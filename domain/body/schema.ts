/**
 * The vocabulary of the text: which nodes, marks and attributes each field knows. The editor's extensions and the
 * guard are held to it; a newer vocabulary is a newer `schemaVersion` (BO10).
 */
import type { Field } from "./anchor-state";

/** [BO10] Clients built for an older one are read-only. */
export const schemaVersion = 1;

type AttributeRule = (value: unknown) => boolean;
type Attributes = Readonly<Record<string, AttributeRule>>;
/** `blocks` holds other blocks, `text` holds words and hard breaks, `break` holds nothing. */
type NodeRule = { readonly holds: "blocks" | "text" | "break"; readonly attrs: Attributes };
type FieldRule = {
  readonly nodes: Readonly<Record<string, NodeRule>>;
  readonly marks: Readonly<Record<string, Attributes>>;
};

const maxListStart = 999_999_999;
const maxHrefLength = 2000;

const isBlockId: AttributeRule = (value) => typeof value === "string" && /^[\w-]{1,64}$/.test(value);
const isHeadingLevel: AttributeRule = (value) => value === 2 || value === 3 || value === 4;
const isListStart: AttributeRule = (value) =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxListStart;

/** An address a link may lead to: http, https or mailto, at most 2,000 characters, no white space. */
export function isLinkAddress(href: unknown): href is string {
  return (
    typeof href === "string" &&
    href.length <= maxHrefLength &&
    /^(https?:\/\/|mailto:)[^\s\p{Cc}\p{Bidi_Control}]+$/iu.test(href)
  );
}

const block = (attrs: Attributes = {}): NodeRule => ({ holds: "blocks", attrs: { id: isBlockId, ...attrs } });
const textBlock = (attrs: Attributes = {}): NodeRule => ({
  holds: "text",
  attrs: { id: isBlockId, ...attrs },
});

const marks = { bold: {}, italic: {}, link: { href: isLinkAddress } };
const paragraph = textBlock();

export const vocabulary: Readonly<Record<Field, FieldRule>> = {
  headline: { nodes: { paragraph }, marks: {} },
  standfirst: { nodes: { paragraph }, marks },
  body: {
    nodes: {
      paragraph,
      heading: textBlock({ level: isHeadingLevel }),
      bulletList: block(),
      orderedList: block({ start: isListStart }),
      listItem: block(),
      blockquote: block(),
      hardBreak: { holds: "break", attrs: {} },
    },
    marks,
  },
};

/** Does a node of this name hold words, in some field? */
export function isTextBlock(name: string): boolean {
  return Object.hasOwn(vocabulary.body.nodes, name) && vocabulary.body.nodes[name]?.holds === "text";
}

/** The mark that a text format's key names: the binding writes marks that may overlap themselves as `name--hash`. */
export function markName(key: string): string {
  return /^(.*)--[a-zA-Z0-9+/=]{8}$/.exec(key)?.[1] ?? key;
}

/** May these children stand in this parent? Concurrent honest edits can break it, so the guard only reports it. */
export function nestsWell(parent: string, children: readonly string[]): boolean {
  switch (parent) {
    case "headline":
      return children.length <= 1;
    case "bulletList":
    case "orderedList":
      return children.length > 0 && children.every((child) => child === "listItem");
    case "listItem":
      return children[0] === "paragraph" && !children.includes("listItem");
    case "blockquote":
      return children.length > 0 && !children.includes("listItem");
    default:
      return !children.includes("listItem");
  }
}
