import { asc, gt } from "drizzle-orm";
import type { RecordRow } from "@/domain/record/act";
import { ChainCheck, type RecordFault } from "@/domain/record/chain";
import type { Queries } from "../store/db";
import { headOf, rowOf } from "./record-act";
import { record } from "./record-tables";

const rowsAtOnce = 1000;

export type RecordVerdict = {
  readonly rows: number;
  /** The newest row; null before the first act. */
  readonly head: Pick<RecordRow, "seq" | "hash"> | null;
  /** By the rows' numbers; empty: the chain is whole. */
  readonly faults: readonly RecordFault[];
};

/**
 * [RE2] Reads the whole record and finds altered, missing and reordered rows. Rows that are added meanwhile may be
 * read too. Rows cut off at the end are missed: that takes a head noted elsewhere.
 */
export async function verifyRecord(q: Queries): Promise<RecordVerdict> {
  const check = new ChainCheck((await headOf(q))?.seq ?? 0);
  let rows = 0;
  for (let after = Number.MIN_SAFE_INTEGER; ;) {
    const page = await q
      .select()
      .from(record)
      .where(gt(record.seq, after))
      .orderBy(asc(record.seq))
      .limit(rowsAtOnce);
    for (const row of page) check.take(rowOf(row));
    rows += page.length;
    const last = page.at(-1);
    if (!last || page.length < rowsAtOnce) break;
    after = last.seq;
  }
  return { rows, head: check.head, faults: check.faults };
}
