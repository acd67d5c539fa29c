import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { plainText, type StoryContent } from "@/domain/body/content";
import { lockStory, noteLogSeq, storyFacts, setStatus } from "../stories/story-row";
import { people } from "../people/people-tables";
import type { BodyHooks } from "./commit-batch";
import { presenceFrame } from "./frames";
import { appendToLog, bindClients, clientsOf } from "./log-store";
import { readText } from "./read-text";
import {
  openClient,
  openRaw,
  openTestServer,
  synced,
  syncFrame,
  until,
  type Client,
  type TestServer,
} from "./test-clients";
import type { NewsroomEvent } from "../events/bus";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
let server: TestServer;
const hooks: { -readonly [Name in keyof BodyHooks]?: BodyHooks[Name] } = {};
const clients: Client[] = [];

beforeAll(async () => {
  desk = await openTestDesk();
  server = await openTestServer(desk, {
    whenContentChanges: async (tx, change) => hooks.whenContentChanges?.(tx, change),
    keepVersion: async (tx, given) => (await hooks.keepVersion?.(tx, given)) ?? 1,
    hasMovedOn: async (q, story) => (await hooks.hasMovedOn?.(q, story)) ?? false,
  });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.leave();
  for (const name of Object.keys(hooks)) delete hooks[name as keyof BodyHooks];
});
afterAll(async () => {
  await server.close();
  await desk.close();
});

function open(...given: [storyId: string, person: { id: string }, params?: Record<string, string>]): Client {
  const client = openClient(server.url, ...given);
  clients.push(client);
  return client;
}
async function storedBody(storyId: string): Promise<string> {
  const stored = await readText(desk.store.db, storyId);
  return stored ? plainText(stored.content.body) : "";
}

