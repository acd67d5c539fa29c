/** [AN4] Anchors follow the text: resolved anew after every stored change, and again before a story is released. */
import { and, asc, eq, gt, inArray } from "drizzle-orm";
import * as Y from "yjs";
import { type Anchor, healAnchors, sameBytes } from "@/domain/body/anchor";
import { fields } from "@/domain/body/anchor-state";
import { fieldText } from "@/domain/body/plain-text";
import type { House } from "../house";
import type { Queries, Tx } from "../store/db";
import { changedLately, lockStory, logSeqOf } from "../stories/story-row";
import { saveAnchors, storedAnchors } from "./anchor-store";
import { anchors, storyUpdates } from "./body-tables";
import { docOf, partsOf } from "./log-store";

type CommittedText = { readonly doc: Y.Doc; readonly logSeq: number };

/**
 * Resolves every anchor of the story in this committed text. Answers the owners for whom something is new that they
 * show; those whose words only moved along with the text before them are written and not told. Only under the story's
 * lock.
 */
export async function healStory(tx: Tx, storyId: string, text: CommittedText): Promise<readonly string[]> {
  const stored = await storedAnchors(tx, storyId);
  const resolved = fields.flatMap((field) => {
    const here = stored.filter((one) => one.field === field);
    if (here.length === 0) return [];
    const healed = healAnchors(
      fieldText(text.doc.getXmlFragment(field)),
      here.map((one) => one.anchor),
    );
    return here.flatMap((before, index) => {
      const anchor = healed[index] ?? before.anchor;
      return anchor === before.anchor ? [] : [{ ...before, before: before.anchor, anchor }];
    });
  });
  await saveAnchors(tx, resolved, text.logSeq);
  return resolved.filter(({ before, anchor }) => isNews(before, anchor)).map((one) => one.ownerId);
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
const forgetAfterMs = 60_000;
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
  /** Texts of stories being written in: a change then costs what is new of the log. */
  const known = new Map<string, CommittedText>();
  const forgetting = new Map<string, NodeJS.Timeout>();
  let isClosed = false;

  async function heal(storyId: string): Promise<void> {
    const claimIds = await house.db.transaction(async (tx) => {
      const [anchored] = await tx
        .select({ id: anchors.id })
        .from(anchors)
        .where(eq(anchors.storyId, storyId))
        .limit(1);
      if (!anchored) return [];
      // What is long to read is read before the lock, what came meanwhile under it.
      await catchUp(tx, storyId);
      const story = await lockStory(tx, storyId);
      const text = story && (await catchUp(tx, storyId));
      return text ? healStory(tx, storyId, text) : [];
    });
    if (claimIds.length > 0) house.bus.emit({ type: "claims", storyId, claimIds: [...claimIds] });
  }

  async function catchUp(q: Queries, storyId: string): Promise<CommittedText | null> {
    const before = known.get(storyId);
    const text = (before && (await withNewer(q, storyId, before))) ?? (await wholeText(q, storyId));
    if (text) known.set(storyId, text);
    clearTimeout(forgetting.get(storyId));
    forgetting.set(storyId, setTimeout(() => forget(storyId), forgetAfterMs).unref());
    return text;
  }

  function forget(storyId: string): void {
    known.get(storyId)?.doc.destroy();
    known.delete(storyId);
    forgetting.delete(storyId);
  }

  function run(storyId: string): Promise<void> {
    clearTimeout(waiting.get(storyId)?.timer);
    waiting.delete(storyId);
    const turn = (running.get(storyId) ?? Promise.resolve())
      .then(() => heal(storyId))
      .catch((error: unknown) => {
        forget(storyId); // half applied, perhaps; the next change reads it whole
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
    if (event.type === "text-stored") soon(event.storyId);
  });
  const leftBehind = unhealed(house.db)
    .then((storyIds) => storyIds.forEach(soon))
    .catch((error: unknown) => {
      if (!isClosed) house.log.error({ err: error }, "looking for unhealed stories failed");
    });

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
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
      await leftBehind;
      await Promise.all(running.values());
      for (const timer of forgetting.values()) clearTimeout(timer);
      for (const storyId of known.keys()) forget(storyId);
    },
  };
}

/** The text with the updates numbered after it; null when the log no longer joins on without a gap. */
async function withNewer(q: Queries, storyId: string, text: CommittedText): Promise<CommittedText | null> {
  if ((await logSeqOf(q, storyId)) === text.logSeq) return text;
  const rows = await q
    .select({ seq: storyUpdates.seq, update: storyUpdates.update })
    .from(storyUpdates)
    .where(and(eq(storyUpdates.storyId, storyId), gt(storyUpdates.seq, text.logSeq)))
    .orderBy(asc(storyUpdates.seq));
  const last = rows.at(-1);
  if (!last || last.seq - text.logSeq !== rows.length) return null;
  text.doc.transact(() => {
    for (const row of rows) Y.applyUpdate(text.doc, row.update);
  }, "log");
  return { doc: text.doc, logSeq: last.seq };
}

async function wholeText(q: Queries, storyId: string): Promise<CommittedText | null> {
  const parts = await partsOf(q, storyId);
  const last = parts.at(-1);
  return last ? { doc: docOf(parts), logSeq: last.seq } : null;
}

/** Stories with anchors that were written in shortly before the process ended. */
async function unhealed(q: Queries): Promise<readonly string[]> {
  const changed = await changedLately(q, unhealedWithinMs);
  if (changed.length === 0) return [];
  const rows = await q
    .selectDistinct({ storyId: anchors.storyId })
    .from(anchors)
    .where(inArray(anchors.storyId, [...changed]));
  return rows.map((row) => row.storyId);
}
