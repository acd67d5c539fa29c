/** How often commits start. */

export type CommitPace = {
  /** A text came to be stored. */
  readonly note: () => void;
  /** Milliseconds from the start of one commit to that of the next, at the least. */
  readonly restMs: () => number;
};

const busyPerSecond = 250;
const countWithinMs = 200;
const busyEveryMs = 20;

/**
 * While the newsroom writes at leisure a commit starts at once. Where much comes from many stories, most of what a
 * commit costs (the disk, the way to the store and back) is shared by what comes within some milliseconds.
 */
export function openCommitPace(): CommitPace {
  let sinceMs = performance.now();
  let count = 0;
  let isBusy = false;
  return {
    note: () => {
      count += 1;
      const passedMs = performance.now() - sinceMs;
      if (passedMs < countWithinMs) return;
      isBusy = (1000 * count) / passedMs > busyPerSecond;
      count = 0;
      sinceMs = performance.now();
    },
    restMs: () => (isBusy ? busyEveryMs : 0),
  };
}
