import { expect, test } from "vitest";
import * as Y from "yjs";
import { canonicalContent, readContent, type BodyNode, type StoryContent } from "./content";
import {
  lacksBlockIds,
  removeEmptyBlocks,
  replaceContent,
  seedBlockIds,
  writeContent,
} from "./write-content";

const idsFrom = (prefix: string) => {
  let n = 0;
  return () => `${prefix}${String((n += 1))}`;
};
const words = (text: string, marks: string[] = []): BodyNode => ({
  type: "text",
  text,
  ...(marks.length === 0 ? {} : { marks: marks.map((type) => ({ type })) }),
});
const paragraph = (...content: BodyNode[]): BodyNode => ({
  type: "paragraph",
  ...(content.length ? { content } : {}),
});
const story = (body: BodyNode[]): StoryContent => canonicalContent({ headline: [], standfirst: [], body });
function docOf(content: StoryContent): Y.Doc {
  const doc = new Y.Doc();
  writeContent(doc, content, idsFrom("a"));
  return doc;
}
const blockIds = (doc: Y.Doc) =>
  doc
    .getXmlFragment("body")
    .toArray()
    .map((block) => (block instanceof Y.XmlElement ? block.getAttribute("id") : undefined));

test("[WF6] a forward edit keeps the blocks and words that stay", () => {
  const doc = docOf(
    story([
      paragraph(words("One stays.")),
      paragraph(words("Two has 4,600 troops.")),
      paragraph(words("Three goes.")),
    ]),
  );
  const second = doc.getXmlFragment("body").get(1) as Y.XmlElement;
  const text = second.get(0) as Y.XmlText;
  const position = Y.createRelativePositionFromTypeIndex(text, "Two has 4,600 ".length);
  const wanted = story([
    paragraph(words("Zero is new.")),
    paragraph(words("One stays.")),
    paragraph(words("Now two has "), words("4,600", ["bold"]), words(" troops.")),
  ]);
  replaceContent(doc, wanted, idsFrom("new"));
  expect(readContent(doc)).toEqual(wanted);
  expect(blockIds(doc)).toEqual(["new1", "a3", "a4"]);
  expect(Y.createAbsolutePositionFromRelativePosition(position, doc)?.index).toBe(
    "Now two has 4,600 ".length,
  );
});

test("[WF6] a forward edit ends exactly at any content, from any content", () => {
  const seed = 20261125;
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const some = <T>(max: number, make: () => T) => Array.from({ length: next(max + 1) }, make);
  const inline = (): BodyNode =>
    next(6) === 0
      ? { type: "hardBreak" }
      : words(
          ["KFOR ", "4,600 ", "said 🙂", "not ", "in May, "][next(5)] ?? "x",
          [["bold"], ["italic"], []][next(3)],
        );
  const block = (depth = 0): BodyNode => {
    switch (next(depth > 1 ? 2 : 5)) {
      case 0:
      case 1:
        return paragraph(...some(5, inline));
      case 2:
        return { type: "heading", attrs: { level: 2 + next(3) }, content: some(3, inline) };
      case 3:
        return {
          type: next(2) ? "bulletList" : "orderedList",
          content: some(3, () => ({
            type: "listItem",
            content: [paragraph(...some(2, inline)), ...some(1, () => block(depth + 1))],
          })),
        };
      default:
        return { type: "blockquote", content: some(2, () => block(depth + 1)) };
    }
  };
  for (let run = 0; run < 300; run += 1) {
    const from = story(some(5, block));
    const to = next(3)
      ? story([...from.body.filter(() => next(4)), ...some(2, block)])
      : story(some(5, block));
    const doc = docOf(from);
    replaceContent(doc, to, idsFrom("n"));
    expect(readContent(doc), `seed ${String(seed)}, run ${String(run)}`).toEqual(to);
  }
});

test("text blocks without an id get one, once", () => {
  const doc = docOf(story([paragraph(words("One"))]));
  const list = new Y.XmlElement("bulletList");
  const item = new Y.XmlElement("listItem");
  item.insert(0, [new Y.XmlElement("paragraph")]);
  list.insert(0, [item]);
  doc.getXmlFragment("body").insert(1, [list]);
  expect(lacksBlockIds(doc)).toBe(true);
  seedBlockIds(doc, idsFrom("s"));
  expect((item.get(0) as Y.XmlElement).getAttribute("id")).toBe("s1");
  expect(lacksBlockIds(doc)).toBe(false);
});

test("what holds nothing goes, with what it leaves empty; empty paragraphs stay", () => {
  const doc = docOf(story([paragraph(words("One")), paragraph()]));
  const [quote, list] = [new Y.XmlElement("blockquote"), new Y.XmlElement("bulletList")];
  list.insert(0, [new Y.XmlElement("listItem")]);
  quote.insert(0, [list]);
  doc.getXmlFragment("body").insert(1, [quote]);
  removeEmptyBlocks(doc);
  expect(readContent(doc).body).toEqual([paragraph(words("One")), { type: "paragraph" }]);
});
