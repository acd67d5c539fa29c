import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "./store/test-store";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder: string;
beforeAll(async () => {
  // Inside the project: packages are found from where the bundle stands.
  folder = await mkdtemp(join(root, "node_modules/.linecheck-main-"));
  await symlink(join(root, "server"), join(folder, "server"));
  await build({
    entryPoints: [join(root, "server/main.ts")],
    outfile: join(folder, "dist/main.js"),
    alias: { "@": root },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    plugins: [
      {
        name: "no Next",
        setup: (build) => {
          build.onResolve({ filter: /\/http\/pages$/ }, () => ({
            path: join(root, "server/http/test-pages.ts"),
          }));
        },
      },
    ],
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the server with these settings only. */
function begin(settings: Record<string, string>) {
  const child = spawn(process.execPath, [join(folder, "dist/main.js")], {
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing of this process's own settings.
    env: { NODE_ENV: "production", LINECHECK_DATA: join(folder, "data"), ...settings },
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const ended = once(child, "close").then(([code]: (number | null)[]) => ({
    code,
    lines: said.trim().split("\n"),
  }));
  /** The address it says it is ready at. */
  const ready = async (): Promise<string> => {
    for (;;) {
      const [, url] = /ready: (http\S+)/.exec(said) ?? [];
      if (url !== undefined) return url;
      if (child.exitCode !== null) throw new Error(said);
      await sleep(20);
    }
  };
  return { stop: () => child.kill("SIGINT"), ended, ready };
}
const start = (settings: Record<string, string>) => begin(settings).ended;

const admin = { email: "admin@example.test", password: "a password of the admin" };
/** A whole newsroom in a process of its own, with a store of its own. */
async function beginNewsroom(store: TestStore) {
  const process = begin({
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
  const starting = begin({
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
