/** The log of a story's text: a snapshot and the updates numbered after it, and whose client ids are whose. */
import { and, eq, gt, inArray, lte, sql } from "drizzle-orm";
import * as Y from "yjs";
import { newFaithfulDoc } from "@/domain/body/faithful-doc";
import type { Db, Queries, Tx } from "../store/db";
import { lockStory } from "../stories/story-row";
import { keepAuthorship, readAuthored } from "./authorship-store";
import { storyClients, storySnapshots, storyUpdates } from "./body-tables";
import type { LogRow } from "./log-rows";
import { editsToRecord, recordEdits } from "./record-edits";

/** One stored part of the text: the snapshot or an update. */
type LogPart = { readonly seq: number; readonly bytes: Uint8Array };

/** Only under the story's lock. */
export async function appendToLog(tx: Tx, storyId: string, rows: readonly LogRow[]): Promise<void> {
  if (rows.length > 0) await tx.insert(storyUpdates).values(rows.map((row) => ({ storyId, ...row })));
}

/**
 * Were these updates stored at this moment already, by a commit whose answer was lost? Gives their first and last
 * number. Only under the story's lock. What was merged meanwhile is not found: stored again, it changes nothing.
 */
export async function landedAlready(
  q: Queries,
  {
    storyId,
    stretches,
  }: { readonly storyId: string; readonly stretches: readonly { readonly update: Uint8Array }[] },
  at: Date,
): Promise<{ readonly firstSeq: number; readonly logSeq: number } | undefined> {
  const [first] = stretches;
  if (!first) return undefined;
  const [row] = await q
    .select({ seq: storyUpdates.seq })
    .from(storyUpdates)
    .where(
      and(eq(storyUpdates.storyId, storyId), eq(storyUpdates.at, at), eq(storyUpdates.update, first.update)),
    );
  return row && { firstSeq: row.seq, logSeq: row.seq + stretches.length - 1 };
}

/** [BO5] Whose client ids are whose in this story; null: the server's own. */
export async function clientsOf(q: Queries, storyId: string): Promise<Map<number, string | null>> {
  const rows = await q
    .select({ clientId: storyClients.clientId, personId: storyClients.personId })
    .from(storyClients)
    .where(eq(storyClients.storyId, storyId));
  return new Map(rows.map((row) => [row.clientId, row.personId]));
}

/**
 * [BO5] Binds client ids to a person for good. Gives the ids that belong to somebody else already, with their owner:
 * those stay as they are.
 */
export async function bindClients(
  tx: Queries,
  {
    storyId,
    clientIds,
    personId,
    at,
  }: {
    readonly storyId: string;
    readonly clientIds: readonly number[];
    readonly personId: string | null;
    readonly at: Date;
  },
): Promise<ReadonlyMap<number, string | null>> {
  if (clientIds.length === 0) return new Map();
  await tx
    .insert(storyClients)
    .values(clientIds.map((clientId) => ({ storyId, clientId, personId, at })))
    .onConflictDoNothing();
  const rows = await tx
    .select({ clientId: storyClients.clientId, personId: storyClients.personId })
    .from(storyClients)
    .where(and(eq(storyClients.storyId, storyId), inArray(storyClients.clientId, [...clientIds])));
  return new Map(rows.filter((row) => row.personId !== personId).map((row) => [row.clientId, row.personId]));
}

/** How many updates all logs hold beside their snapshots, and the bytes of both. */
export async function logSizes(
  q: Queries,
): Promise<{ readonly updates: number; readonly updateBytes: number; readonly snapshotBytes: number }> {
  const { rows } = await q.execute<{ updates: string; update_bytes: string; snapshot_bytes: string }>(sql`
    select (select count(*) from ${storyUpdates}) as updates,
      (select coalesce(sum(octet_length(${storyUpdates.update})), 0) from ${storyUpdates}) as update_bytes,
      (select coalesce(sum(octet_length(${storySnapshots.state})), 0) from ${storySnapshots}) as snapshot_bytes`);
  const [row] = rows;
  return {
    updates: Number(row?.updates ?? 0),
    updateBytes: Number(row?.update_bytes ?? 0),
    snapshotBytes: Number(row?.snapshot_bytes ?? 0),
  };
}

