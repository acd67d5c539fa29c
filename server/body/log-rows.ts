import { and, asc, eq, gt, lte } from "drizzle-orm";
import type { Queries } from "../store/db";
import { storyUpdates } from "./body-tables";

/** An update to be stored; `personId` is null for the server's own. */
export type LogRow = {
  readonly seq: number;
  readonly personId: string | null;
  readonly at: Date;
  readonly update: Uint8Array;
};

const rowsAtOnce = 200;

/** The rows of a story's log after this number, up to that one, in their order; what was merged is not among them. */
export async function* logRows(
  q: Queries,
  { storyId, after, upTo }: { readonly storyId: string; readonly after: number; readonly upTo: number },
): AsyncGenerator<LogRow> {
  for (let last = after; last < upTo;) {
    const rows = await q
      .select({
        seq: storyUpdates.seq,
        personId: storyUpdates.personId,
        at: storyUpdates.at,
        update: storyUpdates.update,
      })
      .from(storyUpdates)
      .where(and(eq(storyUpdates.storyId, storyId), gt(storyUpdates.seq, last), lte(storyUpdates.seq, upTo)))
      .orderBy(asc(storyUpdates.seq))
      .limit(rowsAtOnce);
    yield* rows;
    if (rows.length < rowsAtOnce) return;
    last = rows.at(-1)?.seq ?? upTo;
  }
}
