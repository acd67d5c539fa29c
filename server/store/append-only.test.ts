import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestStore, type TestStore } from "./test-store";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
  await store.db.execute(
    sql`insert into people (id, name, email, role) values ('p', 'Reporter One', 'p@demo.test', 'reporter')`,
  );
  await store.db.execute(
    sql`insert into stories (id, slug, byline, started_by) values ('s', 's', '[]', 'p')`,
  );
  await store.db.execute(
    sql`insert into approvals (id, story_id, content_hash, version, by_id, at) values ('a', 's', 'h', 1, 'p', now())`,
  );
});
afterAll(() => store.close());

const said = (statement: string) =>
  store.db.execute(sql.raw(statement)).then(
    () => "done",
    (error: unknown) => (error instanceof Error ? String(error.cause) : "failed"),
  );

test.each(["record", "verdicts", "evidence", "comments", "waivers", "versions", "publications"])(
  "[RE1] no door alters or removes a row of %s",
  async (table) => {
    const column = ["record", "versions"].includes(table) ? "at" : "id";
    expect(await said(`update ${table} set ${column} = ${column}`)).toMatch("UPDATE refused");
    expect(await said(`delete from ${table}`)).toMatch("DELETE refused");
    expect(await said(`truncate ${table} cascade`)).toMatch("TRUNCATE refused");
  },
);

test("an approval is ended once and otherwise stays as given", async () => {
  expect(await said("update approvals set content_hash = 'other', ended_at = now()")).toMatch(
    "only be ended",
  );
  expect(await said("delete from approvals")).toMatch("DELETE refused");
  expect(
    await said(
      "insert into approvals (id, story_id, content_hash, version, by_id, at) values ('b', 's', 'h', 1, 'p', now())",
    ),
  ).toMatch("approvals_one_standing");
  expect(await said("update approvals set ended_at = now(), ended = 'withdrawn', ended_by = 'p'")).toBe(
    "done",
  );
  expect(await said("update approvals set ended_at = null")).toMatch("only be ended");
});
