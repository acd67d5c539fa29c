import { performance } from "node:perf_hooks";

const pieceMs = 3;

/**
 * For work that is long and that no key waits for. Awaited between its parts, what it gives resolves at once until three
 * milliseconds are over; then all else in the process has the same time before it resolves.
 */
export function inPieces(): () => Promise<void> {
  let sinceMs = performance.now();
  return async () => {
    const workedMs = performance.now() - sinceMs;
    if (workedMs < pieceMs) return;
    await new Promise((resolve) => setTimeout(resolve, workedMs));
    sinceMs = performance.now();
  };
}
