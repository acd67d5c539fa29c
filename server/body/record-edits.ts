/** [RE1] Edits in the record: what of a story's log the record does not hold yet, and whose it is. */
import { createHash, type Hash } from "node:crypto";
import type { Act } from "@/domain/record/act";
import { numbersAsText, stretchesOf, type RecordedEdits, type UnrecordedEdits } from "@/domain/record/edits";
import { recordActs } from "../record/record-act";
import type { Db, Tx } from "../store/db";
import { lockStory, noteRecorded, recordedOf } from "../stories/story-row";
import { logRows, type LogRow } from "./log-rows";

/** Edits that can be recorded now. */
export type EditsToRecord = {
  readonly storyId: string;
  readonly upTo: number;
  /** One for each person. */
  readonly acts: readonly Act[];
};

type OfPerson = { readonly numbers: number[]; readonly hash: Hash; readonly begun: Date; ended: Date };

/**
 * What the record does not hold of the log up to this number, else of all of it. Only under the story's lock, which
 * stays until it is recorded.
 */
export async function editsToRecord(
  tx: Tx,
  { storyId, upTo: given }: { readonly storyId: string; readonly upTo?: number },
): Promise<EditsToRecord> {
  const { logSeq, recordedSeq } = (await recordedOf(tx, storyId)) ?? { logSeq: 0, recordedSeq: 0 };
  const upTo = given ?? logSeq;
  const gone: number[] = [];
  const people = new Map<string | null, OfPerson>();
  let next = recordedSeq + 1;
  for await (const row of logRows(tx, { storyId, after: recordedSeq, upTo })) {
    for (; next < row.seq; next += 1) gone.push(next);
    next += 1;
    let own = people.get(row.personId);
    if (!own) {
      own = { numbers: [], hash: createHash("sha256"), begun: row.at, ended: row.at };
      people.set(row.personId, own);
    }
    own.numbers.push(row.seq);
    own.ended = row.at;
    addToHash(own.hash, row);
  }
  for (; next <= upTo; next += 1) gone.push(next);
  const acts = [...people].map(([personId, { numbers, hash, begun, ended }]): Act => {
    const detail: RecordedEdits = {
      ...named(numbers),
      begun: begun.toISOString(),
      ended: ended.toISOString(),
      sha256: hash.digest("hex"),
    };
    return { act: "text-edited", personId, storyId, detail };
  });
  if (gone.length > 0) acts.unshift({ act: "text-unrecorded", personId: null, storyId, detail: named(gone) });
  return { storyId, upTo, acts };
}

/** [RE1] In the transaction of what stands on these edits or deletes them. Takes the record's lock: call it late. */
export async function recordEdits(tx: Tx, { storyId, upTo, acts }: EditsToRecord, at: Date): Promise<void> {
  if (acts.length === 0) return;
  await noteRecorded(tx, { storyId, recordedSeq: upTo });
  await recordActs(tx, acts, at);
}

/** The same in a transaction of its own: once, whoever else sets about it. */
export async function recordEditsOf(db: Db, storyId: string, at: Date): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await lockStory(tx, storyId))) return;
    await recordEdits(tx, await editsToRecord(tx, { storyId }), at);
  });
}

/** As `RecordedEdits` says. */
export function addToHash(hash: Hash, { seq, at, update }: Omit<LogRow, "personId">): void {
  const head = Buffer.alloc(24);
  head.writeBigInt64BE(BigInt(seq), 0);
  head.writeBigInt64BE(BigInt(at.getTime()), 8);
  head.writeBigInt64BE(BigInt(update.byteLength), 16);
  hash.update(head).update(update);
}

function named(numbers: readonly number[]): UnrecordedEdits {
  const [first = 0] = numbers;
  return {
    first,
    last: numbers.at(-1) ?? first,
    numbers: numbersAsText(stretchesOf(numbers)),
    updates: numbers.length,
  };
}
