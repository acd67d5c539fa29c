/** Several processes of one newsroom over one PostgreSQL and one Redis, each the real server, without sticky sessions. */
import { once } from "node:events";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openClient, until, type Client } from "./body/test-clients";
import { hasRedis, openTestRedis } from "./events/test-redis";
import { openTestStore, type TestStore } from "./store/test-store";
import { bundleMain, type MainProcess, type MainProgram } from "./test-main";

const password = "a password for the demo people";
const it = (await hasRedis()) ? test : test.skip;
const redis = await openTestRedis();

/** What the tests read of the answers. */
type Answered = {
  readonly id: string;
  readonly status: string;
  readonly text: string;
  readonly blockers: readonly { readonly rule: string }[];
  readonly anchor: { readonly start: number };
};

let store: TestStore;
let main: MainProgram;
const running: MainProcess[] = [];
async function begin(): Promise<{ process: MainProcess; url: string }> {
  const started = main.begin({
    PORT: "0",
    DATABASE_URL: store.url,
    REDIS_URL: redis.url,
    LINECHECK_SECRET: "a secret of at least 32 characters",
    LINECHECK_DEMO: "1",
    LINECHECK_DEMO_PASSWORD: password,
  });
  running.push(started);
  return { process: started, url: await started.ready() };
}

let one: Awaited<ReturnType<typeof begin>>;
let two: Awaited<ReturnType<typeof begin>>;
const cookies = new Map<string, string>();
const clients: Client[] = [];

beforeAll(async () => {
  if (it !== test) return;
  await redis.start();
  store = await openTestStore();
  main = await bundleMain();
  [one, two] = await Promise.all([begin(), begin()]);
  for (const who of ["reporter1", "reporter2", "checker1", "editor1", "admin"]) {
    cookies.set(who, await signIn(one.url, who));
  }
});
afterAll(async () => {
  for (const client of clients) client.leave();
  for (const process of running) process.stop();
  await Promise.all(running.map(({ ended }) => ended));
  await redis.stop();
  await store?.close();
  await main?.remove();
});

