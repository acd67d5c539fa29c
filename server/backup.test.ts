/** A newsroom backed up while people write in it, and restored into an empty one: seen through the real server. */
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { isRefused } from "@/domain/refusal";
import { openClient, until, type Client } from "./body/test-clients";
import { readConfig } from "./config";
import { runCommand } from "./operator-commands";
import { recordAct } from "./record/record-act";
import { leftOut } from "./store/backup-format";
import { tablesOf, writeBackup } from "./store/backup";
import { migrationsFolder } from "./store/migrate";
import { openStore } from "./store/open-store";
import { checkBackup } from "./store/restore";
import { storeCounts } from "./store/test-counts";
import { openTestStore, type TestStore } from "./store/test-store";
import { bundleMain, type MainProcess, type MainProgram } from "./test-main";

const password = "a password for the demo people";
const secret = "a secret of at least 32 characters";
let folder: string;
let file: string;
let main: MainProgram;
let store: TestStore;
let empty: TestStore;
let server: MainProcess;
let url: string;
let cookie: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "linecheck-backup-"));
  file = join(folder, "newsroom.backup");
  await mkdir(join(folder, "data/files/pictures"), { recursive: true });
  await writeFile(join(folder, "data/files/pictures/one.bin"), Buffer.alloc(1_500_000, 7));
  [main, store, empty] = await Promise.all([bundleMain(), openTestStore(), openTestStore()]);
  server = begin(store);
  url = await server.ready();
  cookie = await signIn(url);
});
afterAll(async () => {
  server.stop();
  await server.ended;
  await Promise.all([
    store.close(),
    empty.close(),
    main.remove(),
    rm(folder, { recursive: true, force: true }),
  ]);
});

const begin = (on: TestStore) =>
  main.begin({
    PORT: "0",
    DATABASE_URL: on.url,
    LINECHECK_SECRET: secret,
    LINECHECK_DATA: join(folder, "data"),
    LINECHECK_DEMO: "1",
    LINECHECK_DEMO_PASSWORD: password,
  });

const run = (args: readonly string[], on: TestStore, data = "data") =>
  runWith(args, { DATABASE_URL: on.url, LINECHECK_SECRET: secret, LINECHECK_DATA: join(folder, data) });

async function runWith(args: readonly string[], env: Record<string, string>) {
  const config = readConfig(env);
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

async function signIn(at: string): Promise<string> {
  const answer = await fetch(`${at}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "editor1@demo.test", password }),
  });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
}

type Listed = { readonly id: string };
async function ask(at: string, as: string, path: string): Promise<unknown> {
  const answer = await fetch(`${at}${path}`, { headers: { cookie: as } });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json();
}

/** What every table of the backup holds, to the last character; the record without the restoring's own act. */
async function rowsOf({ db }: TestStore): Promise<unknown> {
  const counts = await storeCounts(db);
  const others = [...leftOut, "record"];
  const held = Object.entries(counts).filter(([name]) => !others.some((one) => name.startsWith(one)));
  const { rows } = await db.execute(
    sql`select t::text from record t where act <> 'backup-restored' order by seq`,
  );
  return { ...Object.fromEntries(held), record: rows };
}

/** The lines of a backup with something done to them; by default its sum is made anew, as a forger would. */
async function altered(change: (lines: string[]) => string[], sum: "made anew" | "kept" = "made anew") {
  const lines = gunzipSync(await readFile(file))
    .toString()
    .trimEnd()
    .split("\n");
  const end = lines.pop() ?? "";
  const body = `${change(lines).join("\n")}\n`;
  const last =
    sum === "kept"
      ? end
      : end.replace(/"sha256":"\w+"/, `"sha256":"${createHash("sha256").update(body).digest("hex")}"`);
  return gzipSync(`${body}${last}\n`);
}

/** Everything of every story that people see, without what says where and who is looking. */
async function everythingOf(at: string, as: string): Promise<unknown> {
  const stories = (await ask(at, as, "/api/stories")) as Listed[];
  const all: unknown[] = [];
  for (const { id } of stories.toSorted((a, b) => a.id.localeCompare(b.id))) {
    const {
      epoch: _,
      here: __,
      ...story
    } = (await ask(at, as, `/api/stories/${id}`)) as Record<string, unknown>;
    const parts = ["claims?removed=1", "versions", "audit", "gate"].map((part) =>
      ask(at, as, `/api/stories/${id}/${part}`),
    );
    all.push(story, ...(await Promise.all(parts)));
  }
  return all;
}

type Claimed = { readonly anchor: { field: string; start: number | null; end: number; words: string } };
/** The claims of a story stand where its words are now. */
async function isHealed(at: string, as: string, id: string): Promise<boolean> {
  const { text } = (await ask(at, as, `/api/stories/${id}`)) as { text: string };
  const claims = (await ask(at, as, `/api/stories/${id}/claims`)) as Claimed[];
  const inBody = claims.filter(({ anchor }) => anchor.field === "body" && anchor.start !== null);
  expect(inBody.length).toBeGreaterThan(0);
  return inBody.every(({ anchor }) => text.slice(anchor.start ?? 0, anchor.end) === anchor.words);
}

const firstStory = async (): Promise<string> => {
  const stories = (await ask(url, cookie, "/api/stories")) as Listed[];
  return stories[0]?.id ?? "";
};
const collab = (at: string) => `${at.replace("http", "ws")}/collab`;
const epochAt = async (at: string, as: string, id: string): Promise<string> =>
  ((await ask(at, as, `/api/stories/${id}`)) as { epoch: string }).epoch;

test("a table that is neither in the backup nor left out on purpose does not exist", async () => {
  const { rows } = await store.db.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public'`,
  );
  const held = (await tablesOf(store.db)).map(({ name }) => name);
  expect(rows.map(({ name }) => name).toSorted()).toEqual([...held, ...leftOut].toSorted());
});

