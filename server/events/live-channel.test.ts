import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Story, type LiveEvent } from "@/domain/stories/story";
import { openLiveChannel } from "./live-channel";
import { openTestNewsroom, testUrl, type TestNewsroom } from "../test-newsroom";

let desk: TestNewsroom;
let port: number;
beforeAll(async () => {
  desk = await openTestNewsroom();
  port = await desk.listen();
});
afterAll(() => desk.close());

async function connect(who: string, headers: Record<string, string> = {}, query = "") {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/events${query}`, {
    headers: { cookie: await desk.as(who).cookie(), ...headers },
  });
  const heard: LiveEvent[] = [];
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString()) as LiveEvent));
  await once(socket, "open");
  return { socket, heard, closed };
}

async function refusalOf(headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/events`, { headers });
  socket.on("error", () => {
    // The refusal is looked at below.
  });
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode?: number }];
  socket.terminate();
  return response.statusCode;
}

test("without a session, or from another origin, the upgrade is refused", async () => {
  expect(await refusalOf({})).toBe(401);
  const cookie = await desk.as("reporter1").cookie();
  expect(await refusalOf({ cookie, origin: "https://evil.test" })).toBe(403);
  const { socket } = await connect("reporter1", { origin: testUrl });
  socket.close();
});

test("everyone hears that people changed", async () => {
  const [one, two] = [await connect("reporter1"), await connect("admin")];
  desk.house.bus.emit({ type: "people" });
  for (const { heard, socket } of [one, two]) {
    await vi.waitFor(() => expect(heard).toEqual([{ type: "people" }]));
    socket.close();
  }
});

test("nobody hears about a story that does not exist for them", async () => {
  const { heard, socket } = await connect("editor1");
  desk.house.bus.emit({ type: "story", storyId: "no-such-story" });
  desk.house.bus.emit({ type: "people" });
  await vi.waitFor(() => expect(heard).toEqual([{ type: "people" }]));
  socket.close();
});

test("a page about one story hears of that one alone, and what is of none", async () => {
  const reporter = desk.as("reporter1");
  const [one, two] = [
    (await reporter.post("/api/stories", { headline: "Looked at" })).as(Story).id,
    (await reporter.post("/api/stories", { headline: "Not looked at" })).as(Story).id,
  ];
  const page = await connect("reporter2", {}, `?story=${one}`);
  const [desk1, desk2] = [await connect("reporter2"), await connect("editor1")];
  const all: LiveEvent[] = [
    { type: "versions", storyId: two },
    { type: "story", storyId: one },
    { type: "people" },
  ];
  for (const event of all) desk.house.bus.emit(event);
  for (const { heard } of [desk1, desk2]) await vi.waitFor(() => expect(heard).toEqual(all));
  await vi.waitFor(() => expect(page.heard).toEqual([all[1], all[2]]));

  page.heard.length = 0;
  await reporter.patch(`/api/stories/${two}`, { private: true });
  await reporter.patch(`/api/stories/${one}`, { private: true });
  desk.house.bus.emit({ type: "people" });
  await vi.waitFor(() => expect(page.heard).toEqual([{ type: "missed" }, { type: "people" }]));
  for (const { socket } of [page, desk1, desk2]) socket.close();
});

test("a private story's events reach only who may see it, and whoever lost sight of it is told nothing more", async () => {
  const started = await desk.as("reporter1").post("/api/stories", { headline: "Ours for now" });
  const { id } = started.as(Story);
  const path = `/api/stories/${id}`;
  const [author, colleague, editor] = [
    await connect("reporter1"),
    await connect("reporter2"),
    await connect("editor1"),
  ];
  const told: LiveEvent = { type: "story", storyId: id };
  await desk.as("reporter1").patch(path, { lang: "de" });
  for (const { heard } of [author, colleague, editor]) {
    await vi.waitFor(() => expect(heard).toEqual([told]));
    heard.length = 0;
  }
  await desk.as("reporter1").patch(path, { private: true });
  await vi.waitFor(() => expect(colleague.heard).toContainEqual({ type: "missed" }));
  colleague.heard.length = 0;

  await desk.as("reporter1").patch(path, { lang: "sr" });
  await desk.as("reporter1").patch(path, { lang: "sq" });
  await vi.waitFor(() => expect(editor.heard.length).toBeGreaterThan(2));
  expect(colleague.heard).toEqual([]);

  await desk.as("editor1").patch(path, { people: [desk.person("reporter2").id] });
  await vi.waitFor(() => expect(colleague.heard).toContainEqual(told));
  for (const { socket } of [author, colleague, editor]) socket.close();
});

