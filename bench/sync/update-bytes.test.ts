import { expect, test } from "vitest";
import * as Y from "yjs";
import { keystroke, paragraphEnds, readEnds, wordsOf } from "./update-bytes";

function docWith(...paragraphs: string[]): Y.Doc {
  const doc = new Y.Doc();
  doc.getXmlFragment("body").insert(
    0,
    paragraphs.map((text) => {
      const block = new Y.XmlElement("paragraph");
      block.insert(0, [new Y.XmlText(text)]);
      return block;
    }),
  );
  return doc;
}
const endsOf = (update: Uint8Array) => {
  const ends = new Map<number, number>();
  readEnds(update, (client, end) => ends.set(client, end));
  return ends;
};

test("keystrokes written by hand are typed at the end of their paragraph", () => {
  const doc = docWith("One", "Two");
  const [first, second] = paragraphEnds(doc);
  if (!first || !second) throw new Error("no ends");
  Y.applyUpdate(doc, keystroke({ client: 5, clock: 0 }, second, "a"));
  Y.applyUpdate(doc, keystroke({ client: 5, clock: 1 }, { client: 5, clock: 0 }, "b"));
  Y.applyUpdate(doc, keystroke({ client: 6, clock: 0 }, first, "ć"));
  const blocks = doc.getXmlFragment("body").toArray();
  expect(blocks.map((block) => block instanceof Y.XmlElement && wordsOf(block))).toEqual(["Oneć", "Twoab"]);
  expect(doc.store.pendingStructs).toBeNull();
});

test("how far an update reaches is read as Yjs reads it, merged and mixed ones too", () => {
  const doc = docWith("One");
  const [end] = paragraphEnds(doc);
  if (!end) throw new Error("no end");
  const typed = [0, 1, 2].map((clock) =>
    keystroke(
      { client: 5, clock },
      clock === 0 ? end : { client: 5, clock: clock - 1 },
      clock === 2 ? "😀" : "a",
    ),
  );
  expect(endsOf(Y.mergeUpdates(typed))).toEqual(new Map([[5, 4]]));
  expect(endsOf(Y.mergeUpdates([...typed, keystroke({ client: 9, clock: 7 }, end, "x")]))).toEqual(
    new Map([
      [9, 8],
      [5, 4],
    ]),
  );
  expect(endsOf(Y.encodeStateAsUpdate(doc))).toEqual(Y.parseUpdateMeta(Y.encodeStateAsUpdate(doc)).to);
});
