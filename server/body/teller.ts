/**
 * Tells the readers of a room what was stored: one frame, made once, for all of them. At once while few read or little
 * is written; where many read and much comes, merged at a pace: each frame costs a write to each.
 */
import { framed } from "../http/framed";
import type { Connection } from "./connection";
import { updateFrame } from "./frames";
import { mergedUpdate } from "./merged-update";

export type Teller = {
  /** `from` has it already; null: nobody does. `receivedMs`: when the first of it came in here. */
  readonly tell: (update: Uint8Array, logSeq: number, from: Connection | null, receivedMs?: number) => void;
  /** Tells now what waits. */
  readonly flush: () => void;
  readonly close: () => void;
};

const fewReaders = 20;
const leastPaceMs = 25;
/** So seldom, what others write still appears as they write it. */
const longestPaceMs = 60;
const msForEachReader = 0.6;
/** Where more comes, more people wait for each telling, and it costs less a letter: it is told more often. */
const muchPerSecond = 100;
/** A commit takes now longer, now shorter: what was stored at this pace is not to wait again. */
const unevenMs = 5;

/** Milliseconds from one telling to the next, at the least: none while few read, then longer the more do. */
export function paceMs(readers: number, perSecond: number): number {
  if (readers <= fewReaders) return 0;
  const wanted = Math.min(longestPaceMs, readers * msForEachReader);
  return Math.max(leastPaceMs, wanted * Math.min(1, Math.sqrt(muchPerSecond / perSecond)));
}

export function openTeller(
  connections: ReadonlySet<Connection>,
  {
    everyMs,
    whenTold,
  }: {
    /** From one telling to the next, at the least. */
    readonly everyMs: () => number;
    readonly whenTold: (since: {
      readonly storedMs: number;
      readonly receivedMs: number | undefined;
    }) => void;
  },
): Teller {
  let updates: Uint8Array[] = [];
  let onlyFrom: Connection | null | undefined;
  let toldUpTo = 0;
  let storedMs = 0;
  let firstReceivedMs: number | undefined;
  let lastMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (updates.length === 0) return;
    const update = mergedUpdate(updates);
    const has = onlyFrom;
    updates = [];
    onlyFrom = undefined;
    lastMs = performance.now();
    const frame = framed(updateFrame(update));
    const withNumber = new Map<number, Buffer>();
    for (const connection of connections) {
      if (!connection.isSynced) continue;
      if (connection === has) connection.toldUpTo(toldUpTo);
      else connection.tellStored(frame, toldUpTo, withNumber);
    }
    whenTold({ storedMs, receivedMs: firstReceivedMs });
    firstReceivedMs = undefined;
  }

  return {
    tell: (update, logSeq, from, receivedMs) => {
      if (updates.length === 0) storedMs = performance.now();
      firstReceivedMs ??= receivedMs;
      onlyFrom = updates.length === 0 || onlyFrom === from ? from : null;
      updates.push(update);
      toldUpTo = logSeq;
      const waitMs = lastMs + everyMs() - unevenMs - performance.now();
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
    close: () => clearTimeout(timer),
  };
}
