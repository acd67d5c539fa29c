import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { lockStory } from "../stories/story-row";
import { openBindBeside, type BindBeside } from "./bind-beside";
import { bindClients, clientsOf } from "./log-store";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
let binding: BindBeside | undefined;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterEach(() => binding?.close());
afterAll(() => desk.close());

test("[BO5] those who come to several stories at once get their client ids; nobody gets another's", async () => {
  const [north, south] = [await desk.story("troops."), await desk.story("guards.")];
  const [one, two] = [(await desk.person("reporter")).id, (await desk.person("reporter")).id];
  const { bind } = (binding = openBindBeside(desk.house));
  const comes = (storyId: string, clientId: number, personId: string) =>
    bind({ storyId, clientId, personId });
  const come = [comes(north, 7, one), comes(south, 7, two), comes(north, 7, two), comes(north, 8, one)];
  expect(await Promise.all(come)).toEqual([true, true, false, true]);
  expect(await Promise.all([comes(north, 8, one), comes(north, 8, two)])).toEqual([true, false]);
  expect(await comes("no-such-story", 7, two)).toBe(false);
  const owners = async (storyId: string, ...clientIds: readonly number[]) => {
    const clients = await clientsOf(desk.store.db, storyId);
    return clientIds.map((clientId) => clients.get(clientId));
  };
  expect(await owners(north, 7, 8)).toEqual([one, one]);
  expect(await owners(south, 7, 8)).toEqual([two, undefined]);
});

test("[BO5] a story that a commit holds is left for later, and the others wait for it as little as the commit for them", async () => {
  const [held, free] = [await desk.story("troops."), await desk.story("guards.")];
  const personId = (await desk.person("reporter")).id;
  const { bind } = (binding = openBindBeside(desk.house));
  let later: Promise<boolean> | undefined;
  await desk.store.db.transaction(async (tx) => {
    await lockStory(tx, held);
    later = bind({ storyId: held, clientId: 7, personId });
    expect(await bind({ storyId: free, clientId: 7, personId })).toBe(true);
    await tx.execute(sql`set local lock_timeout = '5s'`);
    await bindClients(tx, { storyId: held, clientIds: [7], personId, at: desk.house.now() });
  });
  expect(await later).toBe(true);
  expect((await clientsOf(desk.store.db, held)).get(7)).toBe(personId);
});
