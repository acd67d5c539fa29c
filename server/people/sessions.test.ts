import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { sessions } from "./people-tables";

const dayMs = 24 * 60 * 60 * 1000;
let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());
beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

const endsOf = async (personId: string) => {
  const rows = await desk.house.db.select().from(sessions).where(eq(sessions.userId, personId));
  return rows.map(({ expiresAt }) => expiresAt.getTime());
};

/** Calls the API after so many days more; gives the cookie that came with the answer. */
async function comeAfter(days: number) {
  vi.setSystemTime(Date.now() + days * dayMs);
  const answer = await desk.as("reporter1").get("/api/me");
  return { status: answer.status, cookie: answer.headers.getSetCookie()[0]?.split(";")[0] };
}

test("a session in use is prolonged once a day, its cookie with it; one that nobody uses ends", async () => {
  const cookie = await desk.as("reporter1").cookie();
  const { id } = desk.person("reporter1");
  const [first = 0] = await endsOf(id);
  expect(await comeAfter(0.9)).toEqual({ status: 200, cookie: undefined });
  expect(await endsOf(id)).toEqual([first]);
  expect(await comeAfter(0.2)).toEqual({ status: 200, cookie });
  const [second = 0] = await endsOf(id);
  expect(second - first).toBeGreaterThan(dayMs);
  // Longer after the first end than anybody who was not prolonged.
  expect((await comeAfter(13.5)).status).toBe(200);
  expect(await comeAfter(14.1)).toEqual({ status: 401, cookie: undefined });
  expect(await endsOf(id)).toEqual([]);
});
