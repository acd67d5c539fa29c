import { and, asc, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Act, ActWord, RecordRow } from "@/domain/record/act";
import { hashBeforeAll, rowHash } from "@/domain/record/chain";
import type { Queries, Tx } from "../store/db";
import { lockKeys } from "../store/lock-keys";
import { record } from "./record-tables";

const actsOnRights = ["person-changed", "story-changed", "story-moved", "published"] satisfies ActWord[];

/**
 * [RE1] Writes the act as the next row of the chain, in the transaction of the act itself.
 * Takes the chain's lock until the transaction ends: call it last, right before the commit. The first row of a store
 * opens the newsroom, by itself.
 */
export async function recordAct(tx: Tx, act: Act, at: Date): Promise<void> {
  await recordActs(tx, [act], at);
}

/** The same for several acts, one after the other. */
export async function recordActs(tx: Tx, acts: readonly Act[], at: Date): Promise<void> {
  if (acts.length === 0) return;
  await tx.execute(sql`select pg_advisory_xact_lock(${lockKeys.record})`);
  const head = await headOf(tx);
  const isOpening = acts[0]?.act === "newsroom-opened";
  const opening: Act = { act: "newsroom-opened", personId: null, detail: {} };
  let last = head ?? { seq: 0, hash: hashBeforeAll };
  const rows = (head || isOpening ? acts : [opening, ...acts]).map((act) => (last = rowAfter(last, act, at)));
  await tx.insert(record).values(rows.map((row) => ({ ...row, at })));
}

function rowAfter(last: Pick<RecordRow, "seq" | "hash">, act: Act, at: Date): RecordRow {
  const row = {
    seq: last.seq + 1,
    at: at.toISOString(),
    personId: act.personId,
    act: act.act,
    storyId: act.storyId ?? null,
    claimId: act.claimId ?? null,
    detail: asKept(act.detail),
    prevHash: last.hash,
  };
  return { ...row, hash: rowHash(row) };
}

/** What comes back from the store: no keys without a value, dates as text, no characters that it cannot keep. */
function asKept(detail: Act["detail"]): Record<string, unknown> {
  const kept: unknown = JSON.parse(JSON.stringify(detail), (_key, value: unknown) =>
    typeof value === "string" ? value.replace(/\0|[\uD800-\uDFFF]/gu, "\uFFFD") : value,
  );
  // An object went in, so an object comes out.
  return kept as Record<string, unknown>;
}

/** The newest row's number and hash; null before the first act. */
export async function headOf(q: Queries): Promise<Pick<RecordRow, "seq" | "hash"> | null> {
  const [row] = await q
    .select({ seq: record.seq, hash: record.hash })
    .from(record)
    .orderBy(desc(record.seq))
    .limit(1);
  return row ?? null;
}

/** [PE4] Of whom and what the acts after this number may have changed a right. */
export async function rightsChangedAfter(
  q: Queries,
  seq: number,
): Promise<readonly { readonly personId?: string; readonly storyId?: string }[]> {
  const rows = await q
    .select({ storyId: record.storyId, personId: sql<string | null>`${record.detail}->>'id'` })
    .from(record)
    .where(and(gt(record.seq, seq), inArray(record.act, [...actsOnRights])))
    .orderBy(asc(record.seq));
  return rows.map(({ storyId, personId }) => ({
    ...(storyId === null ? {} : { storyId }),
    ...(personId === null ? {} : { personId }),
  }));
}

/** The rows about a story or a claim (all, when neither is named), oldest first; only of these acts, where given. */
export async function recordOf(
  q: Queries,
  about: {
    readonly storyId?: string | undefined;
    readonly claimId?: string | undefined;
    readonly acts?: readonly ActWord[];
  },
): Promise<RecordRow[]> {
  const rows = await q
    .select()
    .from(record)
    .where(
      and(
        about.storyId === undefined ? undefined : eq(record.storyId, about.storyId),
        about.claimId === undefined ? undefined : eq(record.claimId, about.claimId),
        about.acts && inArray(record.act, [...about.acts]),
      ),
    )
    .orderBy(asc(record.seq));
  return rows.map(rowOf);
}

/** Was such an act ever recorded, with at least this detail? Reads the whole record: for a start, not for a request. */
export async function isRecorded(q: Queries, act: ActWord, detail: Act["detail"]): Promise<boolean> {
  const like = sql`${record.detail} @> ${JSON.stringify(detail)}::jsonb`;
  const [row] = await q
    .select({ seq: record.seq })
    .from(record)
    .where(and(eq(record.act, act), like))
    .limit(1);
  return row !== undefined;
}

/** The newest rows before the row `before`, newest first. */
export async function recordBefore(
  q: Queries,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<RecordRow[]> {
  const rows = await q
    .select()
    .from(record)
    .where(before === null ? undefined : lt(record.seq, before))
    .orderBy(desc(record.seq))
    .limit(limit);
  return rows.map(rowOf);
}

export function rowOf(row: typeof record.$inferSelect): RecordRow {
  // Only recordAct writes rows, and it writes known acts; one altered by hand shows by its hash.
  return { ...row, at: row.at.toISOString(), act: row.act as ActWord };
}
