/** Several processes of one newsroom over one PostgreSQL and one Redis, each the real server, without sticky sessions. */
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./body/test-clients";
import { openProxy } from "./chaos/test-proxy";
import { hasRedis } from "./events/test-redis";
import { openTestStore, type TestStore } from "./store/test-store";
import {
  allSaved,
  isClosedWith,
  isSynced,
  openTestProcesses,
  type TestProcess,
  type TestProcesses,
} from "./test-processes";

const it = (await hasRedis()) ? test : test.skip;

let store: TestStore;
let desk: TestProcesses;
let one: TestProcess;
let two: TestProcess;
beforeAll(async () => {
  if (it !== test) return;
  store = await openTestStore();
  desk = await openTestProcesses(store.url);
  [one, two] = await Promise.all([desk.begin(), desk.begin()]);
  await desk.signInEverybody(one.url);
}, 120_000);
afterAll(async () => {
  await desk?.close();
  await store?.close();
});

it("[BO1][BO7] text typed through one process is seen through the other, with who is there", async () => {
  const id = await desk.story(one.url, "Words.");
  const here = desk.open(one.url, id, "reporter1");
  const there = desk.open(two.url, id, "reporter2");
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
  const stories = await desk.ask(two.url, "editor1", "GET", "/api/stories");
  expect(JSON.stringify(stories.body)).toContain("Reporter One");
  here.leave();
  await until(namesThere, (names) => !names.includes("Reporter One"));
});

it("[RE3] claims, the gate and moves of one process are told and shown by the other", async () => {
  const id = await desk.story(one.url, "Some 4,600 soldiers are in it.");
  const { told } = await desk.listen(two.url, "editor1");
  const marked = await desk.ask(one.url, "checker1", "POST", `/api/stories/${id}/claims`, {
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
  const gate = await desk.ask(two.url, "editor1", "GET", `/api/stories/${id}/gate`);
  expect(gate.body.blockers.map(({ rule }) => rule)).toContain("unchecked");
  const moved = await desk.ask(one.url, "reporter1", "POST", `/api/stories/${id}/moves`, { to: "checking" });
  expect(moved.status).toBe(200);
  await until(
    () => told,
    (all) => all.some((event) => event.type === "story" && event.storyId === id),
  );
  expect((await desk.ask(two.url, "editor1", "GET", `/api/stories/${id}`)).body.status).toBe("checking");
  const writer = desk.open(two.url, id, "reporter2");
  await isSynced(writer);
  const before = told.length;
  writer.type(0, "About ");
  await allSaved(writer);
  await until(
    () => told.slice(before),
    (all) => all.some((event) => event.type === "claims"),
  );
  const claim = await desk.ask(one.url, "checker1", "GET", `/api/claims/${marked.body.id}`);
  expect(claim.body.anchor.start).toBe("About Some ".length);
});

it("[PE4] rights lost at one process close or bar the sockets of the other", async () => {
  const id = await desk.story(one.url, "Words.");
  await desk.signIn(two.url, "reporter2", "signs out");
  const out = desk.open(two.url, id, "signs out");
  await isSynced(out);
  await desk.ask(one.url, "signs out", "POST", "/api/auth/sign-out");
  await isClosedWith(out, 4401);
  const hidden = desk.open(two.url, id, "checker1");
  await isSynced(hidden);
  expect(
    (await desk.ask(one.url, "reporter1", "PATCH", `/api/stories/${id}`, { private: true })).status,
  ).toBe(200);
  await isClosedWith(hidden, 4404);
});

it("[BO1][BO2] Redis restarted, the store's connections cut: nothing saved is lost, all converge", async () => {
  const id = await desk.story(one.url, "Words.");
  const here = desk.open(one.url, id, "reporter1");
  const there = desk.open(two.url, id, "reporter2");
  await isSynced(here);
  await isSynced(there);
  await desk.redis.stop();
  here.type(0, "Without Redis. ");
  await until(there.text, (text) => text.startsWith("Without Redis. "));
  await desk.redis.start();
  there.type(0, "With it again. ");
  await until(here.text, (text) => text.startsWith("With it again. "), 15_000);
  await store.db.execute(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  here.type(0, "After the cut. ");
  await allSaved(here);
  await until(there.text, (text) => text.startsWith("After the cut. "), 15_000);
  const stored = await desk.ask(two.url, "editor1", "GET", `/api/stories/${id}`);
  expect(stored.body.text).toBe("After the cut. With it again. Without Redis. Words.");
});

it("[RE3] what is done at a process that alone cannot reach Redis is told at the other within seconds", async () => {
  const id = await desk.story(one.url, "The force counts 4,600 soldiers.");
  const line = await openProxy(Number(new URL(desk.redis.url).port));
  const apart = await desk.begin({ redisPort: line.port });
  const page = await desk.listen(two.url, "editor1");
  await line.close();
  await until(
    () => apart.process.said(),
    (said) => said.includes("Redis is away"),
  );
  const claim = { field: "body", quote: "4,600 soldiers", kind: "number" };
  for (let n = 0; n < 2; n += 1) {
    page.told.length = 0;
    const path = `/api/stories/${id}/claims`;
    const quote = { ...claim, quote: n === 0 ? claim.quote : "The force" };
    expect((await desk.ask(apart.url, "checker1", "POST", path, quote)).status).toBe(201);
    await until(
      () => page.told,
      (events) => events.some(({ type }) => type === "missed"),
    );
  }
  apart.process.stop("SIGTERM");
  await apart.process.ended;
});

it("[BO1] a process killed under load: its people go on at the other, nothing saved or seen is lost", async () => {
  const id = await desk.story(one.url, "Words.");
  const here = desk.open(one.url, id, "reporter1");
  const there = desk.open(two.url, id, "reporter2");
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
  const stored = await desk.ask(two.url, "editor1", "GET", `/api/stories/${id}`);
  expect(hasAll(stored.body.text)).toBe(true);
  one = await desk.begin();
});
