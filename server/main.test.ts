import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleMain, type MainProgram } from "./test-main";
import { openTestStore, type TestStore } from "./store/test-store";

let main: MainProgram;
beforeAll(async () => {
  main = await bundleMain();
});
afterAll(() => main.remove());

const start = (settings: Record<string, string>) => main.begin(settings).ended;

const admin = { email: "admin@example.test", password: "a password of the admin" };
/** A whole newsroom in a process of its own, with a store of its own. */
async function beginNewsroom(store: TestStore) {
  const process = main.begin({
    PORT: "0",
    DATABASE_URL: store.url,
    LINECHECK_SECRET: "a secret of at least 32 characters",
    LINECHECK_ADMIN_EMAIL: admin.email,
    LINECHECK_ADMIN_PASSWORD: admin.password,
  });
  return { ...process, url: await process.ready() };
}

test("a wrong setting stops the start with one clear line", async () => {
  const { code, lines } = await start({ PORT: "three" });
  expect(code).toBe(1);
  expect(lines).toEqual([expect.stringContaining("Setting PORT is wrong")]);
});

test("a port in use stops the start with one clear line, before the store is touched", async () => {
  const other: Server = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  const { code, lines } = await start({ PORT: port });
  other.close();
  expect(code).toBe(1);
  expect(lines).toEqual([expect.stringContaining(`port ${port} on 127.0.0.1 is in use`)]);
});

test("a stop lets running requests finish, cuts sockets that stay, and ends with 0", async () => {
  const store = await openTestStore();
  const newsroom = await beginNewsroom(store);
  const { hostname, port } = new URL(newsroom.url);
  const { email, password } = admin;
  const entered = await fetch(`${newsroom.url}/api/auth/sign-in/email`, {
    method: "POST",
    body: JSON.stringify({ email, password }),
  });
  const [cookie = ""] = entered.headers.getSetCookie()[0]?.split(";") ?? [];
  // It never answers the server's farewell.
  const silent = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  silent.on("error", () => undefined);
  silent.write(
    [
      "GET /events HTTP/1.1",
      "Host: desk",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      `Cookie: ${cookie}`,
      "\r\n",
    ].join("\r\n"),
  );
  const [answer] = (await once(silent, "data")) as [Buffer];
  expect(String(answer)).toContain("101 Switching Protocols");
  const slow = await fetch(`${newsroom.url}/slow`);
  const startedMs = performance.now();
  newsroom.stop();
  expect(await slow.text()).toBe("begun, done");
  expect((await newsroom.ended).code).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(6000);
  silent.destroy();
  await store.close();
});

test("a crash is closed after like a stop, and ends with 1", async () => {
  const store = await openTestStore();
  const newsroom = await beginNewsroom(store);
  const slow = await fetch(`${newsroom.url}/slow`);
  await fetch(`${newsroom.url}/crash`);
  expect(await slow.text()).toBe("begun, done");
  const { code, lines } = await newsroom.ended;
  expect(code).toBe(1);
  expect(lines.join("\n")).toContain("crashed");
  await store.close();
});

test("a second Ctrl-C ends a start that waits for its store, at once", async () => {
  const mute = createServer();
  mute.listen(0, "127.0.0.1");
  await once(mute, "listening");
  const address = mute.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  const starting = main.begin({
    PORT: "0",
    DATABASE_URL: `postgres://127.0.0.1:${port}/test`,
    LINECHECK_SECRET: "a secret of at least 32 characters",
  });
  await once(mute, "connection");
  starting.stop();
  starting.stop();
  await sleep(700);
  starting.stop();
  expect((await starting.ended).code).toBe(1);
  mute.close();
});
