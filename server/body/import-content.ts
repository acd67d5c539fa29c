/**
 * A body brought as plain text, Markdown or HTML (Word's and Google Docs' too) turned into the blocks that a story
 * knows. Words survive, with bold, italic, links, headings, lists and quotes; whatever else the source held does not.
 */
import { parseHTML } from "linkedom";
import { Marked } from "marked";
import { withoutBidiControls } from "@/domain/body/bidi-controls";
import { canonicalContent, type BodyNode, type TextMark } from "@/domain/body/content";
import { isLinkAddress } from "@/domain/body/schema";

export type BroughtBody = { readonly format: "text" | "markdown" | "html"; readonly content: string };

/** The blocks of the body, canonical. Links lead to http, https and mailto only; no bidirectional controls. */
export function importContent({ format, content }: BroughtBody): readonly BodyNode[] {
  return canonicalContent({ headline: [], standfirst: [], body: blocksOf({ format, content }) }).body;
}

const markdown = new Marked({ gfm: true, async: false });

function blocksOf({ format, content }: BroughtBody): BodyNode[] {
  switch (format) {
    case "text":
      return blocksOfText(content);
    case "html":
      return blocksOfHtml(content);
    case "markdown":
      return blocksOfMarkdown(content);
  }
}

function blocksOfMarkdown(content: string): BodyNode[] {
  try {
    const html = markdown.parse(withoutControls(content));
    if (typeof html !== "string") throw new Error("Markdown was not read at once.");
    return blocksOfHtml(html);
  } catch (error) {
    // The reader follows nesting by recursion: what is nested deeper than the stack is read as plain text.
    if (error instanceof RangeError) return blocksOfText(content);
    throw error;
  }
}

/** [BO12] the other way round: a blank line parts paragraphs, a line break is a hard break. */
function blocksOfText(text: string): BodyNode[] {
  return withoutControls(text.replace(/\r\n?|\u2028|\u2029/g, "\n"))
    .split(/\n[^\S\n]*\n\s*/)
    .map((part) =>
      paragraph(part.split("\n").flatMap((line, n) => [...(n > 0 ? [hardBreak] : []), run(line)])),
    )
    .filter((block) => block !== null);
}

/** Bidirectional controls and control characters other than line break and tab. */
function withoutControls(text: string): string {
  return withoutBidiControls(text).replace(/[^\P{Cc}\n\t]|\uFEFF/gu, "");
}

/** As much of a parsed document as is read here. */
type DomNode = {
  readonly nodeType: number;
  readonly localName?: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DomNode>;
  readonly getAttribute?: (name: string) => string | null;
};
const elementNode = 1;
const textNode = 3;

/** Deeper than this, only the words are taken. */
const maxDepth = 100;
const maxNestedBlocks = 12;

const dropped = new Set(
  (
    "head title script style template noscript iframe frame frameset object embed applet svg math canvas audio video " +
    "img picture source track map area input select option textarea button datalist meter progress link meta base " +
    "del s strike xml"
  ).split(" "),
);
const blocks = new Set(
  (
    "html body p div section article header footer main aside nav address figure figcaption center form fieldset " +
    "details summary dialog dl dt dd pre table caption thead tbody tfoot tr hgroup h1 h2 h3 h4 h5 h6 ul ol li menu " +
    "blockquote hr"
  ).split(" "),
);

type Inline = BodyNode;
type Style = {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly href: string | undefined;
  readonly pre: boolean;
};
/** Where the walk stands. */
type Place = {
  readonly style: Style;
  readonly depth: number;
  readonly nested: number;
  readonly inItem: boolean;
  readonly headingShift: number;
};

const hardBreak: Inline = { type: "hardBreak" };
const plain: Style = { bold: false, italic: false, href: undefined, pre: false };

