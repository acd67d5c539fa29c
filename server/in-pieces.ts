import { performance } from "node:perf_hooks";

const pieceMs = 3;
/** Work that waits to be gone on with, of the whole process: one piece at a time. */
const waiting: (() => void)[] = [];
let timer: NodeJS.Timeout | undefined;

function goOn(): void {
  timer = undefined;
  waiting.shift()?.();
  if (waiting.length > 0) timer = setTimeout(goOn, 2 * pieceMs);
}

/**
 * For work that is long and that no key waits for. Awaited between its parts, what it gives resolves at once until three
 * milliseconds are over; then all else in the process has about as long before it resolves, however much other work is
 * done in pieces.
 */
export function inPieces(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    const workedMs = performance.now() - sinceMs;
    if (workedMs < pieceMs) return;
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      timer ??= setTimeout(goOn, workedMs);
    });
    sinceMs = performance.now();
  };
}
