import { sql } from "drizzle-orm";
import type { Db } from "./db";

/** Runs the work while no other process of the newsroom runs what has this key. Its own transactions are not in it. */
export function oneAtATime<T>(db: Db, key: number, work: () => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${key})`);
    return work();
  });
}
