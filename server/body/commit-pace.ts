/** How often commits start. */

export type CommitPace = {
  /** Text of this story came to be stored. */
  readonly note: (storyId: string) => void;
  /** Milliseconds from the start of one commit to that of the next, at the least. */
  readonly restMs: () => number;
};

const busyPerSecond = 250;
const countWithinMs = 200;
const busyEveryMs = 20;

/**
 * While the newsroom writes at leisure a commit starts at once. Where much comes from many stories, most of what a
 * commit costs (the disk, the way to the store and back) is shared by what comes within some milliseconds. However much
 * comes of one story, it counts as often as it could share: a flood into one keeps none of the others waiting.
 */
export function openCommitPace(now: () => number = () => performance.now()): CommitPace {
  let sinceMs = now();
  let count = 0;
  let isBusy = false;
  let slotMs = -Infinity;
  const inSlot = new Set<string>();
  return {
    note: (storyId) => {
      const nowMs = now();
      if (nowMs - slotMs >= busyEveryMs) {
        slotMs = nowMs;
        inSlot.clear();
      }
      if (!inSlot.has(storyId)) count += 1;
      inSlot.add(storyId);
      const passedMs = nowMs - sinceMs;
      if (passedMs < countWithinMs) return;
      isBusy = (1000 * count) / passedMs > busyPerSecond;
      count = 0;
      sinceMs = nowMs;
    },
    restMs: () => (isBusy ? busyEveryMs : 0),
  };
}
