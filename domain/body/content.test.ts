import { expect, test } from "vitest";
import * as Y from "yjs";
import { canonicalContent, plainText, readContent, StoryContent } from "./content";
import { contentHash } from "./content-hash";
import { writeContent } from "./write-content";

const empty = [{ type: "paragraph" }];
const story = (body: StoryContent["body"]): StoryContent => ({ headline: empty, standfirst: empty, body });
const hashOf = (content: StoryContent) =>
  contentHash({ content, dateline: { place: "Pristina", date: "2026-11-24" }, byline: ["Reporter One"] });
const words = (text: string, ...marks: string[]) => ({
  type: "text",
  text,
  marks: marks.map((type) => ({ type })),
});

test("[BO13] an empty fragment and one empty paragraph are the same content, with the same hash", () => {
  const one = new Y.Doc();
  const other = new Y.Doc();
  other.getXmlFragment("body").insert(0, [new Y.XmlElement("paragraph")]);
  expect(readContent(one)).toEqual(readContent(other));
  expect(hashOf(readContent(one))).toBe(hashOf(readContent(other)));
});

test("[BO13] marks in another order, block ids and nulls change nothing; a word, a mark and a level do", () => {
  const plain = story([
    { type: "heading", attrs: { level: 2 }, content: [words("4,600 troops", "bold", "italic")] },
  ]);
  const same = story([
    {
      type: "heading",
      attrs: { level: 2, id: "b1", textAlign: null },
      content: [words("4,600 ", "italic", "bold"), words("troops", "bold", "italic")],
    },
  ]);
  expect(hashOf(same)).toBe(hashOf(plain));
  const others = [
    story([{ type: "heading", attrs: { level: 3 }, content: [words("4,600 troops", "bold", "italic")] }]),
    story([{ type: "heading", attrs: { level: 2 }, content: [words("4,600 troops", "bold")] }]),
    story([{ type: "heading", attrs: { level: 2 }, content: [words("4,601 troops", "bold", "italic")] }]),
  ];
  for (const other of others) expect(hashOf(other)).not.toBe(hashOf(plain));
});

test("[BO13] dateline and byline are in the hash", () => {
  const content = story(empty);
  const dateline = { place: "Pristina", date: "2026-11-24" };
  const hash = contentHash({ content, dateline, byline: ["Reporter One"] });
  expect(contentHash({ content, dateline, byline: ["Reporter Two"] })).not.toBe(hash);
  expect(
    contentHash({ content, dateline: { ...dateline, place: "Mitrovica" }, byline: ["Reporter One"] }),
  ).not.toBe(hash);
});

test("[BO13] the hash does not depend on the order of keys in stored JSON", () => {
  const content = story([
    { type: "paragraph", content: [{ type: "text", text: "KFOR", marks: [{ type: "bold" }] }] },
  ]);
  const shuffled = story([
    { content: [{ text: "KFOR", marks: [{ type: "bold" }], type: "text" }], type: "paragraph" },
  ]);
  expect(hashOf(shuffled)).toBe(hashOf(content));
});

test("[BO12] plain text joins text blocks by a blank line, a hard break is a line break", () => {
  const text = plainText([
    { type: "paragraph", content: [words("One"), { type: "hardBreak" }, words("two", "bold")] },
    { type: "paragraph" },
    {
      type: "bulletList",
      content: [
        { type: "listItem", content: [{ type: "paragraph", content: [words("three")] }] },
        { type: "listItem", content: [{ type: "paragraph", content: [words("four")] }] },
      ],
    },
  ]);
  expect(text).toBe("One\ntwo\n\n\n\nthree\n\nfour");
});

test("reads what the editor's binding writes: attributes, formats, hashed names of overlapping marks", () => {
  const doc = new Y.Doc();
  const heading = new Y.XmlElement("heading");
  heading.setAttribute("level", 3 as unknown as string);
  const text = new Y.XmlText();
  text.applyDelta([
    { insert: "see " },
    {
      insert: "here",
      attributes: { "link--abcd1234": { href: "https://example.org/", title: null }, bold: {} },
    },
  ]);
  heading.insert(0, [text, new Y.XmlText("!")]);
  doc.getXmlFragment("body").insert(0, [heading]);
  expect(readContent(doc).body).toEqual([
    {
      type: "heading",
      attrs: { level: 3 },
      content: [
        { type: "text", text: "see " },
        {
          type: "text",
          marks: [{ type: "bold" }, { type: "link", attrs: { href: "https://example.org/" } }],
          text: "here",
        },
        { type: "text", text: "!" },
      ],
    },
  ]);
});

test("what was written is read back, and is canonical", () => {
  const content = canonicalContent({
    headline: [{ type: "paragraph", content: [words("NATO in Kosovo")] }],
    standfirst: [],
    body: [
      { type: "orderedList", content: [{ type: "listItem", content: [{ type: "paragraph" }] }] },
      { type: "blockquote", content: [{ type: "paragraph", content: [words("“We stay.”", "italic")] }] },
    ],
  });
  const doc = new Y.Doc();
  let n = 0;
  writeContent(doc, content, () => `b${String((n += 1))}`);
  expect(readContent(doc)).toEqual(content);
  expect(n).toBe(4);
  expect(StoryContent.parse(JSON.parse(JSON.stringify(content)))).toEqual(content);
});
