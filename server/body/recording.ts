/**
 * [RE1] Edits come into the record when their story rests: once nobody has it open, after some minutes without a change,
 * and when the process ends. What a killed process left is found by any other. (Moves, kept versions and compaction
 * record in their own transactions.) Nothing of it is on the way of a keystroke.
 */
import type { House } from "../house";
import { unrecordedStories } from "../stories/story-row";
import { within } from "../within";
import { recordEditsOf } from "./record-edits";

export type Recording = {
  /** Nobody has the story open any more. */
  readonly left: (storyId: string) => void;
  /** Records what is left, and stops. */
  readonly close: () => Promise<void>;
};

type Needs = Pick<House, "db" | "log" | "now">;

const lookEveryMs = 60_000;
const restMs = 3 * 60_000;
const mostInOneRound = 200;
const closeWithinMs = 3_000;

export function openRecording(house: Needs): Recording {
  let running: Promise<void> = Promise.resolve();
  let isClosed = false;

  /** One after the other: they would wait for each other at the record's lock. */
  function next(work: () => Promise<void>): Promise<void> {
    running = running.then(work).catch((error: unknown) => {
      // The next round finds them.
      if (!isClosed) house.log.warn({ err: error }, "edits not recorded");
    });
    return running;
  }

  const recordAll = (forMs: number) => next(() => recordResting(house, { forMs, isOver: () => isClosed }));
  const look = setInterval(() => void recordAll(restMs), lookEveryMs);
  look.unref();

  return {
    left: (storyId) => {
      if (!isClosed) void next(() => recordEditsOf(house.db, storyId, house.now()));
    },
    close: async () => {
      clearInterval(look);
      await within(closeWithinMs, recordAll(0));
      isClosed = true;
    },
  };
}

/** Records the edits of stories in which nobody wrote for so long, as many as one round may. */
export async function recordResting(
  { db, log, now }: Needs,
  { forMs, isOver = () => false }: { readonly forMs: number; readonly isOver?: () => boolean },
): Promise<void> {
  const since = new Date(now().getTime() - forMs);
  for (const storyId of await unrecordedStories(db, { since, atMost: mostInOneRound })) {
    if (isOver()) return;
    try {
      await recordEditsOf(db, storyId, now());
    } catch (error) {
      // One story that cannot be recorded keeps none of the others from it.
      if (!isOver()) log.warn({ err: error, storyId }, "edits not recorded");
    }
  }
}
