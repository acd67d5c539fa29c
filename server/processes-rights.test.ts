/** Rights that change at one process, followed by the other: while Redis speaks, and while it is away. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { tryLimits } from "@/domain/people/tries";
import { until, type Client } from "./body/test-clients";
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

const isDenied = (client: Client) =>
  until(
    () => client.denied.length + client.closed.length,
    (count) => count > 0,
  );
async function makePrivate(id: string): Promise<void> {
  const made = await desk.ask(one.url, "reporter1", "PATCH", `/api/stories/${id}`, { private: true });
  expect(made.status).toBe(200);
}

it("[PE4] a role lowered at one process makes the open socket at the other read-only, and closes it when it is back", async () => {
  const id = await desk.story(one.url, "Words.");
  const writer = desk.open(two.url, id, "reporter2");
  await isSynced(writer);
  writer.type(0, "Before. ");
  await allSaved(writer);
  await desk.change(one.url, "reporter2", { role: "checker" });
  writer.type(0, "After. ");
  await isDenied(writer);
  expect(writer.denied).toEqual(["permission denied"]);
  expect(writer.closed).toEqual([]);
  expect(await desk.textAt(one.url, id)).toBe("Before. Words.");
  await desk.change(one.url, "reporter2", { role: "reporter" });
  await isClosedWith(writer, 4403);
});

it("[PE4] who sees a private story by their role alone loses it at the other process with the role", async () => {
  const id = await desk.story(one.url, "Words.");
  await makePrivate(id);
  const reader = desk.open(two.url, id, "editor2");
  await isSynced(reader);
  await desk.change(one.url, "editor2", { role: "reporter" });
  await isClosedWith(reader, 4404);
  await desk.change(one.url, "editor2", { role: "editor" });
});

it("[PE4] rights that change at one process while Redis is away let no words in at the other, and close its sockets", async () => {
  const hidden = await desk.story(one.url, "Hidden.");
  const seen = await desk.story(one.url, "Seen.");
  await desk.signIn(two.url, "checker1", "signs out");
  const shutOut = desk.open(two.url, hidden, "reporter2");
  const lowered = desk.open(two.url, seen, "editor2");
  const signedOut = desk.open(two.url, seen, "signs out");
  const deactivated = desk.open(two.url, seen, "checker2");
  const page = await desk.listen(two.url, "checker2");
  for (const client of [shutOut, lowered]) {
    await isSynced(client);
    client.type(0, "Before. ");
    await allSaved(client);
  }
  await isSynced(signedOut);
  await isSynced(deactivated);

  await desk.redis.stop();
  await makePrivate(hidden);
  shutOut.type(0, "After. ");
  await desk.change(one.url, "editor2", { role: "checker" });
  lowered.type(0, "After. ");
  await desk.ask(one.url, "signs out", "POST", "/api/auth/sign-out");
  await desk.change(one.url, "checker2", { active: false });

  expect((await desk.ask(two.url, "reporter2", "GET", `/api/stories/${hidden}`)).status).toBe(404);
  expect((await desk.ask(two.url, "checker2", "GET", `/api/stories/${seen}`)).status).toBe(401);
  await isClosedWith(shutOut, 4404);
  await isClosedWith(signedOut, 4401);
  await isClosedWith(deactivated, 4401);
  await until(
    () => page.closed,
    (codes) => codes.includes(4401),
  );
  await isDenied(lowered);
  expect(await desk.textAt(one.url, hidden)).toBe("Before. Hidden.");
  expect(await desk.textAt(one.url, seen)).toBe("Before. Seen.");

  await desk.change(one.url, "editor2", { role: "editor" });
  await desk.redis.start();
  await isClosedWith(lowered, 4403);
});

it("[PE4] a story made private at one process while Redis hangs is read on at the other for seconds only", async () => {
  const id = await desk.story(one.url, "Words.");
  const reader = desk.open(two.url, id, "reporter2");
  await isSynced(reader);
  // Nobody is cut off: it takes both longer to notice than to look.
  desk.redis.hang();
  await makePrivate(id);
  await isClosedWith(reader, 4404, 20_000);
  desk.redis.goOn();
});

it("[PE2] wrong passwords tried at two processes are counted as at one", async () => {
  const email = "nobody@demo.test";
  const id = await desk.story(one.url, "Words.");
  const pages = [await desk.listen(one.url, "editor1"), await desk.listen(two.url, "editor1")];
  for (let n = 0; n < tryLimits.accountFromClient; n += 1) {
    const { url } = n % 2 === 0 ? one : two;
    expect(await desk.tryPassword(url, email, `wrong ${String(n)}`)).toBe(401);
  }
  // What a process tells is heard in its order: after what comes later, the tries are.
  for (const { url } of [one, two]) {
    const told = pages.map((page) => page.told.length);
    await desk.ask(url, "reporter1", "PATCH", `/api/stories/${id}`, { lang: url === one.url ? "de" : "sr" });
    for (const [index, page] of pages.entries()) {
      await until(
        () => page.told.slice(told[index]),
        (events) => events.some(({ type, storyId }) => type === "story" && storyId === id),
      );
    }
  }
  for (const { url } of [one, two]) expect(await desk.tryPassword(url, email, "one more")).toBe(429);
});
