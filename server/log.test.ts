import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failureLine, openLog } from "./log";
import { insertPerson } from "./people/people-store";
import { openTestNewsroom, type TestNewsroom } from "./test-newsroom";

const secret = "planted-secret";
let desk: TestNewsroom;
let lines: string[];
beforeEach(async () => {
  lines = [];
  desk = await openTestNewsroom({ log: openLog("debug", { write: (line: string) => lines.push(line) }) });
});
afterEach(() => desk.close());

const failureOf = async (act: () => Promise<unknown>): Promise<unknown> => {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
};

test("the log names what failed and where, never a query's parameters", async () => {
  const { db } = desk.house;
  const at = new Date();
  const person = {
    id: "one-more-person",
    name: secret,
    email: `${secret}@example.test`,
    role: "editor",
  } as const;
  await db.transaction((tx) => insertPerson(tx, person, at));
  const failures = [
    await failureOf(() => db.execute(sql`select ${`Text\n    at ${secret} (somewhere:1:2)`} from nowhere`)),
    await failureOf(() => db.execute(sql`select ${secret}::int`)),
    // The server's own detail repeats the address.
    await failureOf(() => db.execute(sql`update people set email = ${person.email} where role = 'admin'`)),
  ];
  for (const error of failures) {
    desk.house.log.error({ err: error }, "failed");
    desk.house.log.error(error, "failed");
    desk.house.log.error({ err: new Error("around it", { cause: error }) }, "failed");
    expect(failureLine(error)).not.toContain(secret);
  }
  expect(lines).toHaveLength(9);
  expect(lines.join("")).not.toContain(secret);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    err: {
      type: "DrizzleQueryError",
      stack: expect.stringMatching(/^\s+at /),
      cause: { code: "42P01", message: 'relation "nowhere" does not exist' },
    },
  });
  expect(failureLine(failures[0])).toBe('relation "nowhere" does not exist');
});

test("a failing call or page tells nobody what was asked of the store", async () => {
  await desk.house.db.execute(sql`drop table links cascade`);
  const answer = await desk.visitor.post("/api/auth/links", { token: `entry.${secret}-of-the-right-length` });
  expect(answer).toMatchObject({ status: 500, code: "failed" });
  await desk.house.db.execute(sql`drop table publications cascade`);
  // Next prints what a page throws, with all its fields.
  const thrown = await failureOf(() => desk.newsroom.publishedBySlug(secret));
  expect(inspect(thrown)).toContain('relation "publications" does not exist');
  expect(answer.text + inspect(thrown) + lines.join("")).not.toContain(secret);
});
