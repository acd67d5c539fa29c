/** A newsroom backed up while people write in it, and restored into an empty one: seen through the real server. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { isRefused } from "@/domain/refusal";
import { openClient, until, type Client } from "./body/test-clients";
import { readConfig } from "./config";
import { runCommand } from "./operator-commands";
import { leftOut } from "./store/backup-format";
import { tablesOf } from "./store/backup";
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

async function run(args: readonly string[], on: TestStore, data = "data") {
  const config = readConfig({
    DATABASE_URL: on.url,
    LINECHECK_SECRET: secret,
    LINECHECK_DATA: join(folder, data),
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
  const held = (await tablesOf(store.db.$client)).map(({ name }) => name);
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

  const before = await everythingOf(url, cookie);
  expect(await run(["backup", file], store)).toMatchObject({ code: 0, complaints: [] });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const restored = await run(["restore", file], empty, "restored");
  expect(restored).toMatchObject({ code: 0, complaints: [] });
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

test("what was backed up while people wrote is whole: a text as it stood at one moment", async () => {
  const moment = await openTestStore();
  expect(await run(["restore", `${file}.early`], moment, "early")).toMatchObject({ code: 0, complaints: [] });
  expect(await run(["audit", "verify"], moment)).toMatchObject({ code: 0 });
  const { rows } = await moment.db.execute<{ id: string; gap: boolean }>(sql`
    select s.id, s.log_seq <> greatest(
      (select coalesce(max(seq), 0) from story_updates u where u.story_id = s.id),
      (select coalesce(max(seq), 0) from story_snapshots p where p.story_id = s.id)) as gap from stories s`);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter(({ gap }) => gap)).toEqual([]);
  await moment.close();
}, 60_000);

test("a damaged file, another file and a newsroom that is not empty are refused, and nothing changes", async () => {
  const other = await openTestStore();
  const whole = await readFile(file);
  const bad = join(folder, "bad.backup");
  for (const bytes of [
    whole.subarray(0, whole.length - 1000),
    Buffer.from([...whole.subarray(0, 3000), 1, 2, 3, ...whole.subarray(3003)]),
    Buffer.from("Words, no backup."),
    Buffer.alloc(0),
  ]) {
    await writeFile(bad, bytes);
    const { code, complaints } = await run(["restore", bad], other);
    expect([code, complaints.length]).toEqual([1, 1]);
  }
  const { rows } = await other.db.execute(sql`select 1 from people union all select 1 from record`);
  expect(rows).toEqual([]);
  const { code, complaints } = await run(["restore", file], empty);
  expect([code, complaints]).toEqual([1, [expect.stringMatching(/There is a newsroom here already/)]]);
  await other.close();
}, 60_000);

const hashOf = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

async function isSaved(client: Client): Promise<void> {
  await until(
    () => client.saved.count,
    (count) => count === client.sent(),
    30_000,
  );
}
