import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isRefused } from "@/domain/refusal";
import { recordEditsOf } from "./body/record-edits";
import { readConfig } from "./config";
import { runCommand } from "./operator-commands";
import { openStore } from "./store/open-store";
import { openTestStore, type TestStore } from "./store/test-store";

let database: TestStore;
beforeEach(async () => {
  database = await openTestStore();
});
afterEach(() => database.close());

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const config = readConfig({
    DATABASE_URL: database.url,
    LINECHECK_SECRET: "a secret of at least 32 characters",
    ...env,
  });
  if (isRefused(config)) throw new Error(config.sentence);
  const said: string[] = [];
  const complaints: string[] = [];
  const code = await runCommand(args, {
    config,
    say: (line) => said.push(line),
    complain: (line) => complaints.push(line),
  });
  return { code, said, complaints };
}
const invite = ["people", "invite", "Checker Three", "Checker3@demo.test", "checker"];

test("[PE3] people invite prints a one-time link, people list shows who was invited", async () => {
  const invited = await run(invite);
  expect(invited).toMatchObject({ code: 0, complaints: [] });
  expect(invited.said).toHaveLength(1);
  expect(invited.said[0]).toMatch(/^http:\/\/127\.0\.0\.1:3000\/link#[\w.-]{20,}$/);
  const { said } = await run(["people", "list"]);
  expect(said.map((line) => line.split("\t").slice(1))).toEqual([
    ["checker", "invited", "checker3@demo.test", "Checker Three"],
  ]);
  expect(await run(invite)).toMatchObject({
    code: 1,
    said: [],
    complaints: [expect.stringMatching(/address/)],
  });
});

test("audit verify says that the record is whole, or names what was done to it", async () => {
  await run(invite);
  const whole = await run(["audit", "verify"]);
  expect(whole).toMatchObject({ code: 0, complaints: [] });
  expect(whole.said[0]).toMatch(/^The record is whole: \d+ rows, head \d+ [0-9a-f]{64}\.$/);
  await database.db.execute(sql`alter table record disable trigger append_only`);
  await database.db.execute(sql`delete from record where seq = 1`);
  expect(await run(["audit", "verify"])).toMatchObject({
    code: 1,
    said: ["Row 1 is missing."],
    complaints: [expect.stringMatching(/^The record is not whole: 1 fault in/)],
  });
});

test("[RE2] audit verify names an update of a text that is not as it was recorded", async () => {
  const { db } = database;
  const at = new Date("2026-11-25T08:00:00Z");
  await db.execute(sql`insert into people (id, name, email, role)
    values ('p', 'Reporter One', 'p@demo.test', 'reporter')`);
  await db.execute(sql`insert into stories (id, slug, byline, started_by, log_seq)
    values ('s', 'a-visit', '[]', 'p', 2)`);
  for (const seq of [1, 2]) {
    await db.execute(sql`insert into story_updates values ('s', ${seq}, 'p', ${at}, '\\x0000')`);
  }
  await recordEditsOf(db, "s", at);
  expect(await run(["audit", "verify"])).toMatchObject({ code: 0, complaints: [] });
  await db.execute(sql`alter table story_updates disable trigger never_rewritten`);
  await db.execute(sql`update story_updates set update = '\\x0001' where seq = 2`);
  expect(await run(["audit", "verify"])).toMatchObject({
    code: 1,
    said: ["Story a-visit: changes 1-2 are not as they were recorded in row 2."],
    complaints: [expect.stringMatching(/^The record is not whole: 1 fault in/)],
  });
});

test("every command has help; a wrong call is one line and changes nothing", async () => {
  expect(await run(["--help"])).toMatchObject({ code: 0 });
  for (const line of (await run(["--help"])).said[0]?.split("\n").slice(1) ?? []) {
    const [, name = ""] = /-- (\w+ \w+)/.exec(line) ?? [];
    const help = await run([...name.split(" "), "--help"]);
    expect(help).toMatchObject({ code: 0, said: [expect.stringContaining(name)], complaints: [] });
  }
  for (const wrong of [
    ["people", "remove"],
    ["people", "invite", "Only Name"],
    ["toString", ""],
    [...invite.slice(0, 4), "king"],
  ]) {
    const { code, said, complaints } = await run(wrong);
    expect({ code, said, complaints: complaints.length }).toEqual({ code: 2, said: [], complaints: 1 });
  }
  expect((await run(["people", "list"])).said).toEqual([]);
});

test("the tool works beside a running server on an embedded store, and alone; it makes no store to look at", async () => {
  const folder = await mkdtemp(join(tmpdir(), "linecheck-operator-"));
  const env = { DATABASE_URL: "", LINECHECK_DATA: folder };
  expect(await run(["audit", "verify"], env)).toMatchObject({ code: 1, said: [] });
  expect(await readdir(folder)).toEqual([]);
  expect(await run(invite, env)).toMatchObject({ code: 0 });
  expect(await readdir(join(folder, "store"))).not.toContain("postmaster.pid");

  const config = readConfig(env);
  if (isRefused(config)) throw new Error(config.sentence);
  const store = await openStore(config, pino({ level: "silent" }));
  if (isRefused(store)) throw new Error(store.sentence);
  expect((await run(["people", "list"], env)).said).toHaveLength(1);
  expect((await store.db.execute(sql`select 1`)).rows).toHaveLength(1);
  await store.close();
  await rm(folder, { recursive: true });
}, 90_000);
