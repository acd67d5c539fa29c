import { once } from "node:events";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { Story } from "@/domain/stories/story";
import { endStartedSession, startSession } from "./people/start-session";
import { openTestNewsroom, type TestNewsroom } from "./test-newsroom";

let desk: TestNewsroom;
let port: number;
beforeAll(async () => {
  desk = await openTestNewsroom();
  port = await desk.listen();
});
afterAll(() => desk.close());

test("[PE4] a session that ends while its socket is let in closes that socket too", async () => {
  const { id } = (await desk.as("reporter1").post("/api/stories", { headline: "Being let in" })).as(Story);
  const { db } = desk.house;
  for (const path of ["/events", `/collab/${id}`]) {
    const session = await startSession(desk.people, desk.person("reporter1").id);
    const { socket, closed } = await db.transaction(async (tx) => {
      // The session is read before its person: let in by what was true a moment ago.
      await tx.execute(sql`lock table people in access exclusive mode`);
      const entering = new WebSocket(`ws://127.0.0.1:${String(port)}${path}`, {
        headers: { cookie: session.cookie },
      });
      await vi.waitFor(async () => {
        const waiting =
          await tx.execute(sql`select 1 from pg_locks join pg_database on pg_database.oid = database
          where datname = current_database() and not granted`);
        expect(waiting.rows.length).toBeGreaterThan(0);
      });
      await endStartedSession(desk.people, session);
      return { socket: entering, closed: once(entering, "close") };
    });
    expect((await closed)[0], path).toBe(4401);
    socket.terminate();
  }
});