test("[BO1] two reporters type at once with a stock provider and converge with the store", async () => {
  const story = await desk.story("KFOR counts 4,600 troops.");
  const one = open(story, await desk.person("reporter"));
  const two = open(story, await desk.person("reporter"));
  await synced(one, two);
  expect(one.text()).toBe("KFOR counts 4,600 troops.");
  for (let n = 0; n < 50; n += 1) {
    one.type(0, "a");
    two.type(two.text().length, "z");
    if (n % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
  }
  const expected = `${"a".repeat(50)}KFOR counts 4,600 troops.${"z".repeat(50)}`;
  await until(
    () => [one.text(), two.text()],
    (texts) => texts.every((text) => text === expected),
  );
  expect(await storedBody(story)).toBe(expected);
});

test("[BO2] saved counts the updates sent, once they are stored", async () => {
  const story = await desk.story("Words.");
  const one = open(story, await desk.person("reporter"));
  await synced(one);
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  for (let n = 0; n < 20; n += 1) one.type(0, "x");
  expect(one.saved.count).toBeLessThan(one.sent());
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  expect(await storedBody(story)).toBe(`${"x".repeat(20)}Words.`);
  expect(one.saved.logSeq).toBe((await readText(desk.store.db, story))?.logSeq);
});

test("[BO2] a connection that does not ask is not told", async () => {
  const story = await desk.story("Words.");
  const raw = await openRaw(server.url, story, await desk.person("reporter"));
  raw.send(syncFrame(0, Y.encodeStateVector(new Y.Doc())));
  await until(
    () => raw.frames.length,
    (count) => count >= 2,
  );
  expect(raw.frames.some(([type]) => type === 100)).toBe(false);
  raw.socket.close();
});

test("[BO1] nobody sees an update before it is stored", async () => {
  const story = await desk.story("Words.");
  const one = open(story, await desk.person("reporter"));
  const two = open(story, await desk.person("reporter"));
  await synced(one, two);
  let early = 0;
  two.doc.on("update", () => {
    const seen = two.text();
    void storedBody(story).then((stored) => {
      if (stored.length < seen.length) early += 1;
    });
  });
  // While somebody holds the story's row, nothing can be stored.
  const { db } = desk.store;
  await db.transaction(async (tx) => {
    await setStatus(tx, { storyId: story, status: "checking", by: null, at: new Date() });
    one.type(0, "held ");
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(two.text()).toBe("Words.");
    expect(one.saved.count).toBeLessThan(one.sent());
  });
  await until(
    () => two.text(),
    (text) => text === "held Words.",
  );
  expect(early).toBe(0);
});

test("[BO4][PE1] a checker changes nothing and hears permission denied; the count stands", async () => {
  const story = await desk.story("KFOR counts 4,600 troops.");
  const checker = open(story, await desk.person("checker"));
  const reporter = open(story, await desk.person("reporter"));
  await synced(checker, reporter);
  await until(
    () => checker.saved.count,
    (count) => count === 1,
  );
  checker.type(0, "not ");
  checker.remove(10, 4);
  await until(
    () => checker.denied,
    (denied) => denied.length === 2,
  );
  expect(checker.denied[0]).toBe("permission denied");
  reporter.type(0, "Today ");
  await until(
    () => checker.text(),
    (text) => text.includes("Today "),
  );
  expect(await storedBody(story)).toBe("Today KFOR counts 4,600 troops.");
  expect(checker.saved.count).toBe(1);
  expect(checker.closed).toEqual([]);
});

test("[BO3] a read-only client's SyncStep2 with the whole delete set changes nothing and is counted", async () => {
  const story = await desk.story("KFOR counts 4,600 troops.");
  const reporter = open(story, await desk.person("reporter"));
  await synced(reporter);
  reporter.remove(0, 5);
  await until(
    () => reporter.saved.count,
    (count) => count === reporter.sent(),
  );
  const checker = open(story, await desk.person("checker"));
  await synced(checker);
  checker.provider.disconnect();
  checker.provider.connect();
  await synced(checker);
  await until(
    () => checker.saved.count,
    (count) => count === 1,
  );
  expect(checker.denied).toEqual([]);
});

test("[BO5] structs under another person's client id are refused with 4422, nothing of it applied", async () => {
  const story = await desk.story("Words.");
  const reporter = open(story, await desk.person("reporter"));
  await synced(reporter);
  reporter.type(0, "mine ");
  await until(
    () => reporter.saved.count,
    (count) => count === reporter.sent(),
  );

  const forger = await openRaw(server.url, story, await desk.person("reporter"));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(reporter.doc));
  doc.clientID = reporter.doc.clientID;
  const before = Y.encodeStateVector(doc);
  const block = doc.getXmlFragment("body").get(0) as Y.XmlElement;
  (block.get(0) as Y.XmlText).insert(0, "forged ");
  forger.send(syncFrame(2, Y.encodeStateAsUpdate(doc, before)));
  expect(await forger.closed).toEqual({ code: 4422, reason: "foreign-client" });
  expect(await storedBody(story)).toBe("mine Words.");
});

test("[BO5] a connection without epoch uses one client id; with the right one it may bring an outbox", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const text = await readText(desk.store.db, story);
  if (!text) throw new Error("no text");
  const update = (word: string) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(text.doc));
    const before = Y.encodeStateVector(doc);
    ((doc.getXmlFragment("body").get(0) as Y.XmlElement).get(0) as Y.XmlText).insert(0, word);
    return syncFrame(2, Y.encodeStateAsUpdate(doc, before));
  };
  const one = await openRaw(server.url, story, person);
  one.send(update("a "));
  one.send(update("b "));
  expect(await one.closed).toEqual({ code: 4422, reason: "foreign-client" });
  const outbox = await openRaw(server.url, story, person, { epoch: desk.house.epoch });
  for (const word of ["c ", "d ", "e "]) outbox.send(update(word));
  await until(
    () => storedBody(story),
    (body) => ["a ", "c ", "d ", "e "].every((word) => body.includes(word)),
  );
  expect(await storedBody(story)).not.toContain("b ");
  outbox.socket.close();
});

