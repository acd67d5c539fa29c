import { sql } from "drizzle-orm";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isRefused } from "@/domain/refusal";
import { holdNewsroom } from "./hold-newsroom";
import { openStore } from "./open-store";
import { openTestStore, type TestStore } from "./test-store";

const quiet = pino({ level: "silent" });
let database: TestStore;
beforeEach(async () => {
  database = await openTestStore();
});
afterEach(() => database.close());

const settings = (databaseUrl = database.url) => ({
  dataFolder: "/nowhere",
  databaseUrl,
  secret: "a secret of at least 32 characters",
  demo: undefined,
  onLoopback: true,
});
async function open(given: Parameters<typeof openStore>[0] = settings()) {
  const store = await openStore(given, quiet);
  if (isRefused(store)) throw new Error(store.sentence);
  return store;
}

test("a store on a PostgreSQL server has no demo newsroom unless asked for, and keeps that", async () => {
  const first = await open();
  expect(first).toMatchObject({ kind: "server", demo: false, secret: "a secret of at least 32 characters" });
  await first.close();
  await (await open({ ...settings(), demo: true })).close();
  const again = await open();
  expect(again).toMatchObject({ demo: true, epoch: first.epoch });
  await again.close();
});

test("a second process is refused on a PostgreSQL server too", async () => {
  const store = await open();
  expect(await openStore(settings(), quiet)).toMatchObject({ refused: "other-process" });
  await store.close();
  await (await open()).close();
});

const withRedis = (databaseUrl = database.url) => ({
  ...settings(databaseUrl),
  redisUrl: "redis://redis.test",
});

test("several processes serve a newsroom where each has Redis, and none that has not beside them", async () => {
  const first = await open(withRedis());
  const second = await open(withRedis());
  expect(second.epoch).toBe(first.epoch);
  const refusal = await openStore(settings(), quiet);
  expect(refusal).toMatchObject({ refused: "other-process" });
  expect(isRefused(refusal) && refusal.sentence).toContain("REDIS_URL");
  await first.close();
  expect(await openStore(settings(), quiet)).toMatchObject({ refused: "other-process" });
  await second.close();

  const alone = await open();
  const late = await openStore(withRedis(), quiet);
  expect(late).toMatchObject({ refused: "other-process" });
  expect(isRefused(late) && late.sentence).toMatch(/without Redis.*REDIS_URL/);
  await alone.close();
});

test("a store is not migrated while another process serves it", async () => {
  const serving = await open(withRedis());
  const older = sql`delete from drizzle.__drizzle_migrations
    where id = (select max(id) from drizzle.__drizzle_migrations) returning hash, created_at::text`;
  const { rows } = await serving.db.execute(older);
  expect(await openStore(withRedis(), quiet)).toMatchObject({ refused: "older-store" });
  const [last] = rows;
  await serving.db.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at)
    values (${last?.["hash"]}, ${last?.["created_at"]})`);
  const second = await open(withRedis());
  await serving.close();
  await second.close();
});

test("several processes that start together on an empty store make it once", async () => {
  await database.db.execute(sql`drop schema drizzle cascade`);
  await database.db.execute(sql`drop schema public cascade`);
  await database.db.execute(sql`create schema public`);
  const started = await Promise.all([1, 2, 3].map(() => open(withRedis())));
  expect(new Set(started.map(({ epoch }) => epoch)).size).toBe(1);
  for (const store of started) await store.close();
});

test("the operator's tool works beside a running process and does not hold the newsroom", async () => {
  const store = await open();
  const beside = await openStore(settings(), quiet, { beside: true });
  if (isRefused(beside)) throw new Error(beside.sentence);
  expect(beside.epoch).toBe(store.epoch);
  await store.db.execute(
    sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 99999999999999)`,
  );
  expect(await openStore(settings(), quiet, { beside: true })).toMatchObject({ refused: "newer-store" });
  await store.close();
  await beside.close();
});

test("a newsroom whose connection was cut is held again; one taken over meanwhile is given up", async () => {
  const lost = vi.fn<() => void>();
  const connection = { connectionString: database.url };
  const hold = await holdNewsroom(connection, quiet, { patient: true, whenLost: lost });
  if (!hold) throw new Error("not held");
  const cut = () =>
    database.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'linecheck %' and datname = current_database()`,
    );
  const holders = async () =>
    (
      await database.db.execute(
        sql`select 1 from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`,
      )
    ).rows.length;
  await cut();
  await vi.waitFor(async () => expect(await holders()).toBe(1), 5000);
  expect(lost).not.toHaveBeenCalled();

  await cut();
  const other = await holdNewsroom(connection, quiet, { patient: true, whenLost: () => undefined });
  await vi.waitFor(() => expect(lost).toHaveBeenCalledOnce(), 10_000);
  await other?.release();
  await hold.release();
});

test("[BO1] a connection cut between two statements fails what uses it, not the process", async () => {
  const store = await open();
  const client = await store.db.$client.connect();
  const cut = new Promise<void>((resolve) => client.once("end", resolve));
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  await database.db.execute(sql`select pg_terminate_backend(${rows[0]?.pid})`);
  await cut;
  await expect(client.query("select 1")).rejects.toThrow();
  expect((await store.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  // Never given back, it holds up nobody; given back late, it does no harm.
  await store.close();
  client.release();
});

test("a server that does not answer is one line, without its password", async () => {
  const refusal = await openStore(settings("postgres://who:hidden@127.0.0.1:1/linecheck"), quiet);
  expect(refusal).toEqual({
    refused: "unreachable",
    sentence: "The PostgreSQL server at 127.0.0.1:1/linecheck does not answer (ECONNREFUSED).",
  });
});
