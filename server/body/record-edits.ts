/** [RE1] Edits in the record: what of a story's log the record does not hold yet, and whose it is. */
import { createHash, type Hash } from "node:crypto";
import type { WordsChanged } from "@/domain/body/words-changed";
import type { Act } from "@/domain/record/act";
import {
  numbersAsText,
  stretchesOf,
  type RecordedEdits,
  type Stretch,
  type UnrecordedEdits,
} from "@/domain/record/edits";
import { recordActs } from "../record/record-act";
import type { Db, Tx } from "../store/db";
import { lockStory, noteRecorded, recordedOf } from "../stories/story-row";
import { readAuthored } from "./authorship-store";
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
 * What the record does not hold of the log up to this number, else of all of it. `words`: what the updates changed, by
 * their numbers; a person's are counted where all are known. Only under the story's lock, which stays until it is recorded.
 */
export async function editsToRecord(
  tx: Tx,
  given: {
    readonly storyId: string;
    readonly upTo?: number;
    readonly words?: ReadonlyMap<number, WordsChanged> | undefined;
  },
): Promise<EditsToRecord> {
  const { storyId, words } = given;
  const { logSeq, recordedSeq } = (await recordedOf(tx, storyId)) ?? { logSeq: 0, recordedSeq: 0 };
  const upTo = given.upTo ?? logSeq;
  const gone: Stretch[] = [];
  const people = new Map<string | null, OfPerson>();
  let next = recordedSeq + 1;
  for await (const row of logRows(tx, { storyId, after: recordedSeq, upTo })) {
    if (row.seq > next) gone.push({ from: next, to: row.seq - 1 });
    next = row.seq + 1;
    let own = people.get(row.personId);
    if (!own) {
      own = { numbers: [], hash: createHash("sha256"), begun: row.at, ended: row.at };
      people.set(row.personId, own);
    }
    own.numbers.push(row.seq);
    own.ended = row.at;
    addToHash(own.hash, row);
  }
  if (next <= upTo) gone.push({ from: next, to: upTo });
  const acts = [...people].map(([personId, { numbers, hash, begun, ended }]): Act => {
    const detail: RecordedEdits = {
      ...named(stretchesOf(numbers)),
      begun: begun.toISOString(),
      ended: ended.toISOString(),
      ...wordsOf(numbers, words),
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

/**
 * The same in a transaction of its own: once, whoever else sets about it. What takes long, counting the words, is done
 * before the story's lock is taken; what is stored meanwhile is left to the next.
 */
export async function recordEditsOf(db: Db, storyId: string, at: Date): Promise<void> {
  const reach = await recordedOf(db, storyId);
  const text = reach && reach.recordedSeq < reach.logSeq ? await readAuthored(db, storyId) : null;
  if (!text) return;
  text.doc.destroy();
  const { logSeq, words } = text;
  await db.transaction(async (tx) => {
    const story = await lockStory(tx, storyId);
    if (!story || story.recordedSeq >= logSeq) return;
    await recordEdits(tx, await editsToRecord(tx, { storyId, upTo: logSeq, words }), at);
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

function wordsOf(
  numbers: readonly number[],
  words: ReadonlyMap<number, WordsChanged> | undefined,
): Pick<RecordedEdits, "wordsWritten" | "wordsRemoved"> {
  let wordsWritten = 0;
  let wordsRemoved = 0;
  for (const number of numbers) {
    const changed = words?.get(number);
    if (!changed) return {};
    wordsWritten += changed.written;
    wordsRemoved += changed.removed;
  }
  return { wordsWritten, wordsRemoved };
}

function named(stretches: readonly Stretch[]): UnrecordedEdits {
  return {
    first: stretches[0]?.from ?? 0,
    last: stretches.at(-1)?.to ?? 0,
    numbers: numbersAsText(stretches),
    updates: stretches.reduce((sum, { from, to }) => sum + to - from + 1, 0),
  };
}
