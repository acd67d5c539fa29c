import { sql, type SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { PoolClient, QueryConfig } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainText } from "@/domain/body/content";
import type { Db } from "../store/db";
import { clientsOf, countUpdates } from "./log-store";
import { readText } from "./read-text";
import { openClient, openTestServer, synced, until } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

/** The same store, of which one thing is otherwise. */
const having = (db: Db, own: Partial<Record<keyof Db, unknown>>): Db =>
  new Proxy(db, {
    get: (of, key) => Reflect.get(key in own ? own : of, key) as unknown,
  });
const withTransactions = (db: Db, transaction: Db["transaction"]): Db => having(db, { transaction });

test("[BO1] a server's edit whose answer the store lost is seen by those who look on", async () => {
  const story = await desk.story("Words.");
  const editor = await desk.person("editor");
  let losesAnswers = false;
  const { db } = desk.store;
  const lossy = withTransactions(db, async (work, config) => {
    const answer = await db.transaction(work, config);
    if (losesAnswers) throw new Error("Connection terminated unexpectedly");
    return answer;
  });
  const server = await openTestServer({ house: { ...desk.house, db: lossy } });
  const reader = openClient(server.url, story, await desk.person("checker"));
  await synced(reader);
  await server.body.quiet(story);
  losesAnswers = true;
  const content = {
    headline: [],
    standfirst: [],
    body: [{ type: "paragraph" as const, content: [{ type: "text" as const, text: "Corrected." }] }],
  };
  await expect(server.body.replaceText(story, editor, content, () => Promise.resolve())).rejects.toThrow();
  losesAnswers = false;
  expect(plainText((await readText(db, story))?.content.body ?? [])).toBe("Corrected.");
  await until(reader.text, (text) => text === "Corrected.", 4_000);
  reader.leave();
  await server.close();
});

/** Once armed, cut off from a statement whose name begins so and that runs on: it is committed when `commitNow` says so. */
function cutOff(db: Db, statements: string) {
  let isArmed = false;
  let isCut = false;
  let commitNow = () => undefined as void;
  let failures = 0;
  const wait = new Promise<void>((resolve) => {
    commitNow = resolve;
  });
  let committed: Promise<void> = Promise.resolve();
  const query = async (client: PoolClient, given: QueryConfig) => {
    if (!given.name?.startsWith(statements) || isCut || !isArmed) return client.query(given);
    const runsOn = await db.$client.connect();
    await runsOn.query("begin");
    const answer = await runsOn.query(given);
    if (answer.rowCount === 0) {
      // Somebody else had the story's row: it stored nothing.
      await runsOn.query("rollback");
      runsOn.release();
      return answer;
    }
    isCut = true;
    committed = wait.then(async () => {
      await runsOn.query("commit");
      runsOn.release();
    });
    throw new Error("Connection terminated unexpectedly");
  };
  const connect = async () => {
    const client = await db.$client.connect();
    return new Proxy(client, {
      get: (of, key) =>
        key === "query" ? (given: QueryConfig) => query(of, given) : (Reflect.get(of, key) as unknown),
    });
  };
  const $client = new Proxy(db.$client, {
    get: (of, key) => (key === "connect" ? connect : (Reflect.get(of, key) as unknown)),
  });
  /** What fails at once, as often as it is to. */
  const transaction: Db["transaction"] = (work, config) => {
    if (isCut && failures > 0) {
      failures -= 1;
      return Promise.reject(new Error("The database system is starting up"));
    }
    return db.transaction(work, config);
  };
  return {
    db: new Proxy(db, {
      get: (of, key) => {
        if (key === "$client") return $client;
        return key === "transaction" ? transaction : (Reflect.get(of, key) as unknown);
      },
    }),
    commitNow: () => {
      commitNow();
      return committed;
    },
    /** From now on; so many transactions fail afterwards. */
    arm: (times: number) => {
      isArmed = true;
      failures = times;
    },
    hasFailed: () => failures === 0,
    isCut: () => isCut,
  };
}

const waitsForLock = (db: Db) =>
  until(
    async () => {
      const { rows } = await db.execute<{ waiting: string }>(sql`
        select count(*) as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      return Number(rows[0]?.waiting);
    },
    (waiting) => waiting > 0,
  );

for (const failures of [0, 1]) {
  test(`[BO7] words whose commit still ran when its answer was lost are stored once, tried again ${String(failures + 1)} times`, async () => {
    const story = await desk.story("Words.");
    const cut = cutOff(desk.store.db, "store-text");
    const server = await openTestServer({ house: { ...desk.house, db: cut.db } });
    const writer = openClient(server.url, story, await desk.person("reporter"));
    const allSaved = () =>
      until(
        () => writer.saved.count,
        (count) => count === writer.sent(),
      );
    await synced(writer);
    // The first words may bind the client id: they are a transaction of their own then.
    writer.type(0, "Bound. ");
    await allSaved();
    const before = await countUpdates(desk.store.db, story);
    cut.arm(failures);
    let rows = 0;
    while (!cut.isCut()) {
      rows += 1;
      writer.type(0, "Once. ");
      await until(() => cut.isCut() || writer.saved.count === writer.sent(), Boolean);
    }
    if (failures > 0) await until(cut.hasFailed, Boolean);
    else await waitsForLock(desk.store.db);
    await cut.commitNow();
    await allSaved();
    expect(await countUpdates(desk.store.db, story)).toBe(before + rows);
    const stored = plainText((await readText(desk.store.db, story))?.content.body ?? []);
    expect(stored).toBe(`${"Once. ".repeat(rows)}Bound. Words.`);
    writer.leave();
    await server.close();
  });
}

test("[BO5] a client id whose binding was lost at its commit is bound with its first words", async () => {
  const story = await desk.story("Words.");
  const reporter = await desk.person("reporter");
  const { db } = desk.store;
  let cuts = 0;
  const cut = having(db, {
    execute: (statement: SQL) => {
      if (!new PgDialect().sqlToQuery(statement).sql.includes("for key share")) return db.execute(statement);
      cuts += 1;
      return Promise.reject(new Error("Connection terminated unexpectedly"));
    },
  });
  const server = await openTestServer({ house: { ...desk.house, db: cut } });
  const writer = openClient(server.url, story, reporter);
  await synced(writer);
  // Its presence brings the id first.
  await until(() => cuts, Boolean);
  expect((await clientsOf(db, story)).has(writer.doc.clientID)).toBe(false);
  writer.type(0, "More. ");
  await until(
    () => writer.saved.count,
    (count) => count === writer.sent(),
  );
  expect((await clientsOf(db, story)).get(writer.doc.clientID)).toBe(reporter.id);
  writer.leave();
  await server.close();
});
