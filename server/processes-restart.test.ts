/** Parts of a newsroom of two processes end under load: PostgreSQL itself, and a process that had more to do. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRefused } from "@/domain/refusal";
import { until } from "./body/test-clients";
import { hasRedis } from "./events/test-redis";
import { openEmbedded, type Embedded } from "./store/embedded";
import { freePort } from "./store/test-servers";
import {
  allSaved,
  isSynced,
  openTestProcesses,
  type TestProcess,
  type TestProcesses,
} from "./test-processes";

const it = (await hasRedis()) ? test : test.skip;

let folder: string;
let postgres: Embedded;
let pool: Pool;
let desk: TestProcesses;
let one: TestProcess;
let two: TestProcess;
beforeAll(async () => {
  if (it !== test) return;
  folder = await mkdtemp(join(tmpdir(), "linecheck-restart-"));
  const tcpPort = await freePort();
  const opened = await openEmbedded(folder, pino({ level: "silent" }), { tcpPort });
  if (isRefused(opened)) throw new Error(opened.sentence);
  postgres = opened;
  const url = `postgres://linecheck@127.0.0.1:${String(tcpPort)}/postgres`;
  pool = new Pool({ connectionString: url });
  pool.on("error", () => {
    // It is cut off with everybody else.
  });
  desk = await openTestProcesses(url);
  [one, two] = await Promise.all([desk.begin(), desk.begin()]);
  await desk.signInEverybody(one.url);
}, 120_000);
afterAll(async () => {
  await desk?.close();
  await pool?.end();
  await postgres?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function postgresPid(): Promise<number> {
  return Number((await readFile(join(folder, "store/postmaster.pid"), "utf8")).split("\n")[0]);
}

it("[BO1][BO2] PostgreSQL stopped at once and started again under load: nothing saved or seen is lost", async () => {
  const id = await desk.story(one.url, "Words.");
  const here = desk.open(one.url, id, "reporter1");
  const there = desk.open(two.url, id, "reporter2");
  const reader = desk.open(two.url, id, "checker1");
  for (const client of [here, there, reader]) await isSynced(client);
  const typed = { here: 0, there: 0 };
  const typing = setInterval(() => {
    typed.here += 1;
    typed.there += 1;
    here.type(0, `[h${String(typed.here)}]`);
    there.type(there.text().length, `[t${String(typed.there)}]`);
  }, 10);
  await until(
    () => here.saved.count,
    (count) => count > 30,
  );
  // Its author is away from here on: what is there afterwards is what the store kept.
  here.provider.disconnect();
  const saved = here.saved.count - 1;
  // As `pg_ctl stop -m immediate` does: nothing is finished, nobody is told. Whoever watches it starts it again.
  const before = await postgresPid();
  process.kill(before, "SIGQUIT");
  const seen = reader.text().match(/\[h\d+\]/g) ?? [];
  const typedThen = typed.there;
  await until(
    () => there.saved.count,
    (count) => count > typedThen + 30,
    40_000,
  );
  expect(await postgresPid()).not.toBe(before);
  const kept = await desk.textAt(two.url, id);
  expect(saved).toBeGreaterThan(0);
  expect(seen.length).toBeGreaterThan(0);
  for (let n = 1; n <= saved; n += 1) expect(kept).toContain(`[h${String(n)}]`);
  for (const token of seen) expect(kept).toContain(token);

  here.provider.connect();
  await until(() => here.provider.synced && here.saved.count > 0, Boolean, 20_000);
  clearInterval(typing);
  for (const client of [here, there]) await allSaved(client);
  const tokens = [
    ...Array.from({ length: typed.here }, (_, n) => `[h${String(n + 1)}]`),
    ...Array.from({ length: typed.there }, (_, n) => `[t${String(n + 1)}]`),
  ];
  const isWhole = (text: string) => tokens.every((token) => text.split(token).length === 2);
  for (const client of [here, there, reader]) await until(client.text, isWhole, 20_000);
  expect(isWhole(await desk.textAt(one.url, id))).toBe(true);
  // Nobody was refused or sent away: at most they were offline.
  const codes = [here, there, reader].flatMap(({ closed }) => closed.map(({ code }) => code));
  expect(codes.filter((code) => code >= 4400)).toEqual([]);
  for (const { url } of [one, two]) expect((await fetch(`${url}/readyz`)).status).toBe(200);
}, 90_000);

it("[AN4] what a process stored and was killed before it healed, the other heals", async () => {
  const db = drizzle(pool);
  const id = await desk.story(one.url, "Some 4,600 soldiers are in it.");
  const given = { field: "body", quote: "4,600 soldiers", kind: "number", importance: "critical" };
  const marked = await desk.ask(one.url, "checker1", "POST", `/api/stories/${id}/claims`, given);
  expect(marked.status).toBe(201);
  const startAt = async () =>
    (await desk.ask(two.url, "checker1", "GET", `/api/claims/${marked.body.id}`)).body.anchor.start;
  const page = await desk.listen(two.url, "editor1");
  const writer = desk.open(one.url, id, "reporter1");
  await isSynced(writer);
  await db.transaction(async (tx) => {
    // Healing comes as far as writing what it found.
    await tx.execute(sql`lock table anchors in share mode`);
    writer.type("Some ".length, "about ");
    await allSaved(writer);
    await until(
      async () => {
        const { rows } = await pool.query<{ waiting: string }>(
          "select count(*) as waiting from pg_stat_activity where wait_event_type = 'Lock'",
        );
        return Number(rows[0]?.waiting);
      },
      (waiting) => waiting > 0,
    );
    one.process.kill();
    await one.process.ended;
    writer.leave();
  });
  expect(await startAt()).toBe("Some ".length);
  await until(startAt, (start) => start === "Some about ".length, 40_000);
  await until(
    () => page.told,
    (all) => all.some((event) => event.type === "claims" && event.storyId === id),
  );
}, 60_000);
