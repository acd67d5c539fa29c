/**
 * What other programs put on the clipboard, made into what a story knows: paragraphs, headings 2 to 4, lists, quotes,
 * bold, italic, links. Word brings deleted words as live text, lists as paragraphs and pictures of the local disk;
 * Google Docs brings a bold wrapper around everything and links through a redirect.
 */
import { withoutBidiControls } from "@/domain/body/bidi-controls";

const dropped =
  "style,script,meta,link,title,xml,del,img,picture,video,audio,iframe,object,svg,math,input,button";

/** HTML in, cleaner HTML out. What our own editors copied passes as it is. */
export function cleanPastedHtml(html: string): string {
  if (/\sdata-pm-slice=/.test(html)) return withoutBidiControls(html);
  const page = new DOMParser().parseFromString(withoutBidiControls(html), "text/html");
  const { body } = page;
  removeComments(body);
  for (const element of body.querySelectorAll(dropped)) element.remove();
  for (const element of body.querySelectorAll("*")) if (isWordNoise(element)) element.remove();
  for (const wrapper of body.querySelectorAll('b[id^="docs-internal-guid"]')) unwrap(wrapper);
  makeLists(page);
  for (const row of body.querySelectorAll("tr")) asParagraph(page, row);
  for (const [from, to] of [
    ["h1", "h2"],
    ["h5", "h4"],
    ["h6", "h4"],
  ] as const) {
    for (const heading of body.querySelectorAll(from)) rename(page, heading, to);
  }
  for (const link of body.querySelectorAll("a")) cleanLink(link);
  for (const br of body.querySelectorAll(":scope > br")) br.remove();
  for (const paragraph of body.querySelectorAll("p")) if (isBlank(paragraph)) paragraph.remove();
  for (const element of body.querySelectorAll("*")) keepMeaningOnly(element);
  return body.innerHTML;
}

/** For one line of plain text, such as the headline. */
export const pastedLine = (text: string): string => withoutBidiControls(text).replace(/\s+/gu, " ").trim();

function removeComments(root: Element): void {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.parentNode?.removeChild(comment);
}

const styleOf = (element: Element) => element.getAttribute("style") ?? "";

function isWordNoise(element: Element): boolean {
  const style = styleOf(element);
  if (/mso-element:\s*(comment|footnote|endnote|header|footer)/i.test(style)) return true;
  if (/display:\s*none|mso-hide:\s*all/i.test(style)) return true;
  if (/^Mso(Comment|FootnoteReference|EndnoteReference)/.test(element.className)) return true;
  return element.tagName.toLowerCase() === "o:p" && isBlank(element);
}

const isBlank = (element: Element) => (element.textContent ?? "").trim() === "";

function unwrap(element: Element): void {
  element.replaceWith(...element.childNodes);
}

function rename(page: Document, element: Element, name: string): void {
  const renamed = page.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

function asParagraph(page: Document, row: Element): void {
  const words = [...row.children].map((cell) => (cell.textContent ?? "").trim()).filter(Boolean);
  const paragraph = page.createElement("p");
  paragraph.textContent = words.join(" | ");
  const table = row.closest("table");
  if (!table) return;
  table.before(paragraph);
  row.remove();
  if (!table.querySelector("tr")) table.remove();
}

/** Word's list paragraphs (`mso-list: l0 level2 lfo1`), the marker as text in front, become real lists. */
function makeLists(page: Document): void {
  let open: { list: Element; level: number }[] = [];
  let previous: Element | null = null;
  for (const paragraph of page.body.querySelectorAll('p[style*="mso-list"], p[class^="MsoList"]')) {
    const level = Number(/mso-list:[^;]*level(\d+)/i.exec(styleOf(paragraph))?.[1] ?? 0);
    if (level === 0) continue;
    const marker = [...paragraph.querySelectorAll("span")].find((span) =>
      /mso-list:\s*Ignore/i.test(styleOf(span)),
    );
    const markerWords = (marker?.textContent ?? "").trim();
    const name = /^[\da-z]{1,4}[.)]/i.test(markerWords) ? "ol" : "ul";
    marker?.remove();
    const item = page.createElement("li");
    const words = page.createElement("p");
    words.append(...paragraph.childNodes);
    item.append(words);
    if (previous === null || paragraph.previousElementSibling !== previous) open = [];
    open = open.filter((one) => one.level <= level);
    const current = open.at(-1);
    if (current?.level === level && current.list.localName === name) {
      current.list.append(item);
      paragraph.remove();
    } else {
      const list = page.createElement(name);
      list.append(item);
      const parentItem = current && current.level < level ? current.list.lastElementChild : null;
      if (parentItem) {
        parentItem.append(list);
        paragraph.remove();
      } else {
        paragraph.replaceWith(list);
        open = [];
        previous = list;
      }
      open.push({ list, level });
    }
  }
}

function cleanLink(link: HTMLAnchorElement): void {
  const href = realAddress(link.getAttribute("href") ?? "");
  if (href === null) unwrap(link);
  else link.setAttribute("href", href);
}

/** Google's and Outlook's redirects opened; null for what is no address on the web or a mail address. */
function realAddress(href: string): string | null {
  const url = URL.canParse(href) ? new URL(href) : null;
  if (!url) return null;
  if (/(^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url") {
    const real = url.searchParams.get("q") ?? url.searchParams.get("url");
    if (real) return realAddress(real);
  }
  if (url.hostname.endsWith("safelinks.protection.outlook.com")) {
    const real = url.searchParams.get("url");
    if (real) return realAddress(real);
  }
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? href.trim() : null;
}

const keptAttributes: Readonly<Record<string, readonly string[]>> = { a: ["href"], ol: ["start"] };

function keepMeaningOnly(element: Element): void {
  const style = styleOf(element);
  const weight = /font-weight:\s*([^;]+)/i.exec(style)?.[1]?.trim();
  const isItalic = /font-style:\s*italic/i.test(style);
  const kept = keptAttributes[element.localName] ?? [];
  for (const name of element.getAttributeNames()) if (!kept.includes(name)) element.removeAttribute(name);
  // Headings are bold by nature: their weight says nothing.
  if (/^h\d$/.test(element.localName)) return;
  const styles = [weight ? `font-weight: ${weight}` : "", isItalic ? "font-style: italic" : ""].filter(
    Boolean,
  );
  if (styles.length > 0) element.setAttribute("style", styles.join("; "));
}
