/** What is refused before it becomes a socket, and what is written down about those that became one. */
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Story } from "@/domain/stories/story";
import { openLog } from "../log";
import { takeAway } from "../store/test-store";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";

let desk: TestNewsroom;
let port: number;
const lines: string[] = [];
beforeEach(async () => {
  desk = await openTestNewsroom({ log: openLog("debug", { write: (line: string) => lines.push(line) }) });
  port = await desk.listen();
  lines.length = 0;
});
afterEach(() => desk.close());

type Line = Readonly<Record<string, unknown>>;
const linesOf = (message: string) =>
  lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);

/** Asks to become a socket; gives the answer's status, word and request id. */
async function refusalOf(path: string, headers: Readonly<Record<string, string>> = {}) {
  const asked = request({
    host: "127.0.0.1",
    port,
    path,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  });
  asked.end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const body = JSON.parse(String(Buffer.concat(await answer.toArray()))) as { readonly code: string };
  return { status: answer.statusCode, code: body.code, requestId: answer.headers["x-request-id"] };
}

const counted = async (reason: string) => {
  const line = new RegExp(`^linecheck_upgrade_refusals_total\\{reason="${reason}"\\} (\\d+)$`, "m");
  return Number(line.exec(await desk.house.metrics.text())?.[1] ?? 0);
};

test("every refusal at the door is one line with its reason, status, request and story, and is counted", async () => {
  const reporter = desk.as("reporter1");
  const cookie = await reporter.cookie();
  const { id } = (await reporter.post("/api/stories", { headline: "Ours alone" })).as(Story);
  await reporter.patch(`/api/stories/${id}`, { private: true });
  const outsider = await desk.as("reporter2").cookie();
  lines.length = 0;
  const cases = [
    ["/events", {}, 401, "not-signed-in", undefined],
    [`/events?story=${id}`, {}, 401, "not-signed-in", id],
    ["/events?story=planted%20words", { cookie }, 404, "no-such-story", undefined],
    [`/collab/${id}`, { cookie: "linecheck.session_token=planted" }, 401, "not-signed-in", id],
    [`/collab/${id}`, { cookie, origin: "https://evil.test" }, 403, "wrong-origin", id],
    [`/collab/${id}?saved=1`, { cookie: outsider }, 404, "no-such-story", id],
    ["/collab/no-such-story", { cookie }, 404, "no-such-story", "no-such-story"],
    ["/collab/planted%20words", { cookie }, 404, "no-such-story", undefined],
    ["/events", { cookie, "sec-websocket-version": "7" }, 400, "no-websocket", undefined],
    [`/collab/${id}`, { cookie, "sec-websocket-key": "short" }, 400, "no-websocket", id],
  ] as const;
  for (const [index, [path, headers, status, code, storyId]] of cases.entries()) {
    const before = await counted(code);
    const requestId = `edge-${String(index)}`;
    const refusal = await refusalOf(path, { ...headers, "x-request-id": requestId });
    expect(refusal, path).toEqual({ status, code, requestId });
    expect(await counted(code)).toBe(before + 1);
    const line = linesOf("upgrade refused").at(-1);
    expect(line).toMatchObject({ level: 30, requestId, status, refused: code });
    expect(line?.["storyId"]).toBe(storyId);
  }
  expect(linesOf("upgrade refused")).toHaveLength(cases.length);
  const said = lines.join("");
  for (const secret of ["planted", "evil.test", "Ours alone", ...cookie.split("="), "Reporter One"])
    expect(said).not.toContain(secret);
});

test("a failure at the door is answered, written down and counted too", async () => {
  const cookie = await desk.as("reporter1").cookie();
  await desk.house.db.execute(sql`alter table sessions rename to elsewhere`);
  const refusal = await refusalOf("/events", { cookie });
  await desk.house.db.execute(sql`alter table elsewhere rename to sessions`);
  expect(refusal).toMatchObject({ status: 500, code: "failed" });
  expect(linesOf("upgrade failed")).toHaveLength(1);
  expect(linesOf("upgrade refused")).toMatchObject([{ status: 500, requestId: refusal.requestId }]);
  expect(await counted("failed")).toBe(1);
});

test("whoever asks while the store is away is told to try again, and let in once it is back", async () => {
  const cookie = await desk.as("reporter1").cookie();
  const bringBack = await takeAway(desk.house.db);
  expect(await refusalOf("/events", { cookie })).toMatchObject({ status: 503, code: "not-ready" });
  expect(linesOf("upgrade failed")).toHaveLength(1);
  expect(await counted("not-ready")).toBe(1);
  await bringBack();
  const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/events`, { headers: { cookie } });
  await once(socket, "open");
  socket.terminate();
});

test("what is written down about a socket carries the id of its request, which was answered back", async () => {
  const reporter = desk.as("reporter1");
  const { id } = (await reporter.post("/api/stories", { headline: "A story" })).as(Story);
  const headers = { cookie: await reporter.cookie(), "x-request-id": "edge-1" };
  for (const [path, ended] of [
    [`/collab/${id}`, { msg: "collab socket ended", storyId: id, code: 4422, reason: "undecodable" }],
    ["/events", { msg: "live channel ended", code: 1003 }],
  ] as const) {
    const socket = new WebSocket(`ws://127.0.0.1:${String(port)}${path}`, { headers });
    const opened = once(socket, "open");
    const [answer] = (await once(socket, "upgrade")) as [IncomingMessage];
    expect(answer.headers["x-request-id"]).toBe("edge-1");
    await opened;
    const closed = once(socket, "close");
    socket.send("words that are no message");
    await closed;
    const about = { requestId: "edge-1", personId: desk.person("reporter1").id };
    await vi.waitFor(() => expect(linesOf(ended.msg)).toMatchObject([{ ...ended, ...about }]));
  }
  expect(linesOf("no message of the protocol")).toMatchObject([{ requestId: "edge-1", storyId: id }]);
  expect(lines.join("")).not.toContain("words that are no message");
});
