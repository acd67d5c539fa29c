import { once } from "node:events";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Story } from "@/domain/stories/story";
import { openTestNewsroom, testUrl, type TestNewsroom } from "../test-newsroom";
import { openClient, openRaw, synced, until, type Client } from "./test-clients";

let desk: TestNewsroom;
let url: string;
const clients: Client[] = [];
beforeAll(async () => {
  desk = await openTestNewsroom();
  url = `ws://127.0.0.1:${String(await desk.listen())}/collab`;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.leave();
});
afterAll(() => desk.close());

async function startStory(body = "KFOR counts 4,600 troops."): Promise<string> {
  const given = {
    headline: "NATO in Kosovo",
    dateline: { place: "Pristina", date: "2026-11-24" },
    body: { format: "text", content: body },
  };
  const answer = await desk.as("reporter1").post("/api/stories", given);
  expect(answer.status).toBe(201);
  return (answer.body as { id: string }).id;
}
const storyOf = async (id: string) => (await desk.as("editor1").get(`/api/stories/${id}`)).as(Story);

async function open(who: string, storyId: string, params?: Record<string, string>): Promise<Client> {
  const client = openClient(url, storyId, { cookie: await desk.as(who).cookie() }, params);
  clients.push(client);
  return client;
}

/** The status with which the upgrade is refused. */
async function refusal(storyId: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(`${url}/${storyId}`, { headers });
  socket.on("error", () => {
    // It is refused: the answer says how.
  });
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode?: number }];
  return response.statusCode;
}

test("without a session, from another origin, or for a story one may not see the upgrade is refused", async () => {
  const story = await startStory();
  const cookie = await desk.as("reporter2").cookie();
  expect(await refusal(story, {})).toBe(401);
  expect(await refusal(story, { cookie: "linecheck.session_token=forged" })).toBe(401);
  expect(await refusal(story, { cookie, origin: "https://elsewhere.example" })).toBe(403);
  expect(await refusal("no-such-story", { cookie })).toBe(404);
  expect(await refusal("..%2f..", { cookie })).toBe(404);
  expect(await refusal(story, { cookie: await desk.as("admin").cookie() })).toBe(404);
  const own = new WebSocket(`${url}/${story}`, { headers: { cookie, origin: testUrl } });
  await once(own, "open");
  own.close();
});

test("[PE4] a story made private is closed to whoever is not named on it, within a second", async () => {
  const story = await startStory();
  const other = await open("reporter2", story);
  const checker = await open("checker1", story);
  await synced(other, checker);
  await desk.as("reporter1").patch(`/api/stories/${story}`, {
    private: true,
    people: [desk.person("checker1").id],
  });
  await until(
    () => other.closed,
    (closed) => closed.length === 1,
    1000,
  );
  expect(other.closed[0]?.code).toBe(4404);
  expect(checker.closed).toEqual([]);
  expect(await refusal(story, { cookie: await desk.as("reporter2").cookie() })).toBe(404);
});

test("[PE4] signing out closes the person's socket with 4401 within a second", async () => {
  const story = await startStory();
  const client = await open("checker2", story);
  await synced(client);
  await desk.as("checker2").post("/api/auth/sign-out");
  await until(
    () => client.closed,
    (closed) => closed.length === 1,
    1000,
  );
  expect(client.closed[0]?.code).toBe(4401);
});

test("what is typed over the socket is what the API reads, with its author", async () => {
  const story = await startStory();
  const client = await open("reporter2", story);
  await synced(client);
  expect((await storyOf(story)).here.map(({ name }) => name)).toEqual(["Reporter Two"]);
  client.type(0, "Today ");
  await until(
    () => client.saved.count,
    (count) => count === client.sent(),
  );
  const read = await storyOf(story);
  expect(read.text).toBe("Today KFOR counts 4,600 troops.");
  expect(read.wordCount).toBe(8);
  expect(read.authors.map(({ name }) => name).sort()).toEqual(["Reporter One", "Reporter Two"]);
  expect(read.updatedBy?.name).toBe("Reporter Two");
});

test("[WF2][BO11] an edit takes an approval away; a client from before the approval is stopped", async () => {
  const story = await startStory();
  await desk.as("reporter1").post(`/api/stories/${story}/moves`, { to: "checking" });
  const early = await open("reporter2", story);
  await synced(early);
  await until(
    () => early.saved.logSeq,
    (logSeq) => logSeq > 0,
  );
  const { contentHash } = await storyOf(story);
  const approved = await desk
    .as("editor1")
    .post(`/api/stories/${story}/moves`, { to: "approved", contentHash });
  expect(approved.status).toBe(200);
  const cookie = await desk.as("reporter2").cookie();
  const late = await openRaw(url, story, { cookie }, { since: String(early.saved.logSeq) });
  expect(await late.closed).toEqual({ code: 4409, reason: "since" });
  early.type(0, "Not ");
  await until(
    () => early.saved.count,
    (count) => count === early.sent(),
  );
  const lapsed = await storyOf(story);
  expect(lapsed.status).toBe("checking");
  expect(lapsed.approval).toBeNull();
  expect(lapsed.lapsed?.by?.name).toBe("Reporter Two");
});

test("[BO9][WF6] a sudden emptying keeps a version, and restoring it brings the words back to everyone", async () => {
  const words = Array.from({ length: 60 }, (_, n) => `word${String(n)}`).join(" ");
  const story = await startStory(words);
  const client = await open("reporter2", story);
  const other = await open("editor2", story);
  await synced(client, other);
  client.doc.getXmlFragment("body").delete(0, 1);
  await until(
    () => other.text(),
    (text) => text === "",
  );
  await until(
    () => client.saved.count,
    (count) => count === client.sent(),
  );
  const versions = await desk.as("editor1").get(`/api/stories/${story}/versions`);
  const [line] = versions.body as { n: number; why: { cause: string }; by: { name: string } | null }[];
  expect(line).toMatchObject({ why: { cause: "sweep" }, by: { name: "Reporter Two" } });
  const restored = await desk.as("editor1").post(`/api/stories/${story}/versions/${String(line?.n)}/restore`);
  expect(restored.status).toBe(200);
  await until(
    () => client.text(),
    (text) => text === words,
  );
  expect((await storyOf(story)).text).toBe(words);
});