test("what happens to a story many times at once is told few times, and the last word is told", async () => {
  const story = (await desk.as("reporter1").post("/api/stories", { headline: "A flood of people" })).as(
    Story,
  );
  const one = await connect("editor1");
  // The first of them is asked for the story's visibility: the others come meanwhile.
  for (let n = 0; n < 500; n += 1) {
    desk.house.bus.emit({ type: "presence", storyId: story.id, here: [] });
    desk.house.bus.emit({ type: "claims", storyId: story.id, claimIds: [`claim-${String(n % 3)}`] });
  }
  desk.house.bus.emit({ type: "people" });
  await vi.waitFor(() => expect(one.heard.at(-1)).toEqual({ type: "people" }));
  const about = one.heard.filter((event) => "storyId" in event && event.storyId === story.id);
  const told = (type: LiveEvent["type"]) => about.filter((event) => event.type === type);
  expect(told("presence").length).toBeLessThanOrEqual(2);
  expect(told("claims").length).toBeLessThanOrEqual(2);
  expect(told("claims").at(-1)).toEqual({
    type: "claims",
    storyId: story.id,
    claimIds: ["claim-0", "claim-1", "claim-2"],
  });
  one.socket.close();
});

test("more pages than are told in one turn all hear it, but not who lost sight of the story, also meanwhile", async () => {
  const story = (await desk.as("reporter1").post("/api/stories", { headline: "Private soon" })).as(Story);
  const pages = await Promise.all(
    Array.from({ length: 240 }, (_, n) => connect(n % 2 ? "reporter1" : "reporter2")),
  );
  desk.house.bus.emit({ type: "versions", storyId: story.id });
  await vi.waitFor(() => {
    for (const { heard } of pages) expect(heard).toContainEqual({ type: "versions", storyId: story.id });
  });
  // Told to a hundred when it becomes private for the others.
  await desk.house.db.execute(sql`update stories set private = true where id = ${story.id}`);
  desk.house.bus.emit({ type: "claims", storyId: story.id });
  await new Promise((resolve) => setImmediate(resolve));
  desk.house.bus.emit({ type: "rights-changed", storyId: story.id });
  desk.house.bus.emit({ type: "people" });
  await vi.waitFor(() => {
    for (const { heard } of pages) expect(heard).toContainEqual({ type: "people" });
  });
  const heardOfClaims = pages.filter(({ heard }) => heard.some(({ type }) => type === "claims"));
  expect(heardOfClaims.length).toBeGreaterThanOrEqual(120);
  expect(heardOfClaims.length).toBeLessThan(240);
  expect((await desk.as("reporter1").patch(`/api/stories/${story.id}`, { private: true })).status).toBe(200);
  desk.house.bus.emit({ type: "emptied", storyId: story.id, by: { id: "x", name: "Somebody" }, version: 7 });
  await vi.waitFor(() => {
    for (const { heard } of pages.filter((_, n) => n % 2)) {
      expect(heard).toContainEqual(expect.objectContaining({ type: "emptied" }));
    }
  });
  for (const [n, { heard, socket }] of pages.entries()) {
    if (n % 2 === 0) expect(heard.some(({ type }) => type === "emptied")).toBe(false);
    socket.close();
  }
});

test("with many pages open, who is where waits for what changes a story, and its last word is told", async () => {
  const story = (await desk.as("reporter1").post("/api/stories", { headline: "A full house" })).as(Story);
  const pages = await Promise.all(Array.from({ length: 120 }, () => connect("reporter1")));
  const presence: LiveEvent = { type: "presence", storyId: story.id, here: [] };
  const versions: LiveEvent = { type: "versions", storyId: story.id };
  desk.house.bus.emit(presence);
  await vi.waitFor(() => {
    for (const { heard } of pages) expect(heard).toEqual([presence]);
  });
  desk.house.bus.emit(presence);
  desk.house.bus.emit(versions);
  await vi.waitFor(() => {
    for (const { heard } of pages) expect(heard).toEqual([presence, versions, presence]);
  });
  for (const { socket } of pages) socket.close();
});

