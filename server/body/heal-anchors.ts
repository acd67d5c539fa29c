/** [AN4] Anchors follow the text: resolved anew after every stored change, and again before a story is released. */
import { inArray } from "drizzle-orm";
import { type Anchor, healAnchors, sameBytes } from "@/domain/body/anchor";
import { fields } from "@/domain/body/anchor-state";
import type { FieldText } from "@/domain/body/plain-text";
import { askTogether } from "../ask-together";
import type { House } from "../house";
import type { Queries, Tx } from "../store/db";
import { changedLately, lockStory } from "../stories/story-row";
import { type ResolvedAnchor, saveAnchors, type StoredAnchor, storedAnchors } from "./anchor-store";
import { anchors } from "./body-tables";
import { committedTexts, type TextFields } from "./committed-texts";

/**
 * Resolves the anchors of the story in this committed text: with `healedBefore`, the reading of an earlier healing, only
 * those that the difference touched. Answers the owners for whom something is new that they show; those whose words only
 * moved along with the text before them are written and not told. Only under the story's lock.
 */
export async function healStory(
  tx: Tx,
  storyId: string,
  text: TextFields,
  healedBefore?: TextFields,
): Promise<readonly string[]> {
  const stored = await storedAnchors(tx, storyId);
  const resolved = fields.flatMap((name) => {
    const here = stored.filter((one) => one.field === name);
    // What was placed later than that healing was placed in another text.
    const isSettled = (one: StoredAnchor) => healedBefore !== undefined && one.logSeq <= healedBefore.logSeq;
    return [
      ...resolve(text.field(name), here.filter(isSettled), healedBefore?.field(name)),
      ...resolve(
        text.field(name),
        here.filter((one) => !isSettled(one)),
      ),
    ];
  });
  await saveAnchors(tx, resolved, text.logSeq);
  return resolved.filter(({ before, anchor }) => isNews(before, anchor)).map((one) => one.ownerId);
}

function resolve(
  field: FieldText,
  stored: readonly StoredAnchor[],
  settledIn?: FieldText,
): readonly ResolvedAnchor[] {
  if (stored.length === 0) return [];
  const healed = healAnchors(
    field,
    stored.map((one) => one.anchor),
    settledIn,
  );
  return stored.flatMap(({ id, ownerId, field: name, anchor: before }, index) => {
    const anchor = healed[index] ?? before;
    return anchor === before ? [] : [{ id, ownerId, field: name, before, anchor }];
  });
}

function isNews(before: Anchor, now: Anchor): boolean {
  return !(
    before.state === now.state &&
    before.words === now.words &&
    before.sentence === now.sentence &&
    sameBytes(before.relStart, now.relStart) &&
    sameBytes(before.relEnd, now.relEnd)
  );
}

const waitMs = 80;
const longestWaitMs = 400;
/** Of so many stories the last healing's reading is kept. */
const mostRemembered = 100;
const mostUnmarked = 10_000;
const mostAskedAbout = 200;
/** Longer than a healing can have been under way when the process was killed. */
const unhealedWithinMs = 60_000;