test("[BO10] a newsroom is backed up while people write, and is the same where it is restored", async () => {
  const id = await firstStory();
  const writer = openClient(collab(url), id, { cookie });
  await until(() => writer.provider.synced, Boolean);
  let n = 0;
  const typing = setInterval(() => writer.type(0, `[${String((n += 1))}]`), 5);
  await until(
    () => writer.saved.count,
    (count) => count > 20,
  );
  const whileWriting = await run(["backup", `${file}.early`], store);
  expect(whileWriting).toMatchObject({ code: 0, complaints: [] });
  clearInterval(typing);
  await isSaved(writer);

  await until(() => isHealed(url, cookie, id), Boolean);
  const before = await everythingOf(url, cookie);
  // What follows typing (the desk's projection, anchors) is stored a moment later.
  const [rows] = await until(
    async () => {
      const was = await rowsOf(store);
      expect(await run(["backup", file], store)).toMatchObject({ code: 0, complaints: [] });
      return [was, await rowsOf(store)] as const;
    },
    ([was, is]) => isDeepStrictEqual(was, is),
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const restored = await run(["restore", file], empty, "restored");
  expect(restored).toMatchObject({ code: 0, complaints: [] });
  expect(await rowsOf(empty)).toEqual(rows);
  expect(await run(["audit", "verify"], empty)).toMatchObject({ code: 0 });
  const picture = await readFile(join(folder, "restored/files/pictures/one.bin"));
  expect(hashOf(picture)).toBe(hashOf(Buffer.alloc(1_500_000, 7)));

  const there = begin(empty);
  const urlThere = await there.ready();
  const cookieThere = await signIn(urlThere);
  expect(await everythingOf(urlThere, cookieThere)).toEqual(before);
  const old = await epochAt(url, cookie, id);
  expect(await epochAt(urlThere, cookieThere, id)).not.toBe(old);

  // Somebody who wrote on before the restored newsroom was there comes to it with what they have.
  const mine = new Y.Doc();
  Y.applyUpdate(mine, Y.encodeStateAsUpdate(writer.doc));
  writer.leave();
  const late = openClient(collab(urlThere), id, { cookie: cookieThere }, { saved: "1", epoch: old });
  Y.applyUpdate(late.doc, Y.encodeStateAsUpdate(mine));
  await until(
    () => late.closed,
    (closed) => closed.some(({ code, reason }) => code === 4409 && reason === "epoch"),
  );
  const fresh = openClient(collab(urlThere), id, { cookie: cookieThere });
  await until(() => fresh.provider.synced, Boolean);
  for (let token = 1; token <= n; token += 1) {
    expect(fresh.text().split(`[${String(token)}]`)).toHaveLength(2);
  }
  fresh.type(0, "Onwards. ");
  await isSaved(fresh);
  fresh.leave();
  late.leave();
  there.stop();
  expect((await there.ended).code).toBe(0);
  expect(await run(["audit", "verify"], empty)).toMatchObject({ code: 0 });
}, 120_000);

test("[BO7] what was backed up while people wrote is whole: the text as it stood at one moment", async () => {
  const moment = await openTestStore();
  expect(await run(["restore", `${file}.early`], moment, "early")).toMatchObject({ code: 0, complaints: [] });
  expect(await run(["audit", "verify"], moment)).toMatchObject({ code: 0 });
  const { rows } = await moment.db.execute<{ id: string; gap: boolean }>(sql`
    select s.id, s.log_seq <> greatest(
      (select coalesce(max(seq), 0) from story_updates u where u.story_id = s.id),
      (select coalesce(max(seq), 0) from story_snapshots p where p.story_id = s.id)) as gap from stories s`);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ gap }) => gap)).toEqual([]);
  const there = begin(moment);
  const at = await there.ready();
  const as = await signIn(at);
  const { text } = (await ask(at, as, `/api/stories/${await firstStory()}`)) as { text: string };
  const tokens = [...text.matchAll(/\[(\d+)\]/g)].map(([, token]) => Number(token));
  // Each was typed before the one before: a prefix of them all, each once.
  expect(tokens.length).toBeGreaterThan(20);
  expect(tokens).toEqual(tokens.map((_, place) => tokens.length - place));
  there.stop();
  await there.ended;
  await moment.close();
}, 60_000);

