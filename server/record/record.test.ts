import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Act } from "@/domain/record/act";
import { openTestStore, type TestStore } from "../store/test-store";
import { recordAct, recordOf, rightsChangedAfter } from "./record-act";
import { verifyRecord } from "./verify-record";

let store: TestStore;
beforeEach(async () => {
  store = await openTestStore();
});
afterEach(() => store.close());

const at = new Date("2026-11-25T08:00:00.123Z");
const marked = (n: number): Act => ({
  act: "claim-marked",
  personId: "p1",
  storyId: n % 2 === 0 ? "even" : "odd",
  claimId: `c${String(n)}`,
  detail: {
    quote: `“${String(n)} Soldaten” — naïve\n`,
    z: { b: 1.5e21, a: [-0, null, true] },
    absent: undefined,
  },
});
async function write(acts: number) {
  for (let n = 1; n <= acts; n += 1) await store.db.transaction((tx) => recordAct(tx, marked(n), at));
}
/** As someone with the database's own keys would. */
const tamper = (statement: string) =>
  store.db.transaction(async (tx) => {
    await tx.execute(sql`alter table record disable trigger append_only`);
    await tx.execute(sql.raw(statement));
    await tx.execute(sql`alter table record enable trigger append_only`);
  });
const sentences = async () => (await verifyRecord(store.db)).faults.map((fault) => fault.sentence);

test("[RE1] the chain begins with the newsroom's opening and holds every act as it was", async () => {
  expect(await verifyRecord(store.db)).toEqual({ rows: 0, head: null, faults: [] });
  await write(3);
  const rows = await recordOf(store.db, {});
  expect(rows.map((row) => row.act)).toEqual(["newsroom-opened", ...Array<string>(3).fill("claim-marked")]);
  expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4]);
  expect(rows[1]).toMatchObject({ at: at.toISOString(), personId: "p1", storyId: "odd", claimId: "c1" });
  expect(rows[1]?.detail).toEqual({
    quote: "“1 Soldaten” — naïve\n",
    z: { b: 1.5e21, a: [0, null, true] },
  });
  expect(await verifyRecord(store.db)).toEqual({
    rows: 4,
    head: { seq: 4, hash: rows[3]?.hash },
    faults: [],
  });
});

test("[RE1] what the store cannot keep is replaced, never the act lost", async () => {
  await store.db.transaction((tx) =>
    recordAct(tx, { act: "signed-in", personId: null, detail: { text: "a\u0000b\uD800c 👍" } }, at),
  );
  const rows = await recordOf(store.db, {});
  expect(rows.at(-1)?.detail).toEqual({ text: "a\uFFFDb\uFFFDc 👍" });
  expect(await sentences()).toEqual([]);
});

test("[RE1] an act stands or falls with its transaction, and leaves no gap", async () => {
  await write(1);
  const failing = store.db.transaction(async (tx) => {
    await recordAct(tx, marked(2), at);
    throw new Error("the act failed");
  });
  await expect(failing).rejects.toThrow("the act failed");
  await write(1);
  expect((await recordOf(store.db, {})).map((row) => row.seq)).toEqual([1, 2, 3]);
});

test("[RE1] acts at the same moment make one chain", async () => {
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => store.db.transaction((tx) => recordAct(tx, marked(n), at))),
  );
  expect(await verifyRecord(store.db)).toMatchObject({ rows: 41, faults: [] });
});

test("a story's and a claim's own rows are told apart", async () => {
  await write(4);
  expect((await recordOf(store.db, { storyId: "even" })).map((row) => row.claimId)).toEqual(["c2", "c4"]);
  expect((await recordOf(store.db, { claimId: "c3" })).map((row) => row.seq)).toEqual([4]);
});

test.each([
  [
    `update record set detail = '{"quote": "other"}' where seq = 3`,
    ["Row 3 (claim-marked, 2026-11-25T08:00:00.123Z) was altered."],
  ],
  [
    `update record set person_id = 'p2' where seq = 3`,
    ["Row 3 (claim-marked, 2026-11-25T08:00:00.123Z) was altered."],
  ],
  [
    `update record set at = at + interval '1 minute' where seq = 5`,
    ["Row 5 (claim-marked, 2026-11-25T08:01:00.123Z) was altered."],
  ],
  [`delete from record where seq = 3`, ["Row 3 is missing."]],
  [`delete from record where seq in (1, 3, 4)`, ["Row 1 is missing.", "Rows 3 to 4 are missing."]],
  [
    `update record set seq = -seq where seq in (3, 4); update record set seq = 7 + seq where seq < 0`,
    ["Row 3 was moved: it was written as row 4.", "Row 4 was moved: it was written as row 3."],
  ],
])("[RE2] found by audit verify: %s", async (statement, found) => {
  await write(5);
  expect(await sentences()).toEqual([]);
  await tamper(statement);
  expect(await sentences()).toEqual(found);
});

test("[PE4] whose rights acts may have changed is told from the record", async () => {
  const changed: Act = { act: "person-changed", personId: "admin", detail: { id: "reporter" } };
  const moved: Act = { act: "story-moved", personId: "editor", storyId: "story", detail: { to: "checking" } };
  for (const act of [changed, marked(1), moved]) {
    await store.db.transaction((tx) => recordAct(tx, act, at));
  }
  expect(await rightsChangedAfter(store.db, 0)).toEqual([{ personId: "reporter" }, { storyId: "story" }]);
  // The newsroom's opening, the person, the claim, the move.
  expect(await rightsChangedAfter(store.db, 3)).toEqual([{ storyId: "story" }]);
});
