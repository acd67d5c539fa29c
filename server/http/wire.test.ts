/** Requests as they come from the wire, through a real server: what in-process calls cannot show. */
import { once } from "node:events";
import { createServer, request } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";

let desk: TestNewsroom;
let port = 0;
const server = createServer((incoming, outgoing) => {
  void getRequestListener(desk.app.fetch, { overrideGlobalObjects: false })(incoming, outgoing);
});
beforeAll(async () => {
  desk = await openTestNewsroom();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  port = typeof address === "object" && address ? address.port : 0;
});
afterAll(async () => {
  server.close();
  await desk.close();
});

async function statusOf(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  const cookie = await desk.as("editor1").cookie();
  const asked = request({ host: "127.0.0.1", port, method, path, headers: { cookie, ...headers } });
  asked.end(body);
  const [answer] = (await once(asked, "response")) as [{ statusCode?: number; resume: () => void }];
  answer.resume();
  return answer.statusCode;
}

test("a DELETE without a body reaches its route", async () => {
  expect(await statusOf("DELETE", "/api/claims/no-such-claim?reason=none")).toBe(404);
});

test("a body in pieces is asked for its length; one with its length is read", async () => {
  const json = { "content-type": "application/json" };
  const path = "/api/claims/no-such-claim/comments";
  expect(await statusOf("POST", path, { ...json, "transfer-encoding": "chunked" }, '{"text":"a"}')).toBe(411);
  expect(await statusOf("POST", path, { ...json, "content-length": "12" }, '{"text":"a"}')).toBe(404);
});
