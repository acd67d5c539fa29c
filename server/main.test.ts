import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { plainText } from "@/domain/body/content";
import { readText } from "./body/read-text";
import { openClient, until } from "./body/test-clients";
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

const demoPassword = "a password for the demo people";
/** The same with the demo people; a reporter's cookie and story. */
async function beginDemo(store: TestStore) {
  const process = main.begin({
    PORT: "0",
    DATABASE_URL: store.url,
    LINECHECK_SECRET: "a secret of at least 32 characters",
    LINECHECK_DEMO: "1",
    LINECHECK_DEMO_PASSWORD: demoPassword,
  });
  const url = await process.ready();
  const entered = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    body: JSON.stringify({ email: "reporter1@demo.test", password: demoPassword }),
  });
  const [cookie = ""] = entered.headers.getSetCookie()[0]?.split(";") ?? [];
  const started = await fetch(`${url}/api/stories`, {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({ headline: "A story", body: { format: "text", content: "Words." } }),
  });
  const { id } = (await started.json()) as { readonly id: string };
  const type = () => openClient(`${url.replace("http", "ws")}/collab`, id, { cookie });
  return { process, url, cookie, id, type };
}

async function refusedUpgrade(url: string, cookie: string): Promise<IncomingMessage> {
  const asked = request(url, { headers: { cookie, connection: "Upgrade", upgrade: "websocket" } });
  asked.end();
  const [refusal] = (await once(asked, "response")) as [IncomingMessage];
  return refusal.resume();
}

test("a stop says so first, then answers what was asked, stores what was sent, sends sockets away, and ends with 0", async () => {
  const store = await openTestStore();
  const { process, url, cookie, id, type } = await beginDemo(store);
  const writer = type();
  await until(() => writer.provider.synced, Boolean);
  const page = new WebSocket(`${url.replace("http", "ws")}/events`, { headers: { cookie } });
  await once(page, "open");
  const pageClosed = once(page, "close");
  expect((await refusedUpgrade(`${url}/elsewhere`, cookie)).statusCode).toBe(404);
  const held = await fetch(`${url}/held`);
  process.stop("SIGTERM");

  const ready = () => fetch(`${url}/readyz`, { headers: { connection: "close" } });
  const notReady = await until(ready, ({ status }) => status === 503);
  expect(await notReady.json()).toMatchObject({ code: "restarting" });
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  for (const path of ["/events", `/collab/${id}`]) {
    const refusal = await refusedUpgrade(`${url}${path}`, cookie);
    expect(refusal.statusCode).toBe(503);
    expect(refusal.headers["retry-after"]).toBe("1");
  }
  const asked = await fetch(`${url}/api/me`, { headers: { cookie } });
  expect(asked.status).toBe(200);
  expect(asked.headers.get("connection")).toBe("close");
  expect(writer.closed).toEqual([]);
  writer.type(0, "To the end. ");
  await until(
    () => writer.saved.count,
    (count) => count === writer.sent(),
  );

  expect((await fetch(`${url}/release`)).status).toBe(200);
  expect(await held.text()).toBe("begun, done");
  expect((await pageClosed)[0]).toBe(1012);
  await until(
    () => writer.closed,
    (closed) => closed.some(({ code }) => code === 1012),
  );
  writer.leave();
  const { code, lines } = await process.ended;
  expect(code).toBe(0);
  expect(lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  await expect(ready()).rejects.toThrow();
  const text = await readText(store.db, id);
  expect(plainText(text?.content.body ?? [])).toBe("To the end. Words.");
  await store.close();
});

test("[BO1] a stop while the store stands still sends everybody away too, and ends; what it lacks is with its author", async () => {
  const store = await openTestStore();
  const { process, id, type } = await beginDemo(store);
  const writer = type();
  await until(() => writer.provider.synced, Boolean);
  await store.db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from stories where id = ${id} for update`);
    writer.type(0, "Not stored. ");
    await until(
      () =>
        tx.execute(sql`select 1 from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`),
      ({ rows }) => rows.length > 0,
    );
    process.stop("SIGTERM");
    await until(
      () => writer.closed,
      (closed) => closed.some(({ code }) => code === 1012),
    );
    const { code, lines } = await process.ended;
    expect(code).toBe(0);
    expect(lines.join("\n")).toContain("what it lacks is with its authors");
  });
  expect(writer.text()).toBe("Not stored. Words.");
  const text = await readText(store.db, id);
  expect(plainText(text?.content.body ?? [])).toBe("Words.");
  writer.leave();
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
