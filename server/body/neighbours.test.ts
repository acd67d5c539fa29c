/** Bad neighbours: what one connection does too much of, the others and the store do not pay for. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { plainText } from "@/domain/body/content";
import { readText } from "./read-text";
import {
  openClient,
  openRaw,
  openTestServer,
  syncFrame,
  synced,
  until,
  type TestServer,
} from "./test-clients";
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

test("[BO4] a flood is delayed, nothing of it is dropped, and another room writes on meanwhile", async () => {
  const flooded = await desk.story("Words.");
  const calm = await desk.story("Words.");
  const flooder = openClient(server.url, flooded, await desk.person("reporter"));
  const one = openClient(server.url, calm, await desk.person("reporter"));
  const two = openClient(server.url, calm, await desk.person("reporter"));
  await synced(flooder, one, two);
  for (let n = 0; n < 1_200; n += 1) flooder.type(0, `[${String(n)}]`);
  one.type(0, "(0)");
  await until(two.text, (text) => text.startsWith("(0)"));
  expect(flooder.saved.count).toBeLessThan(flooder.sent());
  for (let n = 1; n < 20; n += 1) {
    one.type(0, `(${String(n)})`);
    await until(two.text, (text) => text.startsWith(`(${String(n)})`));
  }
  await until(
    () => flooder.saved.count,
    (count) => count === flooder.sent(),
    30_000,
  );
  const stored = await readText(desk.store.db, flooded);
  expect(plainText(stored?.content.body ?? [])).toBe(flooder.text());
  for (const client of [flooder, one, two]) {
    expect(client.closed).toEqual([]);
    client.leave();
  }
});

test("[BO4] what waits for missing structs for 30 s is closed with 1013; the others do not wait with it", async () => {
  const story = await desk.story("Words.");
  const honest = openClient(server.url, story, await desk.person("reporter"));
  await synced(honest);
  const waiting = await openRaw(server.url, story, await desk.person("reporter"));
  const own = new Y.Doc();
  Y.applyUpdate(own, Y.encodeStateAsUpdate(honest.doc));
  const body = own.getXmlFragment("body");
  body.insert(0, [new Y.XmlElement("paragraph")]);
  const seen = Y.encodeStateVector(own);
  body.insert(0, [new Y.XmlElement("paragraph")]);
  waiting.send(syncFrame(1, Uint8Array.from([0, 0])));
  waiting.send(syncFrame(2, Y.encodeStateAsUpdate(own, seen)));
  honest.type(0, "On. ");
  await until(
    () => honest.saved.count,
    (count) => count === honest.sent(),
  );
  expect(waiting.socket.readyState).toBe(waiting.socket.OPEN);
  // Neither is silent meanwhile: half-open connections end earlier and otherwise.
  aheadMs = 20_000;
  honest.type(0, "Still on. ");
  await until(
    () => honest.saved.count,
    (count) => count === honest.sent(),
  );
  const heard = waiting.frames.length;
  waiting.send(syncFrame(0, Uint8Array.from([0])));
  await until(
    () => waiting.frames.length,
    (count) => count > heard,
  );
  aheadMs = 32_000;
  expect((await waiting.closed).code).toBe(1013);
  honest.type(0, "And on. ");
  await until(
    async () => plainText((await readText(desk.store.db, story))?.content.body ?? []),
    (text) => text === "And on. Still on. On. Words.",
  );
  expect(honest.closed).toEqual([]);
  honest.leave();
});
