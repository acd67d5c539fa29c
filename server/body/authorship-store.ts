/** [BO8] Who wrote which words, in the store: kept at a log number, and followed from the log to its end. */
import { and, eq, lt, sql } from "drizzle-orm";
import * as Y from "yjs";
import {
  decodeAuthorship,
  emptyAuthorship,
  encodeAuthorship,
  minuteOf,
  noteMissingAuthors,
} from "@/domain/body/authorship";
import { followUpdate, startFollowing, type AuthoredText } from "@/domain/body/authorship-follow";
import { withKeptAuthors, type KeptAuthors, type WrittenText } from "@/domain/body/authorship-words";
import type { WordsChanged } from "@/domain/body/words-changed";
import { inPieces } from "../in-pieces";
import type { Queries, Tx } from "../store/db";
import { storyAuthorship, storyRestores } from "./authorship-tables";
import { storyClients, storySnapshots, storyUpdates } from "./body-tables";

/** A text with its authors, as the log had it at this number. */
export type FollowedText = AuthoredText & {
  logSeq: number;
  /** The number up to which the store has them already. */
  readonly savedSeq: number;
  /** By its number, what each update wrote and took away that was followed when it was read. */
  readonly words: ReadonlyMap<number, WordsChanged>;
};

type Part = {
  readonly kind: "authorship" | "snapshot" | "update";
  readonly seq: number;
  readonly personId: string | null;
  readonly at: Date;
  readonly bytes: Uint8Array;
};

/** An earlier text brought back after this log number. */
type Restore = { readonly afterSeq: number; readonly personId: string; readonly written: WrittenText };

/** How many updates after its number a restore is looked for: others may be stored between. */
const restoreWithin = 50;

/** Where the story is locked meanwhile, the whole log is followed in one go. */
export const inOneGo = () => () => Promise.resolve();

/** The story's text with its authors, read from the store; null when it has none. Writes nothing. */
export async function readAuthored(
  q: Queries,
  storyId: string,
  work: typeof inPieces = inPieces,
): Promise<FollowedText | null> {
  const parts = await partsFor(q, storyId);
  const nextPiece = work();
  const kept = parts.find(({ kind }) => kind === "authorship");
  const snapshot = parts.find(({ kind }) => kind === "snapshot");
  const updates = parts.filter(({ kind }) => kind === "update");
  if (!snapshot && updates.length === 0) return null;
  const from = kept?.seq ?? 0;
  const text = startFollowing(kept ? decodeAuthorship(kept.bytes) : emptyAuthorship());
  text.doc.transact(() => {
    if (snapshot) Y.applyUpdate(text.doc, snapshot.bytes);
    for (const { seq, bytes } of updates) if (seq <= from) Y.applyUpdate(text.doc, bytes);
  });
  // Merged before anybody followed it: whose client it was, is whose words they are.
  if (snapshot && snapshot.seq > from) await nameByClients(q, storyId, text);
  const logSeq = Math.max(from, snapshot?.seq ?? 0);
  const words = new Map<number, WordsChanged>();
  const followed: FollowedText = { ...text, savedSeq: from, logSeq, words };
  const newer = updates.filter(({ seq }) => seq > followed.logSeq);
  const restores = await restoresAfter(q, storyId, newer);
  await followParts(followed, newer, restores, nextPiece, (seq, changed) => words.set(seq, changed));
  return followed;
}

/**
 * Follows what was stored since; false when the log no longer joins on without a gap (it was compacted meanwhile) or
 * `isStill` says no. Readers who follow at the same time follow each update once.
 */
export async function followNewer(
  q: Queries,
  storyId: string,
  followed: FollowedText,
  isStill: () => boolean,
): Promise<boolean> {
  const parts = await partsFor(q, storyId, followed.logSeq);
  const restores = await restoresAfter(q, storyId, parts);
  if (!isStill()) return false;
  const fresh = parts.filter(({ seq }) => seq > followed.logSeq);
  const last = fresh.at(-1);
  if (!last) return parts.length > 0;
  if (last.seq - followed.logSeq !== fresh.length) return false;
  await followParts(followed, fresh, restores, inPieces());
  return isStill();
}