test("a damaged file, another file and a newsroom that is not empty are refused, and nothing changes", async () => {
  const other = await openTestStore();
  const whole = await readFile(file);
  const bad = join(folder, "bad.backup");
  const damaged: readonly [string, Buffer, RegExp][] = [
    ["cut off", whole.subarray(0, whole.length - 1000), /damaged or cut off/],
    ["altered bytes", Buffer.from([...whole.subarray(0, 3000), 1, 2, 3, ...whole.subarray(3003)]), /damaged/],
    ["a row is gone", await altered((lines) => lines.toSpliced(20, 1)), /damaged/],
    [
      "another word",
      await altered((lines) => lines.map((line) => line.replace("NATO", "OTAN")), "kept"),
      /damaged/,
    ],
    [
      "a file outside",
      await altered((lines) => lines.map((l) => l.replace("pictures/", "../../"))),
      /damaged/,
    ],
    [
      "a newer version",
      await altered((lines) => lines.map((l) => l.replace(/"schema":\d+/, '"schema":99999999999999'))),
      /of a newer Linecheck/,
    ],
    [
      "a newer form",
      await altered((lines) => lines.map((l) => l.replace('"format":1', '"format":2'))),
      /newer/,
    ],
    ["other words", Buffer.from("Words, no backup."), /no backup of Linecheck/],
    ["nothing", Buffer.alloc(0), /no backup|damaged/],
  ];
  for (const [what, bytes, sentence] of damaged) {
    await writeFile(bad, bytes);
    const { code, complaints } = await run(["restore", bad], other, "untouched");
    expect([what, code, complaints]).toEqual([what, 1, [expect.stringMatching(sentence)]]);
  }
  const { code, complaints } = await run(["restore", join(folder, "not-there")], other, "untouched");
  expect([code, complaints]).toEqual([1, ["The backup cannot be read (ENOENT)."]]);
  const { rows } = await other.db.execute(sql`select 1 from people union all select 1 from record`);
  expect(rows).toEqual([]);
  expect(await readdir(folder)).not.toContain("untouched");

  const was = await storeCounts(empty.db);
  expect(await run(["restore", file], empty, "untouched")).toMatchObject({
    code: 1,
    complaints: [expect.stringMatching(/There is a newsroom here already/)],
  });
  expect(await storeCounts(empty.db)).toEqual(was);
  const onServed = await run(["restore", file], store);
  expect([onServed.code, onServed.complaints]).toEqual([1, [expect.stringMatching(/stop it first/)]]);
  await other.close();
}, 60_000);

test("files that lie in the data folder already are nobody's to overwrite", async () => {
  const other = await openTestStore();
  const { complaints } = await run(["restore", file], other);
  expect(complaints).toEqual([expect.stringMatching(/There is a newsroom here already/)]);
  expect((await other.db.execute(sql`select 1 from people`)).rows).toEqual([]);
  await other.close();
});

test("a backup is written whole or not at all, also by two at once", async () => {
  const nowhere = join(folder, "no-such-folder/newsroom.backup");
  const { code, said, complaints } = await run(["backup", nowhere], store);
  expect([code, said, complaints]).toEqual([
    1,
    [],
    [`${nowhere} could not be written (ENOENT): there is no backup.`],
  ]);
  const twice = join(folder, "twice.backup");
  const both = await Promise.all([run(["backup", twice], store), run(["backup", twice], store)]);
  expect(both.map((one) => one.code)).toEqual([0, 0]);
  expect(await checkBackup(twice)).toMatchObject({ path: twice });
  expect((await readdir(folder)).filter((name) => name.includes("unfinished"))).toEqual([]);
}, 60_000);

