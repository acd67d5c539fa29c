/** [RE3] What one process alone cannot tell: the others learn from the store that there is such a one. */
import { sql } from "drizzle-orm";
import type { Db } from "../store/db";
import { newsroom } from "../store/newsroom-tables";

/** Some of its looks may be late. */
const countsForSeconds = 5;

/** A process that cannot reach Redis says so, again and again: for some seconds each time, by the store's clock. */
export async function sayCutOff(db: Db): Promise<void> {
  await db.update(newsroom).set({ cutOffUntil: sql`now() + make_interval(secs => ${countsForSeconds})` });
}

/** Has any process said so, and not long ago? */
export async function isSomeoneCutOff(db: Db): Promise<boolean> {
  const [row] = await db
    .select({ isSo: sql<boolean>`coalesce(${newsroom.cutOffUntil} > now(), false)` })
    .from(newsroom);
  return row?.isSo ?? false;
}
