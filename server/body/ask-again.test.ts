import { eq } from "drizzle-orm";
import { afterAll, beforeAll, test } from "vitest";
import type { Db } from "../store/db";
import { stories } from "../stories/story-tables";
import { openClient, openTestServer, synced, until } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

test("[PE4] rights that the store could not tell when they changed are asked until it does", async () => {
  let failed = 0;
  let answers = true;
  const select = ((...given: Parameters<Db["select"]>) => {
    if (answers) return desk.store.db.select(...given);
    failed += 1;
    throw new Error("Connection terminated unexpectedly");
  }) as Db["select"];
  const db = new Proxy(desk.store.db, {
    get: (of, key) => (key === "select" ? select : (Reflect.get(of, key) as unknown)),
  });
  const story = await desk.story("Words.");
  const server = await openTestServer({ house: { ...desk.house, db } });
  const reader = openClient(server.url, story, await desk.person("checker"));
  await synced(reader);
  await desk.store.db.update(stories).set({ private: true }).where(eq(stories.id, story));
  answers = false;
  desk.house.bus.emit({ type: "rights-changed", storyId: story });
  await until(
    () => failed,
    (count) => count > 0,
  );
  answers = true;
  await until(
    () => reader.closed,
    (closed) => closed.some(({ code }) => code === 4404),
  );
  reader.leave();
  await server.close();
});
