import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { plainText } from "@/domain/body/content";
import { storyFacts } from "../stories/story-row";
import { appendToLog, bindClients, clientsOf, compactLog, countUpdates } from "./log-store";
import { readText } from "./read-text";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

async function typed(storyId: string, text: string) {
  const stored = await readText(desk.store.db, storyId);
  if (!stored) throw new Error("no text");
  const before = Y.encodeStateVector(stored.doc);
  const paragraph = stored.doc.getXmlFragment("body").get(0) as Y.XmlElement;
  (paragraph.get(0) as Y.XmlText).insert(0, text);
  return {
    seq: stored.logSeq + 1,
    personId: null,
    at: new Date(),
    update: Y.encodeStateAsUpdate(stored.doc, before),
  };
}
async function bodyOf(storyId: string): Promise<string> {
  const stored = await readText(desk.store.db, storyId);
  return stored ? plainText(stored.content.body) : "";
}

test("[BO7] what was stored is read back in order, before and after compaction", async () => {
  const { db } = desk.store;
  const id = await desk.story("troops.");
  for (const word of ["NATO ", "counts ", "its "].reverse()) {
    const row = await typed(id, word);
    await db.transaction((tx) => appendToLog(tx, id, [row]));
  }
  expect(await bodyOf(id)).toBe("NATO counts its troops.");
  expect(await countUpdates(db, id)).toBe(4);

  await compactLog(db, id, new Date());
  expect(await countUpdates(db, id)).toBe(0);
  expect(await bodyOf(id)).toBe("NATO counts its troops.");
  expect((await readText(db, id))?.logSeq).toBe(4);

  await db.transaction(async (tx) => appendToLog(tx, id, [await typed(id, "Today ")]));
  await compactLog(db, id, new Date());
  expect(await bodyOf(id)).toBe("Today NATO counts its troops.");
  expect((await readText(db, id))?.logSeq).toBe(5);
});

test("[BO7] a number is given once", async () => {
  const id = await desk.story("troops.");
  const row = await typed(id, "x");
  await desk.store.db.transaction((tx) => appendToLog(tx, id, [row]));
  await expect(desk.store.db.transaction((tx) => appendToLog(tx, id, [row]))).rejects.toThrow();
});

test("[BO5] a client id belongs to one person for good", async () => {
  const { db } = desk.store;
  const id = await desk.story("troops.");
  const one = await desk.person("reporter");
  const two = await desk.person("reporter");
  const bind = (personId: string, clientIds: number[]) =>
    bindClients(db, { storyId: id, clientIds, personId, at: new Date() });
  expect(await bind(one.id, [7, 8])).toEqual(new Map());
  expect(await bind(two.id, [8, 9])).toEqual(new Map([[8, one.id]]));
  const clients = await clientsOf(db, id);
  expect([7, 8, 9].map((client) => clients.get(client))).toEqual([one.id, one.id, two.id]);
});

test("who starts a story with words wrote in it; its text has a number", async () => {
  const id = await desk.story("One word.");
  expect((await storyFacts(desk.store.db, id))?.writers).toHaveLength(1);
  expect((await readText(desk.store.db, id))?.logSeq).toBe(1);
});
