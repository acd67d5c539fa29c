import * as Y from "yjs";
import { expect, test } from "vitest";
import { fieldText, offsetOf, positionAt, resolvePosition } from "./plain-text";

function block(name: string, id: string | null, ...children: (string | Y.XmlElement)[]): Y.XmlElement {
  const element = new Y.XmlElement(name);
  if (id !== null) element.setAttribute("id", id);
  element.insert(
    0,
    children.map((child) => {
      if (typeof child !== "string") return child;
      const text = new Y.XmlText();
      text.insert(0, child);
      return text;
    }),
  );
  return element;
}

function story(...blocks: Y.XmlElement[]): Y.XmlFragment {
  const fragment = new Y.Doc().getXmlFragment("body");
  fragment.insert(0, blocks);
  return fragment;
}

function textOf(fragment: Y.XmlFragment, block: number): Y.XmlText {
  const element = fragment.get(block);
  const text = element instanceof Y.XmlElement ? element.get(0) : null;
  if (!(text instanceof Y.XmlText)) throw new Error(`no text in block ${block}`);
  return text;
}

test("[BO12] text blocks are joined by a blank line, a hard break is a line break", () => {
  const field = fieldText(
    story(
      block("heading", "a", "Title"),
      block("paragraph", "b", "One", new Y.XmlElement("hardBreak"), "two"),
      block(
        "bulletList",
        "c",
        block("listItem", "d", block("paragraph", null, "point")),
        block("listItem", "e"),
      ),
      block("paragraph", "f"),
      block("blockquote", "g", block("paragraph", "h", "said")),
    ),
  );
  expect(field.text).toBe("Title\n\nOne\ntwo\n\npoint\n\n\n\nsaid");
  expect(field.blocks.map(({ id, start, end }) => [id, start, end])).toEqual([
    ["a", 0, 5],
    ["b", 7, 14],
    ["d", 16, 21],
    ["f", 23, 23],
    ["h", 25, 29],
  ]);
});

test("[BO12] an empty field is one empty block", () => {
  const field = fieldText(story());
  expect(field.text).toBe("");
  expect(field.blocks).toHaveLength(1);
});

test("[BO12] positions go there and back from the first word to the last", () => {
  const fragment = story(block("paragraph", "a", "First word"), block("paragraph", "b", "bold", "last"));
  textOf(fragment, 0).format(0, 5, { bold: {} });
  const field = fieldText(fragment);
  for (let offset = 0; offset < field.text.length; offset += 1) {
    const position = positionAt(field, offset, "start");
    if (field.text[offset] === "\n") expect(position).toBeNull();
    else expect(position && offsetOf(field, position)).toBe(offset);
  }
  for (let offset = 1; offset <= field.text.length; offset += 1) {
    const position = positionAt(field, offset, "end");
    if (field.text[offset - 1] === "\n") expect(position).toBeNull();
    else expect(position && offsetOf(field, position)).toBe(offset);
  }
});

test("[AN3] letters typed at either edge lie outside", () => {
  const fragment = story(block("paragraph", "a", "About 4,600 troops"));
  const before = fieldText(fragment);
  const start = positionAt(before, 6, "start");
  const end = positionAt(before, 11, "end");
  textOf(fragment, 0).insert(11, "0");
  textOf(fragment, 0).insert(6, "1");
  const field = fieldText(fragment);
  expect(field.text).toBe("About 14,6000 troops");
  expect(field.text.slice((start && offsetOf(field, start)) ?? 0, (end && offsetOf(field, end)) ?? 0)).toBe(
    "4,600",
  );
});

test("[AN1] a deleted letter still has its place; a deleted block has none", () => {
  const fragment = story(block("paragraph", "a", "About 4,600 troops"), block("paragraph", "b", "More"));
  const before = fieldText(fragment);
  const inside = positionAt(before, 6, "start");
  const gone = positionAt(before, 20, "start");
  textOf(fragment, 0).delete(6, 5);
  fragment.delete(1, 1);
  const field = fieldText(fragment);
  expect(inside && resolvePosition(field, inside)).toEqual({ offset: 6, alive: false });
  expect(gone && resolvePosition(field, gone)).toBeNull();
});

test("[BO12] the same answer as Yjs for positions that name a letter, a block or a field", () => {
  const fragment = story(block("paragraph", "a", "About 4,600 troops"), block("paragraph", "b", "More"));
  const field = fieldText(fragment);
  const text = textOf(fragment, 0);
  for (const assoc of [0, -1]) {
    for (let index = 0; index <= text.length; index += 1) {
      const position = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(text, index, assoc));
      expect(offsetOf(field, position)).toBe(index);
    }
  }
  const second = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(fragment, 1, 0));
  expect(offsetOf(field, second)).toBe(20);
  const end = Y.encodeRelativePosition(Y.createRelativePositionFromTypeIndex(fragment, 2, 0));
  expect(offsetOf(field, end)).toBe(24);
});

test("[BO12] what is no position has no place", () => {
  const field = fieldText(story(block("paragraph", "a", "Words")));
  for (const bytes of [[], [255], [0, 1], [7, 7, 7, 7], [0, 200, 1]])
    expect(offsetOf(field, new Uint8Array(bytes))).toBeNull();
});
