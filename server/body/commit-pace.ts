/** How often commits start. */

export type Pace = {
  /** Something came to be stored. */
  readonly note: () => void;
  /** Milliseconds from the start of one commit to that of the next, at the least. */
  readonly restMs: () => number;
  /** How much came lately. */
  readonly perSecond: () => number;
};

const busyPerSecond = 250;
const countWithinMs = 200;
const busyEveryMs = 20;

/**
 * While people write at leisure a commit starts at once. Where much comes, most of what a commit costs (the disk, the
 * way to the store and back) is shared by what comes within some milliseconds.
 */
export function openPace(now: () => number = () => performance.now()): Pace {
  let sinceMs = now();
  let count = 0;
  let perSecond = 0;
  return {
    note: () => {
      count += 1;
      const passedMs = now() - sinceMs;
      if (passedMs < countWithinMs) return;
      perSecond = (1000 * count) / passedMs;
      count = 0;
      sinceMs = now();
    },
    restMs: () => (perSecond > busyPerSecond ? busyEveryMs : 0),
    perSecond: () => perSecond,
  };
}

/**
 * That of all stories together. However much comes of one, it counts as often as it could share: a flood into one keeps
 * none of the others waiting.
 */
export function openCommonPace(
  now: () => number = () => performance.now(),
): Pick<Pace, "restMs"> & { readonly note: (storyId: string) => void } {
  const pace = openPace(now);
  const shared = new Set<string>();
  let sinceMs = -Infinity;
  return {
    note: (storyId) => {
      if (now() - sinceMs >= busyEveryMs) {
        sinceMs = now();
        shared.clear();
      }
      if (!shared.has(storyId)) pace.note();
      shared.add(storyId);
    },
    restMs: pace.restMs,
  };
}
