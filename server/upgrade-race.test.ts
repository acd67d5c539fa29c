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

/** Lets a new session's socket in that waits for this table, ends the session meanwhile, and then gives the table free. */
async function endWhileItWaits(path: string, table: "people" | "stories") {
  const session = await startSession(desk.people, desk.person("reporter1").id);
  return desk.house.db.transaction(async (tx) => {
    await tx.execute(sql`lock table ${sql.identifier(table)} in access exclusive mode`);
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
    return { socket: entering, end: endOf(entering) };
  });
}

/** The code with which it closes, or the status with which it is refused. */
function endOf(socket: WebSocket): Promise<number | undefined> {
  return new Promise((resolve) => {
    socket.on("close", resolve);
    socket.on("unexpected-response", (_, { statusCode }) => resolve(statusCode));
    socket.on("error", () => {
      // What it was refused with is looked at.
    });
  });
}

test("[PE4] a session that ends while its socket is let in closes that socket too", async () => {
  const { id } = (await desk.as("reporter1").post("/api/stories", { headline: "Being let in" })).as(Story);
  const { socket, end } = await endWhileItWaits(`/collab/${id}`, "stories");
  expect(await end).toBe(4401);
  socket.terminate();
});

test("[PE4] a session that ends while it is asked for lets nobody in", async () => {
  const { id } = (await desk.as("reporter1").post("/api/stories", { headline: "Asked for" })).as(Story);
  for (const path of ["/events", `/collab/${id}`]) {
    const { socket, end } = await endWhileItWaits(path, "people");
    expect(await end, path).toBe(401);
    socket.terminate();
  }
});
