import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openLog } from "../log";
import { openMetrics } from "../metrics";
import { answerPage } from "./answer-page";
import type { Pages } from "./pages";

const lines: string[] = [];
const metrics = openMetrics();
const house = {
  log: openLog("info", { write: (line: string) => lines.push(line) }),
  metrics,
  newId: () => "an-id-of-our-own",
};
const pages: Pages = {
  answer: (request, response) => {
    if (request.url?.startsWith("/people")) return Promise.reject(new Error("no page came of it"));
    if (request.url?.startsWith("/record")) {
      response.write("begun");
      return Promise.resolve();
    }
    response.end("a page");
    return Promise.resolve();
  },
  upgrade: () => false,
  close: () => Promise.resolve(),
};
const server = createServer((request, response) => void answerPage(house, pages, request, response));
let url: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("not listening");
  url = `http://127.0.0.1:${String(address.port)}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => void lines.splice(0));

/** The line of the one request that was made; it is written once the answer is out. */
async function lineOf(): Promise<Record<string, unknown>> {
  while (lines.every((line) => !line.includes(`"msg":"request"`))) await new Promise(setImmediate);
  return JSON.parse(lines.find((line) => line.includes(`"msg":"request"`)) ?? "") as Record<string, unknown>;
}

test("a page's request has one line with its pattern and its story, and is counted by the pattern alone", async () => {
  const answer = await fetch(`${url}/stories/story-1?words=secret`);
  expect(answer.headers.get("x-request-id")).toBe("an-id-of-our-own");
  expect(await lineOf()).toMatchObject({
    requestId: "an-id-of-our-own",
    method: "GET",
    route: "/stories/:id",
    storyId: "story-1",
    status: 200,
  });
  expect(lines.join("")).not.toContain("secret");
  const text = await metrics.text();
  expect(text).toContain(
    `linecheck_http_request_seconds_count{method="GET",route="/stories/:id",status="200"} 1`,
  );
  expect(text).not.toContain("story-1");
});

test("the words of an address are written down nowhere", async () => {
  await fetch(`${url}/read/words-of-a-headline`);
  expect(await lineOf()).toMatchObject({ route: "/read/:slug" });
  expect(lines.join("") + (await metrics.text())).not.toContain("words-of-a-headline");
});

test("a proxy's request id is taken over and answered back where it is short and plain", async () => {
  const given = await fetch(url, { headers: { "x-request-id": "edge-1.7_b" } });
  expect(given.headers.get("x-request-id")).toBe("edge-1.7_b");
  expect(await lineOf()).toMatchObject({ requestId: "edge-1.7_b" });
});

test.each(["two words", `"}{"level":60`, "a".repeat(65), "ä"])(
  "any other request id is replaced: %s",
  async (given) => {
    const answer = await fetch(url, { headers: { "x-request-id": Buffer.from(given).toString("latin1") } });
    expect(answer.headers.get("x-request-id")).toBe("an-id-of-our-own");
  },
);

test("a page that fails is answered with 500, one line says why and one what was asked", async () => {
  expect((await fetch(`${url}/people`)).status).toBe(500);
  expect(await lineOf()).toMatchObject({ status: 500, route: "/people" });
  expect(lines.join("")).toContain("no page came of it");
});

test("a page that nobody waited for is written down as cut", async () => {
  const leaving = new AbortController();
  await fetch(`${url}/record`, { signal: leaving.signal });
  leaving.abort();
  expect(await lineOf()).toMatchObject({ route: "/record", isCut: true });
});