test("[BO5] the first letter binds a client id in the store; one that another process bound meanwhile is refused", async () => {
  const story = await desk.story("Words.");
  const [person, rival] = [await desk.person("reporter"), await desk.person("reporter")];
  const doc = (await readText(desk.store.db, story))?.doc ?? new Y.Doc();
  const letterAs = (clientId: number, letter: string) => {
    const writer = new Y.Doc();
    Y.applyUpdate(writer, Y.encodeStateAsUpdate(doc));
    writer.clientID = clientId;
    const block = writer.getXmlFragment("body").get(0) as Y.XmlElement;
    (block.get(0) as Y.XmlText).insert(0, letter);
    return syncFrame(2, Y.encodeStateAsUpdate(writer, Y.encodeStateVector(doc)));
  };
  const reporter = await openRaw(server.url, story, person);
  reporter.send(letterAs(701, "a"));
  await until(
    () => storedBody(story),
    (body) => body === "aWords.",
  );
  const at = desk.house.now();
  await bindClients(desk.store.db, { storyId: story, clientIds: [702], personId: rival.id, at });
  const late = await openRaw(server.url, story, await desk.person("reporter"));
  late.send(letterAs(702, "b"));
  expect(await late.closed).toEqual({ code: 4422, reason: "foreign-client" });
  expect(await storedBody(story)).toBe("aWords.");
  const owners = await clientsOf(desk.store.db, story);
  expect([owners.get(701), owners.get(702)]).toEqual([person.id, rival.id]);
  reporter.socket.close();
});

test("[BO4] an unknown mark is refused with 4422 and a reason; the others go on", async () => {
  const story = await desk.story("KFOR counts 4,600 troops.");
  const hostile = open(story, await desk.person("reporter"));
  const honest = open(story, await desk.person("reporter"));
  await synced(hostile, honest);
  const block = hostile.doc.getXmlFragment("body").get(0) as Y.XmlElement;
  (block.get(0) as Y.XmlText).format(0, 4, { blink: {} });
  await until(
    () => hostile.closed,
    (closed) => closed.length === 1,
  );
  expect(hostile.closed).toEqual([{ code: 4422, reason: "unknown-mark" }]);
  honest.type(0, "Still ");
  await until(
    () => storedBody(story),
    (body) => body === "Still KFOR counts 4,600 troops.",
  );
  expect(honest.text()).toBe("Still KFOR counts 4,600 troops.");
});

test("[BO4] an update that overtakes what it builds on waits and is taken with it", async () => {
  const story = await desk.story("Words.");
  const text = await readText(desk.store.db, story);
  if (!text) throw new Error("no text");
  const doc = text.doc;
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const words = (doc.getXmlFragment("body").get(0) as Y.XmlElement).get(0) as Y.XmlText;
  for (const [at, word] of ["one ", "two ", "three "].entries()) words.insert(at * 4, word);
  const [first, second, third] = updates;
  if (!first || !second || !third) throw new Error("no updates");
  const raw = await openRaw(server.url, story, await desk.person("reporter"), { saved: "1" });
  raw.send(syncFrame(0, Y.encodeStateVector(doc)));
  raw.send(syncFrame(2, third));
  raw.send(syncFrame(2, second));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await storedBody(story)).toBe("Words.");
  raw.send(syncFrame(1, first));
  await until(
    () => storedBody(story),
    (body) => body === "one two three Words.",
  );
  await until(
    () => raw.frames.at(-1),
    (frame) => frame?.[0] === 100 && frame[1] === 3,
  );
  raw.socket.close();
});

test("[BO4] too much waiting is closed with 1013, not 4422", async () => {
  const story = await desk.story("Words.");
  const text = await readText(desk.store.db, story);
  if (!text) throw new Error("no text");
  const updates: Uint8Array[] = [];
  text.doc.on("update", (update: Uint8Array) => updates.push(update));
  const words = (text.doc.getXmlFragment("body").get(0) as Y.XmlElement).get(0) as Y.XmlText;
  for (let n = 0; n < 1500; n += 1) words.insert(0, "x");
  const raw = await openRaw(server.url, story, await desk.person("reporter"));
  for (const update of updates.slice(1)) raw.send(syncFrame(2, update));
  expect((await raw.closed).code).toBe(1013);
  expect(await storedBody(story)).toBe("Words.");
});