async function signIn(url: string, who: string): Promise<string> {
  const answer = await fetch(`${url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: `${who}@demo.test`, password }),
  });
  expect(answer.status).toBe(200);
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";", 1)[0])
    .join("; ");
}

async function ask(url: string, who: string, method: string, path: string, body?: unknown) {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: {
      cookie: cookies.get(who) ?? "",
      "content-length": body === undefined ? "0" : String(Buffer.byteLength(JSON.stringify(body))),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Answered };
}

async function story(words: string): Promise<string> {
  const body = { format: "text", content: words };
  const made = await ask(one.url, "reporter1", "POST", "/api/stories", {
    headline: "A story",
    body,
  });
  expect(made.status).toBe(201);
  return made.body.id;
}

function open(url: string, id: string, who: string): Client {
  const client = openClient(`${url.replace("http", "ws")}/collab`, id, { cookie: cookies.get(who) ?? "" });
  clients.push(client);
  return client;
}
const isSynced = (client: Client) => until(() => client.provider.synced, Boolean);
const allSaved = (client: Client) =>
  until(
    () => client.saved.count,
    (count) => count === client.sent(),
    20_000,
  );

/** Everything that the live channel told a person of a process. */
async function listen(url: string, who: string): Promise<{ type: string; storyId?: string }[]> {
  const told: { type: string; storyId?: string }[] = [];
  const socket = new WebSocket(`${url.replace("http", "ws")}/events`, {
    headers: { cookie: cookies.get(who) ?? "" },
  });
  socket.on("message", (data: Buffer) =>
    told.push(JSON.parse(data.toString()) as { type: string; storyId?: string }),
  );
  await once(socket, "open");
  return told;
}

it("[BO1][BO7] text typed through one process is seen through the other, with who is there", async () => {
  const id = await story("Words.");
  const here = open(one.url, id, "reporter1");
  const there = open(two.url, id, "reporter2");
  await isSynced(here);
  await isSynced(there);
  here.type(0, "Here. ");
  there.type(there.text().length, " There.");
  for (const client of [here, there]) {
    await until(client.text, (text) => text.includes("Here. ") && text.endsWith(" There."));
    await allSaved(client);
  }
  await until(
    () => there.saved.logSeq,
    (logSeq) => logSeq === here.saved.logSeq && logSeq >= 3,
  );
  here.provider.awareness.setLocalStateField("user", { name: "Somebody else" });
  const namesThere = () =>
    [...there.provider.awareness.getStates().values()].map(
      (state) => (state["user"] as { name?: string })?.name,
    );
  await until(namesThere, (names) => names.includes("Reporter One"));
  const desk = await ask(two.url, "editor1", "GET", "/api/stories");
  const row = JSON.stringify(desk.body).includes("Reporter One");
  expect(row).toBe(true);
  here.leave();
  await until(namesThere, (names) => !names.includes("Reporter One"));
});

it("[RE3] claims, the gate and moves of one process are told and shown by the other", async () => {
  const id = await story("Some 4,600 soldiers are in it.");
  const told = await listen(two.url, "editor1");
  const marked = await ask(one.url, "checker1", "POST", `/api/stories/${id}/claims`, {
    field: "body",
    quote: "4,600 soldiers",
    kind: "number",
    importance: "critical",
  });
  expect(marked.status).toBe(201);
  await until(
    () => told,
    (all) => all.some((event) => event.type === "claims" && event.storyId === id),
  );
  const gate = await ask(two.url, "editor1", "GET", `/api/stories/${id}/gate`);
  expect(gate.body.blockers.map(({ rule }) => rule)).toContain("unchecked");
  const moved = await ask(one.url, "reporter1", "POST", `/api/stories/${id}/moves`, { to: "checking" });
  expect(moved.status).toBe(200);
  await until(
    () => told,
    (all) => all.some((event) => event.type === "story" && event.storyId === id),
  );
  expect((await ask(two.url, "editor1", "GET", `/api/stories/${id}`)).body.status).toBe("checking");
  const writer = open(two.url, id, "reporter2");
  await isSynced(writer);
  const before = told.length;
  writer.type(0, "About ");
  await allSaved(writer);
  await until(
    () => told.slice(before),
    (all) => all.some((event) => event.type === "claims"),
  );
  const claim = await ask(one.url, "checker1", "GET", `/api/claims/${marked.body.id}`);
  expect(claim.body.anchor.start).toBe("About Some ".length);
});

it("[PE4] rights lost at one process close or bar the sockets of the other", async () => {
  const id = await story("Words.");
  cookies.set("signs out", await signIn(two.url, "reporter2"));
  const out = open(two.url, id, "signs out");
  await isSynced(out);
  await ask(one.url, "signs out", "POST", "/api/auth/sign-out");
  await until(
    () => out.closed,
    (closed) => closed.some(({ code }) => code === 4401),
  );
  const hidden = open(two.url, id, "checker1");
  await isSynced(hidden);
  expect((await ask(one.url, "reporter1", "PATCH", `/api/stories/${id}`, { private: true })).status).toBe(
    200,
  );
  await until(
    () => hidden.closed,
    (closed) => closed.some(({ code }) => code === 4404),
  );
});

it("[BO1][BO2] Redis restarted, the store's connections cut: nothing saved is lost, all converge", async () => {
  const id = await story("Words.");
  const here = open(one.url, id, "reporter1");
  const there = open(two.url, id, "reporter2");
  await isSynced(here);
  await isSynced(there);
  await redis.stop();
  here.type(0, "Without Redis. ");
  await until(there.text, (text) => text.startsWith("Without Redis. "));
  await redis.start();
  there.type(0, "With it again. ");
  await until(here.text, (text) => text.startsWith("With it again. "), 15_000);
  await store.db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  here.type(0, "After the cut. ");
  await allSaved(here);
  await until(there.text, (text) => text.startsWith("After the cut. "), 15_000);
  const stored = await ask(two.url, "editor1", "GET", `/api/stories/${id}`);
  expect(stored.body.text).toBe("After the cut. With it again. Without Redis. Words.");
});

it("[BO1] a process killed under load: its people go on at the other, nothing saved or seen is lost", async () => {
  const id = await story("Words.");
  const here = open(one.url, id, "reporter1");
  const there = open(two.url, id, "reporter2");
  await isSynced(here);
  await isSynced(there);
  let n = 0;
  const typing = setInterval(() => {
    n += 1;
    here.type(0, `[h${String(n)}]`);
    there.type(there.text().length, `[t${String(n)}]`);
  }, 10);
  await until(
    () => here.saved.count,
    (count) => count > 30,
  );
  one.process.kill();
  await one.process.ended;
  here.provider.serverUrl = `${two.url.replace("http", "ws")}/collab`;
  await until(() => here.provider.synced && here.saved.count > 5, Boolean, 20_000);
  clearInterval(typing);
  for (const client of [here, there]) await allSaved(client);
  const all = Array.from({ length: n }, (_, index) => [
    `[h${String(index + 1)}]`,
    `[t${String(index + 1)}]`,
  ]).flat();
  const hasAll = (text: string) => all.every((token) => text.split(token).length === 2);
  await until(here.text, hasAll);
  await until(there.text, hasAll);
  const stored = await ask(two.url, "editor1", "GET", `/api/stories/${id}`);
  expect(hasAll(stored.body.text)).toBe(true);
  one = await begin();
});
