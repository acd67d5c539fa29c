/** A story's text as HTML, for feeds and exports: every word escaped, nothing but the document's own elements. */
import type { BodyNode, TextMark } from "../body/content";
import { isLinkAddress } from "../body/schema";

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and attribute values, in HTML and XML. Characters that XML does not know are left out. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (character) => escapes[character] ?? "");
}

export function storyHtml(nodes: readonly BodyNode[]): string {
  return nodes.map(nodeHtml).join("");
}

function nodeHtml(node: BodyNode): string {
  const inner = () => storyHtml(node.content ?? []);
  switch (node.type) {
    case "text":
      return (node.marks ?? []).reduceRight(markHtml, escapeMarkup(node.text ?? ""));
    case "paragraph":
      return `<p>${inner()}</p>`;
    case "heading": {
      const level = headingLevel(node);
      return `<h${level}>${inner()}</h${level}>`;
    }
    case "bulletList":
      return `<ul>${inner()}</ul>`;
    case "orderedList": {
      const start = listStart(node);
      return `<ol${start === 1 ? "" : ` start="${String(start)}"`}>${inner()}</ol>`;
    }
    case "listItem":
      return `<li>${inner()}</li>`;
    case "blockquote":
      return `<blockquote>${inner()}</blockquote>`;
    case "hardBreak":
      return "<br>";
    default:
      // A node of a newer schema: its words at least.
      return inner();
  }
}

function markHtml(html: string, { type, attrs }: TextMark): string {
  const href = attrs?.["href"];
  if (type === "bold") return `<strong>${html}</strong>`;
  if (type === "italic") return `<em>${html}</em>`;
  if (type === "link" && isLinkAddress(href)) return `<a href="${escapeMarkup(href)}">${html}</a>`;
  return html;
}

/** 2 to 4, as the schema has them. */
function headingLevel(node: BodyNode): "2" | "3" | "4" {
  const level = node.attrs?.["level"];
  return level === 3 ? "3" : level === 4 ? "4" : "2";
}

function listStart(node: BodyNode): number {
  const start = node.attrs?.["start"];
  return typeof start === "number" && Number.isInteger(start) ? start : 1;
}