test("[PE4] signing out closes the session's channel with 4401, and no other", async () => {
  const { closed, socket } = await connect("reporter2");
  const other = await connect("reporter1");
  await desk.as("reporter2").post("/api/auth/sign-out");
  expect(await closed).toBe(4401);
  expect(other.socket.readyState).toBe(WebSocket.OPEN);
  other.socket.close();
  socket.close();
});

test("[PE4] a deactivated person's channel closes with 4401 within a second", async () => {
  const { closed } = await connect("checker2");
  const startMs = performance.now();
  await desk.as("admin").patch(`/api/people/${desk.person("checker2").id}`, { active: false });
  expect(await closed).toBe(4401);
  expect(performance.now() - startMs).toBeLessThan(1000);
});

test("[RE3] whoever's role changed is told to fetch anew", async () => {
  const { heard, socket } = await connect("checker1");
  await desk.as("admin").patch(`/api/people/${desk.person("checker1").id}`, { role: "reporter" });
  await vi.waitFor(() => expect(heard).toContainEqual({ type: "missed" }));
  socket.close();
});

test("[RE3] a page that reads too slowly is told that it missed something", async () => {
  const story = (await desk.as("reporter1").post("/api/stories", { headline: "Emptied often" })).as(Story);
  const { heard, socket } = await connect("reporter1");
  socket.pause();
  const by = { id: "x", name: "y".repeat(40_000) };
  for (let version = 1; version <= 500; version += 1) {
    desk.house.bus.emit({ type: "emptied", storyId: story.id, by, version });
  }
  await sleep(500);
  socket.resume();
  // Not compared as a whole: what it would print of twenty megabytes takes longer than the wait.
  await vi.waitFor(() => expect(heard.some(({ type }) => type === "missed")).toBe(true), 5000);
  expect(heard.filter(({ type }) => type === "emptied").length).toBeLessThan(500);
  socket.close();
});

test("a page that talks on the channel is cut off, and a malformed frame ends that connection alone", async () => {
  const other = await connect("admin");
  const talker = await connect("admin");
  talker.socket.send("hello");
  expect(await talker.closed).toBe(1003);
  const broken = await connect("admin");
  broken.socket.on("error", () => {
    // The server's answer to it is looked at below.
  });
  // A frame with a reserved bit.
  (broken.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(
    Buffer.from([0xff, 0xff, 0xff, 0xff]),
  );
  expect(await broken.closed).toBeGreaterThan(1000);
  expect(other.socket.readyState).toBe(WebSocket.OPEN);
  other.socket.close();
});

test("[PE4] a call with a session whose time is over closes its channel at once", async () => {
  const { closed } = await connect("checker1");
  // Its session is asked once more right after it was let in.
  await sleep(200);
  vi.useFakeTimers({ now: Date.now() + 15 * 24 * 60 * 60 * 1000, toFake: ["Date"] });
  expect((await desk.as("checker1").get("/api/me")).status).toBe(401);
  vi.useRealTimers();
  expect(await closed).toBe(4401);
});

test("[PE4] a session whose time is over closes its channel", async () => {
  const { closed } = await connect("editor2");
  vi.useFakeTimers({ now: Date.now() + 15 * 24 * 60 * 60 * 1000, toFake: ["Date"] });
  await desk.people.endExpiredSessions();
  vi.useRealTimers();
  expect(await closed).toBe(4401);
});

test("[PE4] whoever was deactivated while the store did not answer hears nothing more once it does", async () => {
  const person = desk.person("checker2");
  let failures = 1;
  const live = openLiveChannel(desk.house, {
    storyFacts: () => Promise.resolve(null),
    personById: async () => {
      failures -= 1;
      if (failures >= 0) throw new Error("Connection terminated unexpectedly");
      return { ...person, active: false };
    },
    here: () => [],
  });
  const server = createServer().on("upgrade", (request, socket, head) =>
    live.upgrade({ request, socket, head, requestId: "asked" }, { person, sessionId: "session" }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("not listening");
  const socket = new WebSocket(`ws://127.0.0.1:${String(address.port)}`);
  await once(socket, "open");
  desk.house.bus.emit({ type: "rights-changed", personId: person.id });
  const [code] = (await once(socket, "close")) as [number];
  expect(code).toBe(4401);
  live.close();
  server.close();
});
