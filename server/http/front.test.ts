import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { openFront, type Front } from "./front";
import type { Pages } from "./pages";

let desk: TestNewsroom;
let front: Front;
let url: string;
let finish: () => void = () => undefined;
const finished = new Promise<void>((resolve) => (finish = resolve));
const pages: Pages = {
  answer: async (request, response) => {
    if (request.url === "/record") {
      response.writeHead(200).write("begun, ");
      await finished;
    }
    response.end("done");
  },
  upgrade: () => false,
  close: () => Promise.resolve(),
};
beforeAll(async () => {
  desk = await openTestNewsroom();
  front = openFront(desk.house.log, () => Promise.resolve({ newsroom: desk, pages }));
  front.server.listen(0, "127.0.0.1");
  await once(front.server, "listening");
  const address = front.server.address();
  if (typeof address !== "object" || !address) throw new Error("not listening");
  url = `http://127.0.0.1:${String(address.port)}`;
});
afterAll(() => desk.close());

test("while requests in flight are answered others are too, then they are refused, then nobody is let in", async () => {
  const kept = await fetch(url);
  expect(kept.headers.get("connection")).toBe("keep-alive");
  await kept.text();
  const slow = await fetch(`${url}/record`);
  let isDrained = false;
  const drained = front.drain().then(() => (isDrained = true));
  const meanwhile = await fetch(`${url}/api/openapi.json`);
  expect(meanwhile.status).toBe(401);
  expect(meanwhile.headers.get("connection")).toBe("close");
  expect(isDrained).toBe(false);
  finish();
  expect(await slow.text()).toBe("begun, done");
  await drained;

  for (const path of ["/", "/api/me", "/feed.json"]) {
    const refused = await fetch(`${url}${path}`, { headers: { "x-request-id": "edge-1" } });
    expect(refused.status, path).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("x-request-id")).toBe("edge-1");
    expect(await refused.json()).toMatchObject({ code: "restarting", status: 503 });
  }
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain('status="503"');
  await front.close();
  await expect(fetch(url)).rejects.toThrow();
});
