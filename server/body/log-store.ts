/** The log of a story's text: a snapshot and the updates numbered after it, and whose client ids are whose. */
import { and, eq, gt, inArray, lte, sql } from "drizzle-orm";
import * as Y from "yjs";
import { newFaithfulDoc } from "@/domain/body/faithful-doc";
import type { Queries, Tx } from "../store/db";
import { advanceAuthorship } from "./authorship-store";
import { storyClients, storySnapshots, storyUpdates } from "./body-tables";

/** An update to be stored; `personId` is null for the server's own. */
export type LogRow = {
  readonly seq: number;
  readonly personId: string | null;
  readonly at: Date;
  readonly update: Uint8Array;
};

/** One stored part of the text: the snapshot or an update. */
type LogPart = { readonly seq: number; readonly bytes: Uint8Array };

/** Only under the story's lock. */
export async function appendToLog(tx: Tx, storyId: string, rows: readonly LogRow[]): Promise<void> {
  if (rows.length > 0) await tx.insert(storyUpdates).values(rows.map((row) => ({ storyId, ...row })));
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

/** How many updates the log holds beside its snapshot. */
export async function countUpdates(q: Queries, storyId: string): Promise<number> {
  return q.$count(storyUpdates, eq(storyUpdates.storyId, storyId));
}

/**
 * [BO7] Merges the log into its snapshot and deletes exactly the rows that it merged. Only under the story's lock,
 * so that nothing is appended and nobody else compacts meanwhile.
 */
export async function compactLog(tx: Tx, storyId: string, at: Date): Promise<void> {
  const parts = await partsOf(tx, storyId);
  const last = parts.at(-1);
  if (!last || parts.length < 2) return;
  // [BO8] Who wrote what is read from the rows before they go.
  await advanceAuthorship(tx, storyId);
  const state = Y.encodeStateAsUpdate(docOf(parts));
  const [before] = await tx
    .select({ seq: storySnapshots.seq })
    .from(storySnapshots)
    .where(eq(storySnapshots.storyId, storyId));
  const snapshot = { seq: last.seq, at, state };
  await tx
    .insert(storySnapshots)
    .values({ storyId, ...snapshot })
    .onConflictDoUpdate({ target: storySnapshots.storyId, set: snapshot });
  const merged = parts.length - (before ? 1 : 0);
  const deleted = await tx
    .delete(storyUpdates)
    .where(
      and(
        eq(storyUpdates.storyId, storyId),
        gt(storyUpdates.seq, before?.seq ?? 0),
        lte(storyUpdates.seq, last.seq),
      ),
    );
  if (deleted.rowCount !== merged) {
    throw new Error(
      `Compaction of ${storyId} merged ${String(merged)} updates, not the same ones it deletes.`,
    );
  }
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

/** The document that these parts make. */
export function docOf(parts: readonly LogPart[]): Y.Doc {
  const doc = newFaithfulDoc();
  doc.transact(() => {
    for (const part of parts) Y.applyUpdate(doc, part.bytes);
  });
  return doc;
}
