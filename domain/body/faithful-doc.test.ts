import { expect, test } from "vitest";
import * as Y from "yjs";
import { applyTidily, newFaithfulDoc } from "./faithful-doc";

/** Two people make the same word bold, neither knowing of the other: each mark stands there twice. */
function twiceBold() {
  const start = new Y.Doc();
  const block = new Y.XmlElement("paragraph");
  block.insert(0, [new Y.XmlText("KFOR counts troops.")]);
  start.getXmlFragment("body").insert(0, [block]);
  const words = Y.encodeStateAsUpdate(start);
  const bold = () => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, words);
    const before = Y.encodeStateVector(doc);
    const text = (doc.getXmlFragment("body").get(0) as Y.XmlElement).get(0) as Y.XmlText;
    text.format(0, 4, { bold: {} });
    return Y.encodeStateAsUpdate(doc, before);
  };
  return { words, first: bold(), second: bold() };
}

const deletedIn = (doc: Y.Doc) =>
  [...Y.snapshot(doc).ds.clients.values()].flat().reduce((sum, { len }) => sum + len, 0);

test("a document of the server's deletes nothing that it was not sent; a plain one does", () => {
  const { words, first, second } = twiceBold();
  const [faithful, plain] = [newFaithfulDoc(), new Y.Doc()];
  for (const doc of [faithful, plain])
    for (const update of [words, first, second]) Y.applyUpdate(doc, update);
  expect(deletedIn(faithful)).toBe(0);
  expect(deletedIn(plain)).toBeGreaterThan(0);
});

test("needless marks are deleted by an update of their own, after which nobody finds any", () => {
  const { words, first, second } = twiceBold();
  const staging = newFaithfulDoc();
  Y.applyUpdate(staging, words);
  expect(applyTidily(staging, first)).toBeUndefined();
  const tidied = applyTidily(staging, second);
  expect(deletedIn(staging)).toBeGreaterThan(0);

  const log = newFaithfulDoc();
  for (const update of [words, first, second, tidied ?? new Uint8Array()]) Y.applyUpdate(log, update);
  expect(Y.equalSnapshots(Y.snapshot(log), Y.snapshot(staging))).toBe(true);

  const editor = new Y.Doc();
  for (const update of [words, first]) Y.applyUpdate(editor, update);
  const sent: unknown[] = [];
  editor.on("update", (_, origin) => sent.push(origin));
  Y.applyUpdate(editor, Y.mergeUpdates([second, tidied ?? new Uint8Array()]), "server");
  expect(sent).toEqual(["server"]);
});
