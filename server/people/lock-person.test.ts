import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordAct } from "../record/record-act";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { lockActiveAdmins, lockPerson } from "./people-store";
import { addSession } from "./start-session";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

test("[RE1] whoever is being let in or changed can publish in the same moment: no lock waits for the other", async () => {
  const { db, now } = desk.house;
  const { id } = desk.person("admin");
  const act = { act: "signed-in", personId: id, detail: {} } as const;
  const place = { address: null, userAgent: null };
  let locked: () => void;
  const whenLocked = new Promise<void>((resolve) => (locked = resolve));
  let recorded: () => void;
  const whenRecorded = new Promise<void>((resolve) => (recorded = resolve));
  await expect(
    Promise.all([
      db.transaction(async (tx) => {
        await lockActiveAdmins(tx);
        await lockPerson(tx, id);
        locked();
        await whenRecorded;
        await recordAct(tx, act, now());
      }),
      db.transaction(async (tx) => {
        await whenLocked;
        await recordAct(tx, act, now());
        recorded();
        // The other one waits for the record by now.
        await sleep(50);
        // A row that names the person, as a publication or a stored change does.
        await addSession(desk.people, tx, id, place, now());
      }),
    ]),
  ).resolves.toBeDefined();
});