/** How many updates the log holds beside its snapshot. */
export async function countUpdates(q: Queries, storyId: string): Promise<number> {
  return q.$count(storyUpdates, eq(storyUpdates.storyId, storyId));
}

/**
 * [BO7] Merges the log into its snapshot and deletes exactly the rows that it merged, in one transaction. What takes
 * long, the merging, is done before the story's lock is taken; when somebody else compacted meanwhile, nothing happens.
 * [RE1] What the record does not hold of them yet is recorded first.
 */
export async function compactLog(db: Db, storyId: string, at: Date): Promise<void> {
  const before = await snapshotSeq(db, storyId);
  if ((await countUpdates(db, storyId)) < (before === undefined ? 2 : 1)) return;
  // [BO8] Who wrote what is read from the rows before they go.
  const text = await readAuthored(db, storyId);
  if (!text) return;
  const snapshot = { seq: text.logSeq, at, state: Y.encodeStateAsUpdate(text.doc) };
  text.doc.destroy();
  await db.transaction(async (tx) => {
    const story = await lockStory(tx, storyId);
    if (!story || (await snapshotSeq(tx, storyId)) !== before) return;
    // Recorded further meanwhile: of one batch all rows stay or none, so that its hash can be checked. The next merges it.
    if (story.recordedSeq > snapshot.seq) return;
    const edits = await editsToRecord(tx, { storyId, upTo: snapshot.seq, words: text.words });
    await keepAuthorship(tx, storyId, text);
    await tx
      .insert(storySnapshots)
      .values({ storyId, ...snapshot })
      .onConflictDoUpdate({ target: storySnapshots.storyId, set: snapshot });
    const merged = snapshot.seq - (before ?? 0);
    const deleted = await tx
      .delete(storyUpdates)
      .where(
        and(
          eq(storyUpdates.storyId, storyId),
          gt(storyUpdates.seq, before ?? 0),
          lte(storyUpdates.seq, snapshot.seq),
        ),
      );
    if (deleted.rowCount !== merged) {
      throw new Error(
        `Compaction of ${storyId} merged ${String(merged)} updates, not the same ones it deletes.`,
      );
    }
    await recordEdits(tx, edits, at);
  });
}

/** Up to this number the log is merged; undefined where it never was. */
export async function snapshotSeq(q: Queries, storyId: string): Promise<number | undefined> {
  const [row] = await q
    .select({ seq: storySnapshots.seq })
    .from(storySnapshots)
    .where(eq(storySnapshots.storyId, storyId));
  return row?.seq;
}

/** In one statement, so that a compaction in between tears nothing; in the order of their numbers. */
export async function partsOf(q: Queries, storyId: string): Promise<readonly LogPart[]> {
  const { rows } = await q.execute<{ seq: string; bytes: Buffer }>(sql`
    select ${storySnapshots.seq} as seq, ${storySnapshots.state} as bytes
      from ${storySnapshots} where ${storySnapshots.storyId} = ${storyId}
    union all
    select ${storyUpdates.seq}, ${storyUpdates.update}
      from ${storyUpdates} where ${storyUpdates.storyId} = ${storyId}
    order by seq`);
  return rows.map((row) => ({ seq: Number(row.seq), bytes: row.bytes }));
}

/** The rows after this number, in their order; the snapshot instead of those that were merged into it. */
export async function partsAfter(q: Queries, storyId: string, logSeq: number): Promise<readonly LogPart[]> {
  const { rows } = await q.execute<{ seq: string; bytes: Buffer }>(sql`
    select ${storySnapshots.seq} as seq, ${storySnapshots.state} as bytes
      from ${storySnapshots} where ${storySnapshots.storyId} = ${storyId} and ${storySnapshots.seq} > ${logSeq}
    union all
    select ${storyUpdates.seq}, ${storyUpdates.update}
      from ${storyUpdates} where ${storyUpdates.storyId} = ${storyId} and ${storyUpdates.seq} > ${logSeq}
    order by seq`);
  return rows.map((row) => ({ seq: Number(row.seq), bytes: row.bytes }));
}

/** The document that these parts make. */
export function docOf(parts: readonly LogPart[]): Y.Doc {
  const doc = newFaithfulDoc();
  doc.transact(() => {
    for (const part of parts) Y.applyUpdate(doc, part.bytes);
  });
  return doc;
}
