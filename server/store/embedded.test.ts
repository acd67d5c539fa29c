import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isRefused } from "@/domain/refusal";
import { openStore, type Store } from "./open-store";

// Each starts and stops real servers, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
const quiet = pino({ level: "silent" });
const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
const children: ChildProcess[] = [];
const stores: Store[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "linecheck-embedded-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
  for (const store of stores.splice(0)) await store.close();
  await rm(folder, { recursive: true, force: true });
});

const settings = (dataFolder: string) => ({
  dataFolder,
  databaseUrl: undefined,
  secret: undefined,
  demo: undefined,
  onLoopback: true,
});
async function open(dataFolder = folder): Promise<Store> {
  const store = await openStore(settings(dataFolder), quiet);
  if (isRefused(store)) throw new Error(store.sentence);
  stores.push(store);
  return store;
}
async function close(store: Store) {
  stores.splice(stores.indexOf(store), 1);
  await store.close();
}
async function refusalOn(dataFolder = folder) {
  const store = await openStore(settings(dataFolder), quiet);
  if (isRefused(store)) return store;
  await store.close();
  throw new Error("the store opened");
}
/** A process of its own, and the first line it says: `open EPOCH` or why not. */
async function openInChild(): Promise<{ child: ChildProcess; said: string }> {
  const script = join(root, "server/store/test-open-child.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, folder], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [said]: unknown[] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
}
const pidOfServer = async () =>
  Number((await readFile(join(folder, "store/postmaster.pid"), "utf8")).split("\n")[0]);
const keep = (store: Store, id: string) =>
  store.db.execute(
    sql`insert into verifications (id, identifier, value, expires_at) values (${id}, '', '', now())`,
  );
const kept = async (store: Store) =>
  (await store.db.execute(sql`select id from verifications order by id`)).rows.map((row) => row["id"]);

test("a new store is made, stops cleanly and opens again as the same", async () => {
  const first = await open();
  expect(first).toMatchObject({ kind: "embedded", demo: true });
  expect(first.secret.length).toBeGreaterThan(32);
  await keep(first, "a");
  await close(first);
  expect(await readdir(join(folder, "store"))).not.toContain("postmaster.pid");
  const again = await open();
  expect(again).toMatchObject({ epoch: first.epoch, secret: first.secret, demo: true });
  expect(await kept(again)).toEqual(["a"]);
});

test("an edit counts as durable: the server syncs to the disk", async () => {
  const { db } = await open();
  const { rows } = await db.execute(
    sql`select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes') order by name`,
  );
  expect(rows.map((row) => row["setting"])).toEqual(["on", "on", "on"]);
});

test("a second process on the same folder is refused with one line, and the first goes on", async () => {
  const store = await open();
  const second = await openInChild();
  expect(second.said).toBe(`Another Linecheck process already serves this newsroom (${folder}).`);
  await keep(store, "still here");
  expect(await kept(store)).toEqual(["still here"]);
});

test("of two processes that start at once on a new folder one opens it", async () => {
  const said = (await Promise.all([openInChild(), openInChild()])).map((child) => child.said);
  expect(said.filter((line) => line.startsWith("open "))).toHaveLength(1);
  expect(said.filter((line) => line.startsWith("Another Linecheck process"))).toHaveLength(1);
  expect((await readdir(folder)).toSorted()).toEqual(["store", "store.log"]);
});

test("after kill -9 of the process its server is adopted, with everything committed", async () => {
  const { child, said } = await openInChild();
  const pid = await pidOfServer();
  child.kill("SIGKILL");
  await once(child, "exit");
  const store = await open();
  expect(await pidOfServer()).toBe(pid);
  expect(said).toBe(`open ${store.epoch}`);
  await keep(store, "a");
  await close(store);
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});

test("after kill -9 of the server it is started again, and the newsroom is still held", async () => {
  const store = await open();
  await keep(store, "before");
  const pid = await pidOfServer();
  process.kill(pid, "SIGKILL");
  const soon = { timeout: 20_000, interval: 100 };
  await vi.waitFor(async () => expect(await pidOfServer()).not.toBe(pid), soon);
  await vi.waitFor(async () => expect(await kept(store)).toEqual(["before"]), soon);
  await keep(store, "after");
  await vi.waitFor(async () => {
    const { rows } = await store.db.execute(sql`select 1 from pg_locks where locktype = 'advisory'`);
    expect(rows).toHaveLength(1);
  }, soon);
  expect(await refusalOn()).toMatchObject({ refused: "other-process" });
});

test("an adopted server is started again after kill -9, and what was started then once more", async () => {
  const { child } = await openInChild();
  child.kill("SIGKILL");
  await once(child, "exit");
  const store = await open();
  await keep(store, "before");
  for (let time = 0; time < 2; time += 1) {
    const pid = await pidOfServer();
    process.kill(pid, "SIGKILL");
    const soon = { timeout: 20_000, interval: 100 };
    await vi.waitFor(async () => expect(await pidOfServer()).not.toBe(pid), soon);
    await vi.waitFor(async () => expect(await kept(store)).toEqual(["before"]), soon);
  }
});

test("after kill -9 of both the store opens again", async () => {
  const { child } = await openInChild();
  const pid = await pidOfServer();
  child.kill("SIGKILL");
  process.kill(pid, "SIGKILL");
  await once(child, "exit");
  const store = await open();
  expect(await pidOfServer()).not.toBe(pid);
  await keep(store, "a");
});

test("a lock file whose number a stranger carries by now is no obstacle", async () => {
  await close(await open());
  await writeFile(join(folder, "store/postmaster.pid"), `${String(process.pid)}\n/elsewhere\n`);
  await keep(await open(), "a");
});

test("a store that a newer version has used is refused and left as it is", async () => {
  const store = await open();
  await store.db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 99999999999999)`,
  );
  await close(store);
  const refusal = await refusalOn();
  expect(refusal).toEqual({
    refused: "newer-store",
    sentence: `The store (${folder}) was last used by a newer Linecheck: start that version or a newer one.`,
  });
  expect(await readdir(join(folder, "store"))).not.toContain("postmaster.pid");
});

test("a folder that may not be written in is refused with one line", async () => {
  const closed = join(folder, "closed");
  await mkdir(closed);
  await chmod(folder, 0o755);
  await chmod(closed, 0o555);
  const isRoot = process.getuid?.() === 0;
  // Root may write everywhere.
  if (isRoot) process.seteuid?.(65_534);
  const refusal = await refusalOn(join(closed, "data")).finally(() => isRoot && process.seteuid?.(0));
  expect(refusal.refused).toBe("no-permission");
  expect(refusal.sentence).toBe(
    `Linecheck cannot write in its data folder ${closed}/data (EACCES): set LINECHECK_DATA to a folder of your own.`,
  );
  expect(await readdir(closed)).toEqual([]);
});

test("a path too long for a socket is no obstacle, nor are blanks and quotes in it", async () => {
  const long = join(folder, "a 'quoted' folder, ".repeat(3).trim(), "x".repeat(80));
  await mkdir(long, { recursive: true });
  await keep(await open(long), "a");
});