test("a backup of an older version is brought to this one", async () => {
  const older = await openTestStore();
  await older.db.execute(sql`drop schema public cascade`);
  await older.db.execute(sql`drop schema drizzle cascade`);
  await older.db.execute(sql`create schema public`);
  const migrations = join(folder, "older-migrations");
  await cp(migrationsFolder(), migrations, { recursive: true });
  const journalPath = join(migrations, "meta/_journal.json");
  const journal = JSON.parse(await readFile(journalPath, "utf8")) as { entries: unknown[] };
  await writeFile(journalPath, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 2) }));
  await migrate(older.db, { migrationsFolder: migrations });
  const at = new Date("2026-11-01T10:00:00Z");
  for (const statement of [
    sql`insert into newsroom (id, epoch, demo, secret) values (1, 'old', false, 'old secret')`,
    sql`insert into people (id, name, email, role) values ('p', 'Reporter One', 'p@demo.test', 'reporter')`,
    sql`insert into stories (id, slug, byline, started_by) values ('s', 's', '["É \\"quoted\\", {x}"]', 'p')`,
    sql`insert into versions values ('s', 1, now(), 'p', '{}', 0, '{}', '{}', '[]', 'h', 1, '[]', '[]')`,
    sql`insert into claims (id, story_id, kind, importance, origin, quote, marked_by, marked_at)
      values ('c', 's', 'number', 'normal', 'person', 'null', 'p', now())`,
    sql`insert into comments (n, id, claim_id, text, by_id, at) values (7, 'x', 'c', E'\n\\ "\t', 'p', now())`,
  ]) {
    await older.db.execute(statement);
  }
  await older.db.transaction((tx) =>
    recordAct(tx, { act: "story-started", personId: "p", storyId: "s", detail: {} }, at),
  );
  const path = join(folder, "older.backup");
  await writeBackup({ db: older.db, dataFolder: join(folder, "none"), at }, path);

  const there = await openTestStore();
  expect(await run(["restore", path], there, "from-older")).toMatchObject({ code: 0, complaints: [] });
  const columns = sql`select c::text as claim, m::text as comment, s.byline::text, v.content_hash, v.written
    from claims c join comments m on m.claim_id = c.id join stories s on s.id = c.story_id
    join versions v on v.story_id = s.id`;
  const { rows: old } = await older.db.execute(
    sql`select c::text as claim, m::text as comment, s.byline::text, v.content_hash, null as written
      from claims c join comments m on m.claim_id = c.id join stories s on s.id = c.story_id
      join versions v on v.story_id = s.id`,
  );
  expect((await there.db.execute(columns)).rows).toEqual(old);
  expect(await tablesOf(there.db)).toEqual(await tablesOf(empty.db));
  const history = sql`select hash, created_at from drizzle.__drizzle_migrations order by created_at`;
  expect((await there.db.execute(history)).rows).toEqual((await empty.db.execute(history)).rows);
  expect(await run(["audit", "verify"], there)).toMatchObject({ code: 0 });
  await expect(there.db.execute(sql`delete from versions`)).rejects.toThrow();
  const next = sql`insert into comments (id, claim_id, text, by_id, at) values ('y', 'c', '', 'p', now()) returning n`;
  expect((await there.db.execute(next)).rows).toEqual([{ n: "8" }]);
  await Promise.all([older.close(), there.close()]);
}, 60_000);

test("[BO10] on the embedded store: beside its server and without one, into a new folder with a secret of its own", async () => {
  const on = (name: string) => ({ LINECHECK_DATA: join(folder, name), DATABASE_URL: "" });
  const path = join(folder, "embedded.backup");
  const invited = await runWith(["people", "invite", "Admin One", "admin@demo.test", "admin"], on("from"));
  expect(invited).toMatchObject({ code: 0 });
  expect(await runWith(["backup", path], on("from"))).toMatchObject({ code: 0, complaints: [] });
  const opened = async (name: string) => {
    const config = readConfig(on(name));
    if (isRefused(config)) throw new Error(config.sentence);
    const held = await openStore(config, pino({ level: "silent" }));
    if (isRefused(held)) throw new Error(held.sentence);
    return held;
  };
  const serving = await opened("from");
  expect(await runWith(["backup", path], on("from"))).toMatchObject({ code: 0, complaints: [] });
  expect((await serving.db.execute(sql`select 1 from people`)).rows).toHaveLength(1);
  expect(await runWith(["restore", path], on("from"))).toMatchObject({ code: 1, said: [] });
  const people = await runWith(["people", "list"], on("from"));
  await serving.close();

  expect(await runWith(["restore", path], on("to"))).toMatchObject({ code: 0, complaints: [] });
  expect(await runWith(["people", "list"], on("to"))).toEqual(people);
  expect(await runWith(["audit", "verify"], on("to"))).toMatchObject({ code: 0 });
  const restored = await opened("to");
  expect(restored.epoch).not.toBe(serving.epoch);
  expect(restored.secret).not.toBe(serving.secret);
  expect((await restored.db.execute(sql`select 1 from links`)).rows).toEqual([]);
  await restored.close();
}, 90_000);

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function isSaved(client: Client): Promise<void> {
  await until(
    () => client.saved.count,
    (count) => count === client.sent(),
    30_000,
  );
}