test("[WF4] a published story's text is read-only over the socket", async () => {
  const story = await desk.story("Words.");
  const one = open(story, await desk.person("reporter"));
  await synced(one);
  await desk.store.db.transaction((tx) =>
    setStatus(tx, { storyId: story, status: "published", by: null, at: new Date() }),
  );
  one.type(0, "late ");
  await until(
    () => one.denied,
    (denied) => denied.length > 0,
  );
  expect(await storedBody(story)).toBe("Words.");
  const later = open(story, await desk.person("editor"));
  await synced(later);
  later.type(0, "later ");
  await until(
    () => later.denied,
    (denied) => denied.length > 0,
  );
  expect(await storedBody(story)).toBe("Words.");
});

test("[BO9] a sudden emptying keeps a version of what stood there and tells who did it", async () => {
  const words = Array.from({ length: 60 }, (_, n) => `word${String(n)}`).join(" ");
  const story = await desk.story(words);
  const kept: string[] = [];
  hooks.keepVersion = async (_, { content, why, by }) => {
    kept.push(`${why.cause} ${String(by)} ${plainText(content.body)}`);
    return 7;
  };
  const person = await desk.person("reporter", "Reporter One");
  const one = open(story, person);
  await synced(one);
  one.remove(0, 10);
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  expect(kept).toEqual([]);
  one.doc.getXmlFragment("body").delete(0, 1);
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  expect(kept).toEqual([`sweep ${person.id} ${words}`]);
  expect(desk.told).toContainEqual({
    type: "emptied",
    storyId: story,
    by: { id: person.id, name: "Reporter One" },
    version: 7,
  });
});

test("format marks that two people make needless are deleted in the log as well, by nobody who reads", async () => {
  const story = await desk.story("KFOR counts troops.");
  const [first, second] = [await desk.person("reporter"), await desk.person("reporter")];
  const all = [open(story, first), open(story, second), open(story, await desk.person("checker"))] as const;
  const [one, two, reader] = all;
  await synced(...all);
  const bold = ({ doc }: Client) => {
    const block = doc.getXmlFragment("body").get(0);
    const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
    if (text instanceof Y.XmlText) text.format(0, 4, { bold: {} });
  };
  // In one turn: neither knows of the other.
  bold(one);
  bold(two);
  await until(
    () => [one, two].map(({ saved, sent }) => sent() - saved.count),
    (left) => left.every((n) => n === 0),
  );
  const comer = open(story, second);
  await synced(comer);
  await until(
    async () => {
      const stored = await readText(desk.store.db, story);
      return [...all, comer].map(
        ({ doc }) => stored !== null && Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(stored.doc)),
      );
    },
    (equal) => equal.every(Boolean),
  );
  expect(reader.sent()).toBe(1);
  expect(reader.denied).toEqual([]);
});

test("[WF2] while approved, the change is handed up with its writer before it is stored", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const one = open(story, person);
  await synced(one);
  await desk.store.db.transaction((tx) =>
    setStatus(tx, { storyId: story, status: "approved", by: null, at: new Date() }),
  );
  const changes: string[] = [];
  hooks.whenContentChanges = async (tx, { before, after, by, at }) => {
    changes.push(`${String(by)}: ${plainText(before.content.body)} → ${plainText(after.content.body)}`);
    await setStatus(tx, { storyId: story, status: "checking", by, at });
  };
  one.type(0, "More ");
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  one.type(0, "Even ");
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  expect(changes).toEqual([`${person.id}: Words. → More Words.`]);
  expect((await storyFacts(desk.store.db, story))?.status).toBe("checking");
});

test("[PE4] an ended session closes its sockets with 4401 within a second", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const one = open(story, person);
  await synced(one);
  desk.house.bus.emit({ type: "session-ended", sessionId: `session-of-${person.id}` });
  await until(
    () => one.closed,
    (closed) => closed.length === 1,
    1000,
  );
  expect(one.closed[0]?.code).toBe(4401);
});

