import { performance } from "node:perf_hooks";

const leastRestMs = 1;
/** Also where the process itself was held up meanwhile. */
const longestRestMs = 500;

/**
 * For short works that are wanted soon and that no key waits for: each has a turn of the event loop of its own, in the
 * order in which they came, and all else in the process has so many times as long before the next. What it throws comes
 * from that turn, as from any timer.
 */
export function oneATurn(restTimes = 1): (work: () => void) => void {
  const waiting: (() => void)[] = [];
  let isGoing = false;

  function goOn(): void {
    const work = waiting.shift();
    isGoing = work !== undefined;
    if (!work) return;
    const sinceMs = performance.now();
    try {
      work();
    } finally {
      const restMs = restTimes * (performance.now() - sinceMs);
      setTimeout(goOn, Math.min(Math.max(leastRestMs, restMs), longestRestMs));
    }
  }

  return (work) => {
    waiting.push(work);
    if (isGoing) return;
    isGoing = true;
    setTimeout(goOn, 0);
  };
}