function blocksOfHtml(html: string): BodyNode[] {
  // The parser's types want the browser's; `DomNode` names what its documents have.
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`) as unknown as {
    readonly document: DomNode & { readonly querySelector: (selector: string) => unknown };
  };
  const headingShift = document.querySelector("h1") ? 1 : 0;
  return walkBlocks(document, { style: plain, depth: 0, nested: 0, inItem: false, headingShift });
}

/** The blocks in an element; inline content between them becomes paragraphs. */
function walkBlocks(parent: DomNode, place: Place): BodyNode[] {
  const found: BodyNode[] = [];
  let inline: Inline[] = [];
  let wordList: WordListItem[] = [];
  const closeParagraph = () => {
    const block = paragraph(inline);
    if (block) found.push(block);
    inline = [];
  };
  const closeWordList = () => {
    found.push(...wordLists(wordList));
    wordList = [];
  };
  for (const node of parent.childNodes) {
    const name = nameOf(node);
    if (node.nodeType === elementNode && isDropped(node)) continue;
    if (name === undefined || !holdsBlocks(node, place.depth)) {
      if (wordList.length > 0 && /\S/.test(node.textContent ?? "")) closeWordList();
      inline.push(...inlineOf(node, place));
      continue;
    }
    closeParagraph();
    const item = wordListItem(node, place);
    if (item) {
      wordList.push(item);
      continue;
    }
    closeWordList();
    found.push(
      ...blockOf(node, name, { ...place, style: styleWithin(node, place.style), depth: place.depth + 1 }),
    );
  }
  closeParagraph();
  closeWordList();
  return found;
}

/** Is it a block, or does it (a link or span around paragraphs) hold one? */
function holdsBlocks(node: DomNode, depth: number): boolean {
  if (node.nodeType !== elementNode || depth > maxDepth) return false;
  if (blocks.has(nameOf(node) ?? "")) return true;
  for (const child of node.childNodes) if (holdsBlocks(child, depth + 1)) return true;
  return false;
}

function blockOf(node: DomNode, name: string, place: Place): BodyNode[] {
  const heading = /^h([1-6])$/.exec(name);
  if (heading && !place.inItem) {
    const level = Math.min(4, Math.max(2, Number(heading[1]) + place.headingShift));
    const block = paragraph(inlineOf(node, { ...place, style: { ...place.style, bold: false } }).map(unbold));
    return block ? [{ ...block, type: "heading", attrs: { level } }] : [];
  }
  if (place.nested >= maxNestedBlocks) return walkBlocks(node, place);
  const within = { ...place, nested: place.nested + 1 };
  switch (name) {
    case "hr":
      return [];
    case "ul":
    case "menu":
      return list({ type: "bulletList" }, itemsOf(node, within));
    case "ol": {
      const start = Number(node.getAttribute?.("start") ?? "1");
      const attrs = { start: Number.isInteger(start) && start >= 0 && start <= 999_999_999 ? start : 1 };
      return list({ type: "orderedList", attrs }, itemsOf(node, within));
    }
    case "li":
      return list({ type: "bulletList" }, [itemWith(walkBlocks(node, { ...within, inItem: true }))]);
    case "blockquote": {
      const content = walkBlocks(node, within);
      return content.length > 0 ? [{ type: "blockquote", content }] : [];
    }
    case "tr": {
      const cells = [...node.childNodes].filter((cell) => ["td", "th"].includes(nameOf(cell) ?? ""));
      const inline = cells.flatMap((cell, n) => [...(n > 0 ? [run(" | ")] : []), ...inlineOf(cell, place)]);
      const block = paragraph(inline);
      return block ? [block] : [];
    }
    default:
      return walkBlocks(node, place);
  }
}

const list = (kind: Pick<BodyNode, "type" | "attrs">, content: readonly BodyNode[]): BodyNode[] =>
  content.length > 0 ? [{ ...kind, content }] : [];

/** The items of a list; what stands between them (a list straight in a list) belongs to the item before. */
function itemsOf(parent: DomNode, place: Place): BodyNode[] {
  const items: (readonly BodyNode[])[] = [];
  const within = { ...place, inItem: true };
  for (const node of parent.childNodes) {
    const name = nameOf(node);
    if (node.nodeType === elementNode && isDropped(node)) continue;
    if (name === "li") {
      items.push(
        walkBlocks(node, { ...within, style: styleWithin(node, place.style), depth: place.depth + 1 }),
      );
      continue;
    }
    const strays = walkBlocks({ ...emptyParent, childNodes: [node] }, within);
    if (strays.length === 0) continue;
    const last = items.pop();
    items.push([...(last ?? []), ...strays]);
  }
  return items.filter((content) => content.length > 0).map(itemWith);
}

const emptyParent: DomNode = { nodeType: elementNode, localName: "div", textContent: null, childNodes: [] };

/** A list item begins with a paragraph. */
function itemWith(content: readonly BodyNode[]): BodyNode {
  const begins = content[0]?.type === "paragraph";
  return { type: "listItem", content: begins ? content : [{ type: "paragraph" }, ...content] };
}

function inlineOf(node: DomNode, place: Place): Inline[] {
  if (node.nodeType === textNode) return textRuns(node.textContent ?? "", place.style);
  if (node.nodeType !== elementNode || isDropped(node)) return [];
  if (place.depth > maxDepth) return textRuns(node.textContent ?? "", place.style);
  if (nameOf(node) === "br") return [hardBreak];
  const style = styleWithin(node, place.style);
  const within = { ...place, style, depth: place.depth + 1 };
  const inline: Inline[] = [];
  for (const child of node.childNodes) {
    if (inline.length > 0 && blocks.has(nameOf(child) ?? "")) inline.push(run(" "));
    inline.push(...inlineOf(child, within));
  }
  return inline;
}

function textRuns(text: string, style: Style): Inline[] {
  const words = withoutControls(text);
  if (!style.pre) {
    const collapsed = words.replace(/[ \t\n]+/g, " ");
    return collapsed === "" ? [] : [run(collapsed, style)];
  }
  return words.split("\n").flatMap((line, n) => [...(n > 0 ? [hardBreak] : []), run(line, style)]);
}

function run(text: string, { bold, italic, href }: Style = plain): Inline {
  const marks: TextMark[] = [
    ...(bold ? [{ type: "bold" }] : []),
    ...(italic ? [{ type: "italic" }] : []),
    ...(href === undefined ? [] : [{ type: "link", attrs: { href } }]),
  ];
  return { type: "text", text, ...(marks.length > 0 ? { marks } : {}) };
}

const unbold = (inline: Inline): Inline => ({
  ...inline,
  marks: inline.marks?.filter((mark) => mark.type !== "bold"),
});

/** Without white space at its borders, around its breaks and doubled between runs; null when no word is left. */
function paragraph(inline: readonly Inline[]): BodyNode | null {
  const content: Inline[] = [];
  let endsInSpace = true;
  for (const node of inline) {
    if (node.type === "hardBreak") {
      trimEnd(content);
      content.push(node);
      endsInSpace = true;
      continue;
    }
    const text = endsInSpace ? (node.text ?? "").trimStart() : (node.text ?? "");
    if (text === "") continue;
    content.push({ ...node, text });
    endsInSpace = /[ \t]$/.test(text);
  }
  while (content.length > 0 && isBlank(content.at(-1))) content.pop();
  trimEnd(content);
  while (content[0]?.type === "hardBreak") content.shift();
  return content.length > 0 ? { type: "paragraph", content } : null;
}

const isBlank = (node: Inline | undefined) => node?.type === "hardBreak" || node?.text?.trim() === "";

function trimEnd(content: Inline[]): void {
  for (let last = content.at(-1); last?.type === "text"; last = content.at(-1)) {
    content.pop();
    const text = (last.text ?? "").trimEnd();
    if (text === "") continue;
    content.push({ ...last, text });
    return;
  }
}

const nameOf = (node: DomNode) => (node.nodeType === elementNode ? node.localName?.toLowerCase() : undefined);

const cssOf = (node: DomNode) => (node.getAttribute?.("style") ?? "").toLowerCase().replace(/\s+/g, "");

/** What is dangerous, invisible or struck out; Word's hand-made bullets too. */
function isDropped(node: DomNode): boolean {
  const name = nameOf(node) ?? "";
  if (dropped.has(name) || node.getAttribute?.("hidden") !== null) return true;
  const css = cssOf(node);
  return /mso-list:ignore|display:none|visibility:hidden|mso-hide:all/.test(css);
}

function styleWithin(node: DomNode, outer: Style): Style {
  const name = nameOf(node) ?? "";
  const css = cssOf(node);
  const weight = /font-weight:(\w+)/.exec(css)?.[1];
  const slant = /font-style:(\w+)/.exec(css)?.[1];
  const isBold = weight === undefined ? undefined : /^(bold|bolder|[6-9]00)$/.test(weight);
  const isItalic = slant === undefined ? undefined : /^(italic|oblique)$/.test(slant);
  return {
    // Google Docs wraps everything in a <b> of normal weight: what the style says comes first.
    bold: isBold ?? (outer.bold || name === "b" || name === "strong"),
    italic: isItalic ?? (outer.italic || ["i", "em", "cite", "dfn"].includes(name)),
    href: (name === "a" ? addressOf(node.getAttribute?.("href") ?? "") : undefined) ?? outer.href,
    pre: outer.pre || name === "pre",
  };
}

/** Where a link really leads: without the redirection of Google Docs or Outlook; undefined when it may not stand. */
function addressOf(href: string): string | undefined {
  const given = withoutControls(href).trim();
  if (!/^(https?|mailto):/i.test(given)) return undefined;
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    return undefined;
  }
  const isGoogle = /^(www\.)?google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url";
  const isOutlook = url.hostname.endsWith(".safelinks.protection.outlook.com");
  const inner = isGoogle ? (url.searchParams.get("q") ?? url.searchParams.get("url")) : null;
  const target = inner ?? (isOutlook ? url.searchParams.get("url") : null);
  if (target !== null && /^https?:/i.test(target) && URL.canParse(target)) url = new URL(target);
  return isLinkAddress(url.href) ? url.href : undefined;
}

type WordListItem = { readonly level: number; readonly ordered: boolean; readonly paragraph: BodyNode };

/** Word's lists are paragraphs that say `mso-list` and carry their bullet or number as text. */
function wordListItem(node: DomNode, place: Place): WordListItem | undefined {
  const level = /mso-list:l\d+level(\d)/.exec(cssOf(node))?.[1];
  if (nameOf(node) !== "p" || level === undefined) return undefined;
  const block = paragraph(inlineOf(node, place));
  if (!block) return undefined;
  return { level: Number(level), ordered: /^\(?[\da-z]{1,4}[.)]/i.test(bulletOf(node)), paragraph: block };
}

function bulletOf(node: DomNode): string {
  if (node.nodeType === elementNode && cssOf(node).includes("mso-list:ignore")) {
    return (node.textContent ?? "").trim();
  }
  for (const child of node.childNodes) {
    const bullet = child.nodeType === elementNode ? bulletOf(child) : "";
    if (bullet !== "") return bullet;
  }
  return "";
}

/** The lists that a row of Word's items makes; deeper ones lie in the item before them. */
function wordLists(items: readonly WordListItem[]): BodyNode[] {
  const lists: BodyNode[] = [];
  let rest = items;
  for (let first = rest[0]; first; first = rest[0]) {
    const { level, ordered } = first;
    const foreign = rest.findIndex((item) => item.level <= level && item.ordered !== ordered);
    const same = foreign === -1 ? rest : rest.slice(0, foreign);
    rest = foreign === -1 ? [] : rest.slice(foreign);
    const content: BodyNode[] = [];
    let at = 0;
    while (at < same.length) {
      const item = same[at];
      if (!item) break;
      const next = same.findIndex((other, index) => index > at && other.level <= level);
      const deeper = same.slice(at + 1, next === -1 ? undefined : next);
      content.push(itemWith([item.paragraph, ...wordLists(deeper)]));
      at = next === -1 ? same.length : next;
    }
    lists.push(
      ordered ? { type: "orderedList", attrs: { start: 1 }, content } : { type: "bulletList", content },
    );
  }
  return lists;
}