test("[PE4] a lost right makes read-only, a returned one closes with 4403, deactivation with 4401", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const one = open(story, person);
  await synced(one);
  const change = async (set: { role?: "checker" | "reporter"; active?: boolean }) => {
    await desk.store.db.update(people).set(set).where(eq(people.id, person.id));
    desk.house.bus.emit({ type: "rights-changed", personId: person.id });
  };
  await change({ role: "checker" });
  one.type(0, "late ");
  await until(
    () => one.denied,
    (denied) => denied.length > 0,
  );
  expect(one.closed).toEqual([]);
  await change({ role: "reporter" });
  await until(
    () => one.closed,
    (closed) => closed.length === 1,
  );
  expect(one.closed[0]?.code).toBe(4403);
  const two = open(story, person);
  await synced(two);
  await change({ active: false });
  await until(
    () => two.closed,
    (closed) => closed.length === 1,
  );
  expect(two.closed[0]?.code).toBe(4401);
  expect(await storedBody(story)).toBe("Words.");
});

test("[PE4] a right lost in the store alone is seen by the commit", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const other = open(story, await desk.person("reporter"));
  const one = open(story, person);
  await synced(one, other);
  await desk.store.db.update(people).set({ role: "checker" }).where(eq(people.id, person.id));
  one.type(0, "late ");
  other.type(0, "honest ");
  await until(
    () => one.denied,
    (denied) => denied.length > 0,
  );
  await until(
    () => other.saved.count,
    (count) => count === other.sent(),
  );
  expect(await storedBody(story)).toBe("honest Words.");
});

test("[BO10][BO11] another epoch, or a story that moved on, is closed with 4409 before any sync message", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const foreign = await openRaw(server.url, story, person, { epoch: "another" });
  expect(await foreign.closed).toEqual({ code: 4409, reason: "epoch" });
  hooks.hasMovedOn = async (_, { since }) => since <= 1;
  const late = await openRaw(server.url, story, person, { since: "1" });
  expect(await late.closed).toEqual({ code: 4409, reason: "since" });
  expect(late.frames).toEqual([]);
  const checker = await openRaw(server.url, story, await desk.person("checker"), { since: "2" });
  expect(await checker.closed).toEqual({ code: 4409, reason: "since" });
});

test("[BO10] a client built for an older schema is read-only", async () => {
  const story = await desk.story("Words.");
  const old = open(story, await desk.person("reporter"), { schema: "0", saved: "1" });
  await synced(old);
  old.type(0, "old ");
  await until(
    () => old.denied,
    (denied) => denied.length > 1,
  );
  expect(new Set(old.denied)).toEqual(new Set(["schema", "permission denied"]));
  expect(await storedBody(story)).toBe("Words.");
});

test("[BO5] presence carries the person's own name; nobody appears or is taken away under another's", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter", "Reporter One");
  const one = open(story, person);
  const two = open(story, await desk.person("checker", "Checker One"));
  await synced(one, two);
  one.provider.awareness.setLocalStateField("user", { name: "Somebody Else", color: "#123456", id: "x" });
  const user = { id: person.id, name: "Reporter One", color: "#123456" };
  await until(
    () => two.provider.awareness.getStates().get(one.doc.clientID)?.["user"] as unknown,
    (seen) => JSON.stringify(seen) === JSON.stringify(user),
  );
  expect(
    server.body
      .here(story)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Checker One", "Reporter One"]);
  const forger = await openRaw(server.url, story, await desk.person("reporter", "Forger"));
  const forged = { clientId: one.doc.clientID, clock: 2 ** 40 };
  forger.send(presenceFrame([{ ...forged, state: { user: { name: "Forged" } } }]));
  forger.send(presenceFrame([{ ...forged, state: null }]));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(two.provider.awareness.getStates().get(one.doc.clientID)?.["user"]).toEqual(user);
  forger.socket.close();
  await forger.closed;
  // Stock clients echo what they hear, and drop others when they leave: it changes nothing.
  two.provider.awareness.setLocalState(null);
  two.provider.disconnect();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(server.body.here(story)).toEqual([{ id: person.id, name: "Reporter One" }]);
  expect(desk.told).toContainEqual({
    type: "presence",
    storyId: story,
    here: [{ id: person.id, name: "Reporter One" }],
  });
  two.provider.connect();
  await until(() => two.provider.awareness.getStates().has(one.doc.clientID), Boolean);
});