/** Between two pieces the text is as the log had it at its number. */
async function followParts(
  followed: FollowedText,
  parts: readonly Part[],
  restores: readonly Restore[],
  nextPiece: () => Promise<void>,
  note?: (seq: number, words: WordsChanged) => void,
): Promise<void> {
  const open = [...restores];
  for (const { seq, personId, at, bytes } of parts) {
    if (seq <= followed.logSeq) continue;
    const index = open.findIndex(
      (one) => one.personId === personId && one.afterSeq < seq && seq <= one.afterSeq + restoreWithin,
    );
    const restores = open[index]?.written;
    const { restored, words } = followUpdate(followed, { personId, at, update: bytes, restores });
    if (restored) open.splice(index, 1);
    note?.(seq, words);
    followed.logSeq = seq;
    await nextPiece();
  }
}

/**
 * [BO7] Keeps the authors as they were followed, at the end of the log or where it ended a moment ago, so that the rows
 * up to there may be deleted: in the transaction that deletes them, under the story's lock.
 */
export async function keepAuthorship(tx: Tx, storyId: string, followed: FollowedText): Promise<void> {
  await saveAuthorship(tx, storyId, followed);
  await tx
    .delete(storyRestores)
    .where(and(eq(storyRestores.storyId, storyId), lt(storyRestores.afterSeq, followed.logSeq)));
}

/** Kept unless the store has it at a higher number already. */
export async function saveAuthorship(q: Queries, storyId: string, followed: FollowedText): Promise<void> {
  const set = { logSeq: followed.logSeq, data: encodeAuthorship(followed.authorship) };
  await q
    .insert(storyAuthorship)
    .values({ storyId, ...set })
    .onConflictDoUpdate({
      target: storyAuthorship.storyId,
      set,
      setWhere: lt(storyAuthorship.logSeq, followed.logSeq),
    });
}

/** [BO8] The next updates of this person bring this text back. Under the story's lock, before they are stored. */
export async function noteRestore(
  tx: Tx,
  restore: {
    readonly storyId: string;
    readonly afterSeq: number;
    readonly personId: string;
    readonly texts: { readonly headline: string; readonly standfirst: string; readonly body: string };
    readonly authors: KeptAuthors;
  },
): Promise<void> {
  const { texts, authors, personId } = restore;
  await tx
    .insert(storyRestores)
    .values(restore)
    .onConflictDoUpdate({
      target: [storyRestores.storyId, storyRestores.afterSeq],
      set: { texts, authors, personId },
    });
}

async function restoresAfter(q: Queries, storyId: string, parts: readonly Part[]): Promise<Restore[]> {
  if (parts.length === 0) return [];
  const rows = await q
    .select()
    .from(storyRestores)
    .where(eq(storyRestores.storyId, storyId))
    .orderBy(storyRestores.afterSeq);
  return rows.map(({ afterSeq, personId, texts, authors }) => ({
    afterSeq,
    personId,
    written: withKeptAuthors(texts, authors),
  }));
}

/** [BO5] */
async function nameByClients(q: Queries, storyId: string, { doc, authorship }: AuthoredText): Promise<void> {
  const rows = await q
    .select({ client: storyClients.clientId, by: storyClients.personId, at: storyClients.at })
    .from(storyClients)
    .where(eq(storyClients.storyId, storyId));
  for (const { client, by, at } of rows) {
    noteMissingAuthors(authorship, client, Y.getState(doc.store, client), { by, minute: minuteOf(at) });
  }
}

/**
 * What is kept, the snapshot and the updates, or only the updates after a number; in one statement, so that a compaction
 * in between tears nothing.
 */
async function partsFor(q: Queries, storyId: string, after?: number): Promise<readonly Part[]> {
  const updates = sql`
    select 'update' as kind, ${storyUpdates.seq} as seq, ${storyUpdates.personId} as person,
      extract(epoch from ${storyUpdates.at}) * 1000 as at, ${storyUpdates.update} as bytes
      from ${storyUpdates} where ${storyUpdates.storyId} = ${storyId} and ${storyUpdates.seq} > ${after ?? 0}`;
  const whole = sql`
    select 'authorship', ${storyAuthorship.logSeq}, null, 0, ${storyAuthorship.data}
      from ${storyAuthorship} where ${storyAuthorship.storyId} = ${storyId}
    union all
    select 'snapshot', ${storySnapshots.seq}, null, 0, ${storySnapshots.state}
      from ${storySnapshots} where ${storySnapshots.storyId} = ${storyId}`;
  const { rows } = await q.execute<{
    kind: Part["kind"];
    seq: string;
    person: string | null;
    at: string;
    bytes: Buffer;
  }>(after === undefined ? sql`${updates} union all ${whole} order by 2` : sql`${updates} order by 2`);
  return rows.map(({ kind, seq, person, at, bytes }) => ({
    kind,
    seq: Number(seq),
    personId: person,
    at: new Date(Number(at)),
    bytes,
  }));
}
