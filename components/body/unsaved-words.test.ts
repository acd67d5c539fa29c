import { expect, test } from "vitest";
import * as Y from "yjs";
import { unsavedWords, wordsToCopy } from "./unsaved-words";

function paragraph(doc: Y.Doc, words: string): Y.XmlText {
  const block = new Y.XmlElement("paragraph");
  const text = new Y.XmlText(words);
  block.insert(0, [text]);
  const body = doc.getXmlFragment("body");
  body.insert(body.length, [block]);
  return text;
}
const clockOf = (doc: Y.Doc) => Y.getState(doc.store, doc.clientID);

test("[BO4] only the blocks with words that the store lacks are offered, whole", () => {
  const doc = new Y.Doc();
  paragraph(doc, "Saved long ago.");
  const second = paragraph(doc, "About soldiers came.");
  const saved = clockOf(doc);
  second.insert(6, "4,600 ");
  expect(unsavedWords(doc, saved)).toEqual([
    { field: "body", text: "About 4,600 soldiers came.", added: ["4,600 "] },
  ]);
});

test("[BO4] words of others are not offered as one's own, and deletions offer nothing", () => {
  const mine = new Y.Doc();
  const text = paragraph(mine, "One two three");
  const saved = clockOf(mine);
  text.delete(3, 4);
  expect(unsavedWords(mine, saved)).toEqual([]);
  const theirs = new Y.Doc();
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine));
  paragraph(theirs, "Theirs");
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(theirs));
  expect(unsavedWords(mine, saved)).toEqual([]);
});

test("[BO4] a run that was cut by formatting is still one run, and half a saved run is offered by half", () => {
  const doc = new Y.Doc();
  const text = paragraph(doc, "");
  text.insert(0, "abcdef");
  const half = clockOf(doc) - 3;
  text.format(4, 1, { bold: {} });
  expect(unsavedWords(doc, half)[0]?.added).toEqual(["def"]);
  expect(wordsToCopy(unsavedWords(doc, half))).toBe("abcdef");
});