test("a malformed frame closes that connection alone", async () => {
  const story = await desk.story("Words.");
  const honest = open(story, await desk.person("reporter"));
  await synced(honest);
  const person = await desk.person("reporter");
  const garbage = [[0], [9, 9], [0, 2, 200, 1], [0, 0, 3, 255, 255, 255], [1, 3, 1, 1, 1], [0, 7, 0]];
  for (const bytes of garbage) {
    const raw = await openRaw(server.url, story, person);
    raw.send(Uint8Array.from(bytes));
    expect((await raw.closed).code, JSON.stringify(bytes)).toBe(4422);
  }
  const text = await openRaw(server.url, story, person);
  text.socket.send("hello");
  expect((await text.closed).code).toBe(4422);
  const reserved = await openRaw(server.url, story, person);
  // A reserved bit in the WebSocket frame itself.
  (reserved.socket as unknown as { _socket: { write: (bytes: Buffer) => void } })._socket.write(
    Buffer.from([0xf2, 0x80, 0, 0, 0, 0]),
  );
  expect([1002, 1006]).toContain((await reserved.closed).code);
  const large = await openRaw(server.url, story, person);
  large.send(new Uint8Array(17 * 1024 * 1024));
  expect([1006, 1009]).toContain((await large.closed).code);
  honest.type(0, "Still ");
  await until(
    () => storedBody(story),
    (body) => body === "Still Words.",
  );
});

test("[WF6] a forward edit by the server reaches everyone, in the person's name, and stands or falls with its act", async () => {
  const story = await desk.story("Old words.", "Stay.");
  const editor = await desk.person("editor");
  const one = open(story, await desk.person("reporter"));
  await synced(one);
  const content = (await readText(desk.store.db, story))?.content;
  if (!content) throw new Error("no text");
  const wanted = {
    ...content,
    body: [{ type: "paragraph", content: [{ type: "text", text: "New words." }] }],
  };
  await expect(
    server.body.replaceText(story, editor, wanted, () => Promise.reject(new Error("no act"))),
  ).rejects.toThrow("no act");
  expect(await storedBody(story)).toBe("Old words.\n\nStay.");
  one.type(0, "Typed ");
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  const seen: string[] = [];
  const answer = await server.body.replaceText(story, editor, wanted, async (tx) => {
    const before = await readText(tx, story);
    seen.push(before ? plainText(before.content.body) : "");
  });
  expect(seen).toEqual(["Typed Old words.\n\nStay."]);
  expect(answer).toEqual({ logSeq: (await readText(desk.store.db, story))?.logSeq });
  await until(
    () => one.text(),
    (text) => text === "New words.",
  );
  expect(await storedBody(story)).toBe("New words.");
  expect((await storyFacts(desk.store.db, story))?.writers).toContain(editor.id);
  one.type(0, "And ");
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  expect(await storedBody(story)).toBe("And New words.");
  const checker = await desk.person("checker");
  expect(await server.body.replaceText(story, checker, content, () => Promise.resolve())).toEqual({
    refused: "may-not-write-text",
  });
});

test("[BO4] a list that two people empty together goes, as nobody's edit", async () => {
  const story = await desk.story("Words.");
  const [first, second] = [await desk.person("reporter"), await desk.person("reporter")];
  const [one, two] = [open(story, first), open(story, second)];
  const reader = open(story, await desk.person("checker"));
  await synced(one, two, reader);
  const item = (words: string) => {
    const [element, paragraph] = [new Y.XmlElement("listItem"), new Y.XmlElement("paragraph")];
    paragraph.insert(0, [new Y.XmlText(words)]);
    element.insert(0, [paragraph]);
    return element;
  };
  one.doc.transact(() => {
    const list = new Y.XmlElement("bulletList");
    list.insert(0, [item("Tanks"), item("Trucks")]);
    one.doc.getXmlFragment("body").insert(1, [list]);
  });
  const listOf = ({ doc }: Client) => doc.getXmlFragment("body").get(1);
  await until(
    () => listOf(two),
    (list) => list instanceof Y.XmlElement && list.length === 2,
  );
  for (const [client, index] of [
    [one, 0],
    [two, 1],
  ] as const) {
    const list = listOf(client);
    if (list instanceof Y.XmlElement) list.delete(index, 1);
  }
  await until(
    () => [one, two, reader].map((client) => client.content().body.map(({ type }) => type)),
    (bodies) => bodies.every((types) => types.join() === "paragraph"),
  );
  expect(await storedBody(story)).toBe("Words.");
  const writers = (await storyFacts(desk.store.db, story))?.writers ?? [];
  expect(writers).toEqual(expect.arrayContaining([first.id, second.id]));
  expect(reader.denied).toEqual([]);
});

