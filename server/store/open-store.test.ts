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

test("a server that does not answer is one line, without its password", async () => {
  const refusal = await openStore(settings("postgres://who:hidden@127.0.0.1:1/linecheck"), quiet);
  expect(refusal).toEqual({
    refused: "unreachable",
    sentence: "The PostgreSQL server at 127.0.0.1:1/linecheck does not answer (ECONNREFUSED).",
  });
});
