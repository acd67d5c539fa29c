import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { countUpdates, appendToLog } from "./log-store";
import { readText } from "./read-text";
import { openClient, openRaw, openTestServer, synced, until, type TestServer } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
let server: TestServer;
let aheadMs = 0;
beforeAll(async () => {
  desk = await openTestDesk(() => new Date(Date.now() + aheadMs));
  server = await openTestServer(desk);
});
afterAll(async () => {
  await server.close();
  await desk.close();
});

test("every connection hears a data frame within 15 s, also when nothing happens", async () => {
  const story = await desk.story("Words.");
  const raw = await openRaw(server.url, story, await desk.person("checker"));
  await until(
    () => raw.frames.length,
    (count) => count === 1,
  );
  aheadMs += 13_000;
  await until(
    () => raw.frames.at(-1),
    (frame) => JSON.stringify([...(frame ?? [])]) === "[1,1,0]",
  );
  raw.socket.close();
});

test("[BO7] a story that nobody has open leaves memory, its log merged; opened again it is the same", async () => {
  const story = await desk.story("Words.");
  const text = await readText(desk.store.db, story);
  if (!text) throw new Error("no text");
  const rows: Uint8Array[] = [];
  text.doc.on("update", (update: Uint8Array) => rows.push(update));
  const words = (text.doc.getXmlFragment("body").get(0) as Y.XmlElement).get(0) as Y.XmlText;
  for (let n = 0; n < 120; n += 1) words.insert(0, "x");
  const { db } = desk.store;
  await db.transaction((tx) =>
    appendToLog(
      tx,
      story,
      rows.map((update, n) => ({ seq: n + 2, personId: null, at: new Date(), update })),
    ),
  );
  await db.execute(`update stories set log_seq = 121 where id = '${story}'`);
  const person = await desk.person("reporter");
  const one = openClient(server.url, story, person);
  await synced(one);
  expect(one.text()).toBe(`${"x".repeat(120)}Words.`);
  one.leave();
  await until(
    () => server.body.here(story),
    (here) => here.length === 0,
  );
  await new Promise((resolve) => setTimeout(resolve, 4100));
  aheadMs += 40_000;
  await until(
    () => countUpdates(db, story),
    (count) => count === 0,
  );
  const again = openClient(server.url, story, person);
  await synced(again);
  again.type(0, "And ");
  await until(
    () => again.saved.count,
    (count) => count === again.sent(),
  );
  expect(again.text()).toBe(`And ${"x".repeat(120)}Words.`);
  expect((await readText(db, story))?.logSeq).toBe(122);
  again.leave();
});

test("[BO7] of many stories that were just left only the last ones stay in memory", async () => {
  const other = await openTestServer(desk, {}, 0, 2);
  const person = await desk.person("reporter");
  const kept: string[] = [];
  for (const words of ["One.", "Two.", "Three.", "Four."]) {
    const story = await desk.story(words);
    const client = openClient(other.url, story, person);
    await synced(client);
    client.leave();
    await until(
      () => other.body.here(story),
      (here) => here.length === 0,
    );
    kept.push(story);
  }
  // Nobody has been away for long: no clock was put ahead.
  await until(
    () => other.body.counts().rooms,
    (rooms) => rooms === 2,
  );
  for (const story of kept) {
    const again = openClient(other.url, story, person);
    await synced(again);
    expect(again.text()).toMatch(/^(One|Two|Three|Four)\.$/);
    again.leave();
  }
  await other.close();
});

test("a stop stores what has come and closes with 1012", async () => {
  const story = await desk.story("Words.");
  const other = await openTestServer(desk);
  const one = openClient(other.url, story, await desk.person("reporter"));
  await synced(one);
  for (let n = 0; n < 10; n += 1) one.type(0, "y");
  await until(
    () => one.saved.count,
    (count) => count > 1,
  );
  await other.body.close();
  await until(
    () => one.closed,
    (closed) => closed.length > 0,
  );
  expect(one.closed[0]?.code).toBe(1012);
  one.provider.disconnect();
  await other.close();
  one.leave();
});