test("[BO6] a forward edit that cannot be made leaves the text to be written on", async () => {
  const story = await desk.story("Words.");
  const editor = await desk.person("editor");
  const one = open(story, await desk.person("reporter"));
  await synced(one);
  const nothing = null as unknown as StoryContent; // As a fault of ours would hand it over.
  await expect(server.body.replaceText(story, editor, nothing, () => Promise.resolve())).rejects.toThrow();
  one.type(0, "More ");
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  expect(await storedBody(story)).toBe("More Words.");
});

test("[BO7][AN4] what was stored and not told is told by who finds it", async () => {
  const story = await desk.story("Words.");
  const one = open(story, await desk.person("reporter"));
  await synced(one);
  const stored = await readText(desk.store.db, story);
  if (!stored) throw new Error("no text");
  const before = Y.encodeStateVector(stored.doc);
  const paragraph = stored.doc.getXmlFragment("body").get(0);
  if (paragraph instanceof Y.XmlElement) (paragraph.get(0) as Y.XmlText).insert(0, "there ");
  const update = Y.encodeStateAsUpdate(stored.doc, before);
  await desk.store.db.transaction(async (tx) => {
    await lockStory(tx, story);
    await appendToLog(tx, story, [{ seq: 2, personId: null, at: new Date(), update }]);
    await noteLogSeq(tx, { storyId: story, logSeq: 2 });
  });
  one.type(0, "here ");
  await until(one.text, (text) => text.includes("there ") && text.includes("here "));
  const isTold = (event: NewsroomEvent) =>
    event.type === "text-stored" && event.storyId === story && event.logSeq >= 2;
  expect(desk.told.some(isTold)).toBe(true);
});

test("[BO7] what another process stored meanwhile is read, told and built upon", async () => {
  const story = await desk.story("Words.");
  const one = open(story, await desk.person("reporter"));
  const two = open(story, await desk.person("reporter"));
  await synced(one, two);
  const other = await openTestServer(desk);
  const there = openClient(other.url, story, await desk.person("reporter"));
  await synced(there);
  there.type(0, "there ");
  await until(
    () => there.saved.count,
    (count) => count === there.sent(),
  );
  one.type(0, "here ");
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  await until(
    () => two.text(),
    (text) => text.includes("there ") && text.includes("here "),
  );
  expect(await storedBody(story)).toBe(two.text());
  there.leave();
  await other.close();
});

test("[BO6] block ids that were missing are seeded by the server, as nobody's edit", async () => {
  const story = await desk.story("Words.");
  const reporter = await desk.person("reporter");
  const one = open(story, reporter);
  await synced(one);
  const block = new Y.XmlElement("paragraph");
  block.insert(0, [new Y.XmlText("No id.")]);
  one.doc.getXmlFragment("body").insert(1, [block]);
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  const writers = (await storyFacts(desk.store.db, story))?.writers;
  const other = await openTestServer(desk);
  const later = openClient(other.url, story, await desk.person("checker"));
  await synced(later);
  const idOf = () => (later.doc.getXmlFragment("body").get(1) as Y.XmlElement).getAttribute("id") ?? "";
  await until(idOf, (id) => /^[\w-]{12}$/.test(id));
  expect((await storyFacts(desk.store.db, story))?.writers).toEqual(writers);
  later.leave();
  await other.close();
});
