/**
 * What of a story's text is committed, as bytes: what the store gave, and the updates stored since. The room's document
 * is ahead of it by what is being stored.
 *
 * [BO3] SyncStep1 and SyncStep2 are answered from here.
 */
import * as Y from "yjs";
import { mergedUpdate } from "./merged-update";

export type CommittedState = {
  /** The last log number up to which it holds everything (BO7). */
  readonly logSeq: () => number;
  /**
   * Takes in an update that was stored under these numbers. What others stored before it may still be missing: then
   * `logSeq` stays, and `hasGap` says so.
   */
  readonly add: (stored: {
    readonly firstSeq: number;
    readonly logSeq: number;
    readonly update: Uint8Array;
  }) => void;
  readonly hasGap: () => boolean;
  /** Is everything up to this number in it? */
  readonly holds: (firstSeq: number, logSeq: number) => boolean;
  readonly byteLength: () => number;
  /** All of it as one update. */
  readonly encode: () => Uint8Array;
  /** The same from a document that holds exactly this. */
  readonly encodeFrom: (doc: Y.Doc) => Uint8Array;
};

/** So many updates are kept apart before they are merged with each other. */
const mostApart = 200;

export function openCommittedState(
  parts: readonly { readonly seq: number; readonly bytes: Uint8Array }[],
): CommittedState {
  /** Merged ones, each more than twice as long as the next: a long text is not merged anew for a few letters. */
  let runs: Uint8Array[] = [];
  // Copied: what the store or a socket gave is a view into a larger piece of memory, which it would hold.
  let apart: Uint8Array[] = parts.map(({ bytes }) => new Uint8Array(bytes));
  let logSeq = parts.at(-1)?.seq ?? 0;
  /** Stored under numbers beyond what is missing, in their order. */
  let beyond: { readonly firstSeq: number; readonly logSeq: number }[] = [];

  function whole(merge: () => Uint8Array): Uint8Array {
    const [only] = runs;
    if (only && runs.length === 1 && apart.length === 0) return only;
    const merged = merge();
    runs = [merged];
    apart = [];
    return merged;
  }

  function mergeApart(): void {
    let last = mergedUpdate(apart);
    apart = [];
    for (;;) {
      const before = runs.at(-1);
      if (!before || before.byteLength > 2 * last.byteLength) break;
      runs.pop();
      last = mergedUpdate([before, last]);
    }
    runs.push(last);
  }

  return {
    logSeq: () => logSeq,
    add: (stored) => {
      apart.push(new Uint8Array(stored.update));
      if (apart.length > mostApart) mergeApart();
      beyond = [...beyond, stored].toSorted((a, b) => a.firstSeq - b.firstSeq);
      while (beyond[0] && beyond[0].firstSeq <= logSeq + 1) {
        logSeq = Math.max(logSeq, beyond[0].logSeq);
        beyond = beyond.slice(1);
      }
    },
    byteLength: () => [...runs, ...apart].reduce((sum, bytes) => sum + bytes.byteLength, 0),
    hasGap: () => beyond.length > 0,
    holds: (first, last) =>
      last <= logSeq || beyond.some((one) => one.firstSeq <= first && last <= one.logSeq),
    encode: () => whole(() => mergedUpdate([...runs, ...apart])),
    encodeFrom: (doc) => whole(() => Y.encodeStateAsUpdate(doc)),
  };
}