export type Healing = {
  /** Resolves when every change stored so far is healed. */
  readonly quiet: (storyId: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

type Waiting = { timer: NodeJS.Timeout; readonly sinceMs: number };

/**
 * Heals a story shortly after its text was stored (at once when typing pauses, at the latest 0.4 s after a change) and
 * then tells `claims`. Stories that a killed process had not come to are healed first.
 */
export function startHealing(house: House): Healing {
  const waiting = new Map<string, Waiting>();
  const running = new Map<string, Promise<void>>();
  const texts = committedTexts(house);
  /** What each story's anchors were last healed against. */
  const healedBefore = new Map<string, TextFields>();
  /** Stories without claims, until one is marked: nothing of them is asked at every pause of typing. */
  const unmarked = new Set<string>();
  /** Where a newsroom begins to write, many stories are asked about at once. */
  const isMarked = askTogether(markedOf(house.db), mostAskedAbout);
  /** Grows with every claim that is told of: what was asked before may be old. */
  let claimsTold = 0;
  let isClosed = false;

  function noteUnmarked(storyId: string): void {
    if (unmarked.size >= mostUnmarked) unmarked.clear();
    unmarked.add(storyId);
  }

  async function heal(storyId: string): Promise<void> {
    if (unmarked.has(storyId)) return;
    const toldBefore = claimsTold;
    // What was healed once had anchors.
    if (!healedBefore.has(storyId) && !(await isMarked(storyId))) {
      if (toldBefore === claimsTold) noteUnmarked(storyId);
      return;
    }
    const healed = await house.db.transaction(async (tx) => {
      // What is long to read is read before the lock, what came meanwhile under it.
      await texts.read(tx, storyId);
      const story = await lockStory(tx, storyId);
      const text = story && (await texts.read(tx, storyId));
      if (!text) return null;
      return { text, claimIds: await healStory(tx, storyId, text, healedBefore.get(storyId)) };
    });
    if (!healed) return;
    healedBefore.delete(storyId);
    healedBefore.set(storyId, healed.text);
    const [oldest] = healedBefore.keys();
    if (healedBefore.size > mostRemembered && oldest !== undefined) healedBefore.delete(oldest);
    if (healed.claimIds.length > 0) {
      house.bus.emit({ type: "claims", storyId, claimIds: [...healed.claimIds] });
    }
  }

  function run(storyId: string): Promise<void> {
    clearTimeout(waiting.get(storyId)?.timer);
    waiting.delete(storyId);
    const turn = (running.get(storyId) ?? Promise.resolve())
      .then(() => heal(storyId))
      .catch((error: unknown) => {
        healedBefore.delete(storyId);
        texts.forget(storyId); // the next change reads it whole
        if (!isClosed) house.log.error({ err: error, storyId }, "healing failed");
      })
      .finally(() => {
        if (running.get(storyId) === turn) running.delete(storyId);
      });
    running.set(storyId, turn);
    return turn;
  }

  function soon(storyId: string): void {
    if (isClosed) return;
    const now = performance.now();
    const sinceMs = waiting.get(storyId)?.sinceMs ?? now;
    clearTimeout(waiting.get(storyId)?.timer);
    const delayMs = Math.max(0, Math.min(waitMs, sinceMs + longestWaitMs - now));
    waiting.set(storyId, { sinceMs, timer: setTimeout(() => void run(storyId), delayMs) });
  }

  const off = house.bus.on((event) => {
    if (event.type === "text-stored" && !unmarked.has(event.storyId)) soon(event.storyId);
    if (event.type === "claims") {
      claimsTold += 1;
      unmarked.delete(event.storyId);
    }
  });
  // What a killed process had not come to, the others find.
  const offGone = house.exchange.whenGone(() => void lookForUnhealed());
  const offMissed = house.exchange.whenMissed(() => {
    unmarked.clear();
    void lookForUnhealed();
  });
  function lookForUnhealed(): Promise<void> {
    return unhealed(house.db)
      .then((storyIds) => storyIds.forEach(soon))
      .catch((error: unknown) => {
        if (!isClosed) house.log.error({ err: error }, "looking for unhealed stories failed");
      });
  }
  const leftBehind = lookForUnhealed();

  return {
    quiet: async (storyId) => {
      await leftBehind;
      while (waiting.has(storyId) || running.has(storyId)) {
        await (waiting.has(storyId) ? run(storyId) : running.get(storyId));
      }
    },
    close: async () => {
      isClosed = true;
      off();
      offGone();
      offMissed();
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
      await leftBehind;
      await Promise.all(running.values());
    },
  };
}

/** Stories with anchors that were written in shortly before the process ended. */
async function unhealed(q: Queries): Promise<readonly string[]> {
  const changed = await changedLately(q, unhealedWithinMs);
  if (changed.length === 0) return [];
  return [...(await markedOf(q)(changed)).keys()];
}

/** Which of these stories have anchors. */
const markedOf =
  (q: Queries) =>
  async (storyIds: readonly string[]): Promise<ReadonlyMap<string, true>> => {
    const rows = await q
      .selectDistinct({ storyId: anchors.storyId })
      .from(anchors)
      .where(inArray(anchors.storyId, [...storyIds]));
    return new Map(rows.map((row) => [row.storyId, true]));
  };
