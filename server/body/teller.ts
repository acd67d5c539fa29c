/**
 * Tells the readers of a room what was stored: one frame, made once, for all of them. At once while the room is calm;
 * where many read, at most every 25 ms, merged: more often than anybody sees, and each frame costs a write to each.
 */
import * as Y from "yjs";
import type { Connection } from "./connection";
import { framed, updateFrame } from "./frames";

export type Teller = {
  /** `from` has it already; null: nobody does. */
  readonly tell: (update: Uint8Array, logSeq: number, from: Connection | null) => void;
  /** Tells now what waits. */
  readonly flush: () => void;
  readonly close: () => void;
};

const fewReaders = 20;
/** Milliseconds. */
export const atMostEveryMs = 25;
/** A commit takes now longer, now shorter: what was stored at this pace is not to wait again. */
const unevenMs = 5;

/** Do so many read that they are told at a pace? */
export const isCrowded = (connections: ReadonlySet<Connection>): boolean => connections.size > fewReaders;

export function openTeller(
  connections: ReadonlySet<Connection>,
  whenTold: (sinceMs: number) => void,
): Teller {
  let updates: Uint8Array[] = [];
  let onlyFrom: Connection | null | undefined;
  let toldUpTo = 0;
  let sinceMs = 0;
  let lastMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (updates.length === 0) return;
    const [only] = updates;
    const update = updates.length === 1 && only ? only : Y.mergeUpdates(updates);
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
    whenTold(sinceMs);
  }

  return {
    tell: (update, logSeq, from) => {
      if (updates.length === 0) sinceMs = performance.now();
      onlyFrom = updates.length === 0 || onlyFrom === from ? from : null;
      updates.push(update);
      toldUpTo = logSeq;
      const waitMs = isCrowded(connections) ? lastMs + atMostEveryMs - unevenMs - performance.now() : 0;
      if (waitMs <= 0) flush();
      else timer ??= setTimeout(flush, waitMs);
    },
    flush,
    close: () => clearTimeout(timer),
  };
}
