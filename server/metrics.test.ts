import { readFile } from "node:fs/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import {
  openClient,
  openRaw,
  openTestServer,
  syncFrame,
  synced,
  until,
  type TestServer,
} from "./body/test-clients";
import { openTestDesk, type TestDesk } from "./body/test-desk";
import { lockStory } from "./stories/story-row";
import { openTestNewsroom, type TestNewsroom } from "./test-newsroom";

let desk: TestDesk;
let server: TestServer;
let newsroom: TestNewsroom;
beforeAll(async () => {
  desk = await openTestDesk();
  server = await openTestServer(desk);
  newsroom = await openTestNewsroom();
});
afterAll(async () => {
  await server.close();
  await desk.close();
  await newsroom.close();
});

/** All that is told at this moment: the value of a line without labels, or with these. */
async function valuesNow(): Promise<(name: string) => number> {
  const lines = (await desk.house.metrics.text()).split("\n");
  return (name) =>
    Number(
      lines
        .find((one) => one.startsWith(`${name} `))
        ?.split(" ")
        .at(-1) ?? NaN,
    );
}
const valueOf = async (name: string) => (await valuesNow())(name);

test("updates, their acknowledgement, their fan-out, commits and refusals are counted", async () => {
  const story = await desk.story("Words that nobody counts.");
  const one = openClient(server.url, story, await desk.person("reporter"));
  const two = openClient(server.url, story, await desk.person("checker"));
  await synced(one, two);
  const before = await valueOf("linecheck_acknowledgement_seconds_count");
  one.type(0, "secret words ");
  await until(two.text, (text) => text.startsWith("secret words "));
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  // What was stored is told, and counted as told, in one turn; what comes of it is stored in the next.
  const now = await valuesNow();
  expect(now("linecheck_updates_total")).toBeGreaterThan(0);
  expect(now("linecheck_acknowledgement_seconds_count")).toBeGreaterThan(before);
  expect(now("linecheck_fan_out_seconds_count")).toBeGreaterThan(0);
  // It counts from when the words came in: the commit is part of it.
  expect(now("linecheck_fan_out_seconds_sum")).toBeGreaterThan(now("linecheck_telling_seconds_sum"));
  const commits = now("linecheck_store_seconds_count");
  expect(commits).toBeGreaterThan(0);
  expect(now("linecheck_commit_stories_count")).toBe(commits);
  expect(now("linecheck_commit_updates_sum")).toBeGreaterThanOrEqual(commits);
  one.doc.getText("another root").insert(0, "x");
  await until(
    () => one.closed,
    (closed) => closed.some(({ code }) => code === 4422),
  );
  expect(await valueOf('linecheck_refusals_total{reason="other-root"}')).toBe(1);
  expect(await desk.house.metrics.text()).not.toContain("secret");
  one.leave();
  two.leave();
});

test("what waits for a row that somebody else has locked is one commit, counted once it is stored", async () => {
  const story = await desk.story("Words.");
  const writer = openClient(server.url, story, await desk.person("reporter"));
  await synced(writer);
  const before = await valuesNow();
  await desk.store.db.transaction(async (tx) => {
    await lockStory(tx, story);
    writer.type(0, "Late ");
    // By then the statement for all rooms has passed it over, and it waits in a transaction of its own.
    await until(
      async () => (await tx.execute(sql`select 1 from pg_locks where not granted`)).rowCount,
      (waiting) => waiting !== null && waiting > 0,
    );
  });
  await until(
    () => writer.saved.count,
    (count) => count === writer.sent(),
  );
  const now = await valuesNow();
  const grown = (name: string) => now(name) - before(name);
  expect(grown("linecheck_store_seconds_count")).toBe(grown("linecheck_commit_updates_sum"));
  writer.leave();
});

test("what somebody may not write is counted as well", async () => {
  const story = await desk.story("Words.");
  const checker = openClient(server.url, story, await desk.person("checker"));
  await synced(checker);
  checker.type(0, "Not mine to write. ");
  await until(
    () => checker.denied,
    ({ length }) => length > 0,
  );
  expect(await valueOf('linecheck_refusals_total{reason="may-not-write"}')).toBeGreaterThan(0);
  checker.leave();
});

test("how sockets ended is counted by code; a code of somebody's own making has no line of its own", async () => {
  const story = await desk.story("Words.");
  const person = await desk.person("reporter");
  const ends = (code: string) =>
    valueOf(`linecheck_socket_closes_total{socket="collab",code="${code}"}`).then((count) => count || 0);
  const doc = new Y.Doc();
  doc.getXmlFragment("body").insert(0, [new Y.XmlElement("paragraph")]);
  const first = Y.encodeStateVector(doc);
  doc.getXmlFragment("body").insert(0, [new Y.XmlElement("paragraph")]);
  const waits = Y.encodeStateAsUpdate(doc, first);
  const before = { waited: await ends("1013"), other: await ends("other"), refused: await ends("4422") };
  const waiter = await openRaw(server.url, story, person);
  for (let n = 0; n < 101; n += 1) waiter.send(syncFrame(2, waits));
  expect((await waiter.closed).code).toBe(1013);
  const talker = await openRaw(server.url, story, person);
  talker.socket.close(4999);
  const nonsense = await openRaw(server.url, story, person);
  nonsense.send(Uint8Array.from([77]));
  await nonsense.closed;
  await until(
    async () => ({ waited: await ends("1013"), other: await ends("other"), refused: await ends("4422") }),
    (now) =>
      now.waited === before.waited + 1 &&
      now.other === before.other + 1 &&
      now.refused === before.refused + 1,
  );
  expect(await valueOf('linecheck_refusals_total{reason="no-message"}')).toBe(1);
  expect(await desk.house.metrics.text()).not.toContain('code="4999"');
});

test("GET /metrics needs no session, counts requests by route and says nothing of stories or people", async () => {
  const reporter = newsroom.as("reporter1");
  const made = await reporter.post("/api/stories", { headline: "A secret headline" });
  const { id } = made.body as { id: string };
  await reporter.get(`/api/stories/${id}`);
  const answer = await newsroom.app.request("/metrics");
  expect(answer.headers.get("content-type")).toContain("text/plain");
  const text = await answer.text();
  expect(text).toMatch(
    /linecheck_http_request_seconds_count\{method="GET",route="\/api\/stories\/:id",status="200"\} 1/,
  );
  for (const name of [
    "rooms",
    "connections",
    "room_bytes",
    "pages",
    "log_updates",
    "log_bytes",
    "snapshot_bytes",
  ]) {
    expect(text).toMatch(new RegExp(`^linecheck_${name} \\d+$`, "m"));
  }
  for (const secret of [id, "secret headline", "Reporter One", "demo.test"])
    expect(text).not.toContain(secret);
});

test("docs/OPERATING.md says what each number means, and of no other", async () => {
  const text = await (await newsroom.app.request("/metrics")).text();
  const told = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
  const page = await readFile(new URL("../docs/OPERATING.md", import.meta.url), "utf8");
  const explained = [...page.matchAll(/^\| `(linecheck_\w+)`/gm)].map(([, name]) => name);
  expect(explained.toSorted()).toEqual(told.toSorted());
});

test("GET /metrics answers while the store does not", async () => {
  const fresh = await openTestNewsroom();
  await fresh.house.db.transaction(async (tx) => {
    await tx.execute(sql`lock table story_updates in access exclusive mode`);
    const answer = await fresh.app.request("/metrics");
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).toMatch(/^linecheck_rooms 0$/m);
    expect(text).toMatch(/^linecheck_log_updates Nan$/m);
  });
  await fresh.close();
});
