import { performance } from "node:perf_hooks";

/** How long the process is to rest before it begins with more, in milliseconds; none: not at all. */
export type Rest = {
  /** `waitedMs`: so long the first of those that wait has waited. Asked again after what it gave. */
  readonly ms: (waitedMs: number) => number;
  /** More is begun. */
  readonly isOver: () => void;
};

/** Milliseconds that the event loop was busy and idle, since the process began. */
type LoopTimes = { readonly active: number; readonly idle: number };

const longestMs = 200;
const leastRestMs = 2;
/** Longer nobody waits for the sake of the others: proxies give up after half a minute or more. */
const patienceMs = 30_000;

/**
 * As long as the process worked since the last rest, whatever at: what rests takes half of its time at most; less the
 * longer those wait that are to begin. After 200 ms it goes on all the same, where the process is busy with all else.
 */
export function restAsLongAsWorked(
  loopTimes: () => LoopTimes = () => performance.eventLoopUtilization(),
): Rest {
  let since = loopTimes();
  return {
    ms: (waitedMs) => {
      const now = loopTimes();
      const worked = now.active - since.active;
      const rested = now.idle - since.idle;
      const wanted = Math.max(worked, leastRestMs) * Math.max(0, 1 - waitedMs / patienceMs);
      const missing = Math.min(wanted - rested, longestMs - worked - rested);
      return missing > 0 ? Math.max(missing, 1) : 0;
    },
    isOver: () => {
      since = loopTimes();
    },
  };
}
