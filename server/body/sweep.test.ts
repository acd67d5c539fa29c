import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { people } from "../people/people-tables";
import { lockStory } from "../stories/story-row";
import { openClient, openTestServer, synced, until, type Client } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  const standing = new Date("2026-11-27T12:00:00Z");
  desk = await openTestDesk(() => standing);
});
afterAll(() => desk.close());

const allSaved = (client: Client) =>
  until(
    () => client.saved.count,
    (count) => count === client.sent(),
  );

/** Holds the story's row until it is let go: whatever is stored meanwhile goes into one batch. */
async function lockedStory(story: string): Promise<() => Promise<void>> {
  let letGo = () => undefined as void;
  const wait = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let isLocked = () => undefined as void;
  const locked = new Promise<void>((resolve) => {
    isLocked = resolve;
  });
  const done = desk.store.db.transaction(async (tx) => {
    await lockStory(tx, story);
    isLocked();
    await wait;
  });
  await locked;
  return async () => {
    letGo();
    await done;
  };
}

test("[BO9] who took away less than half is no sweeper when somebody else's words were refused with theirs", async () => {
  const kept: (string | null)[] = [];
  const server = await openTestServer(desk, {
    keepVersion: (_, { by }) => {
      kept.push(by);
      return Promise.resolve(1);
    },
  });
  const words = Array.from({ length: 100 }, (_, n) => `word${String(n + 100)}`).join(" ");
  const story = await desk.story(words);
  const lowered = await desk.person("reporter");
  const one = openClient(server.url, story, await desk.person("reporter"));
  const two = openClient(server.url, story, await desk.person("reporter"));
  const three = openClient(server.url, story, lowered);
  await synced(one, two, three);
  const letGo = await lockedStory(story);
  one.type(0, ".");
  const isTaken = (client: Client, by: Client) =>
    until(
      () => by.provider.awareness.getStates().get(client.doc.clientID)?.["place"],
      (place) => place === "done",
    );
  one.remove(1, 40 * 8);
  two.remove(80 * 8 - 1, 20 * 8);
  three.type(0, "Refused. ");
  // What a connection sends is taken in order: with where they are, what they did before is there.
  for (const client of [one, two, three]) client.provider.awareness.setLocalStateField("place", "done");
  await isTaken(two, one);
  await isTaken(three, one);
  await isTaken(one, two);
  await desk.store.db.update(people).set({ role: "checker" }).where(eq(people.id, lowered.id));
  await letGo();
  await until(
    () => three.denied,
    (denied) => denied.length > 0,
  );
  await allSaved(one);
  await allSaved(two);
  expect(one.text().split(" ")).toHaveLength(40);
  expect(kept).toEqual([]);
  for (const client of [one, two, three]) client.leave();
  await server.close();
});
