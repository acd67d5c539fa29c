/**
 * What the desk shows of a text (headline, words, content hash) is made from it shortly after it changed, for all
 * stories in one statement: nothing that a key waits for. Until then its log number says that it is old, and whoever
 * needs it exactly reads the text itself.
 */
import type { StoryContent } from "@/domain/body/content";
import type { House } from "../house";
import { inPieces } from "../in-pieces";
import {
  detailsOf,
  saveStoryTexts,
  staleTexts,
  type MadeText,
  type StoryDetails,
} from "../stories/story-row";
import { readText } from "./read-text";
import { projectionOf } from "./start-text";

export type Projections = {
  /** The story's text changed. */
  readonly changed: (storyId: string) => void;
  /** Resolves when this story's is made from its last change. */
  readonly quiet: (storyId: string) => Promise<void>;
  /** Makes what ended processes left unmade. */
  readonly lookForStale: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Text = { readonly content: StoryContent; readonly logSeq: number };

/** What was due together is made together. */
const lookEveryMs = 100;
const calmMs = 700;
/** A story that is written in all the time is made so often, and less often where many are. */
const restMs = 2_000;
const manyStories = 50;
const restForManyMs = 10_000;
/** After so long the text is read from the store when the room never rests. */
const longestMs = 3_000;
const mostAtOnce = 200;

export function openProjections(
  house: House,
  given: {
    /** The committed text of a room that is open here; undefined: not now, or not open. */
    readonly contentOf: (storyId: string) => Text | undefined;
    readonly whenMade: (storyId: string, words: number | undefined) => void;
  },
): Projections {
  const changedAtMs = new Map<string, number>();
  /** Of those that were made lately. */
  const madeAtMs = new Map<string, number>();
  /** As they were when it was last saved. */
  const detailsKnown = new Map<string, StoryDetails>();
  let timer: NodeJS.Timeout | undefined;
  let lookAtMs = Infinity;
  let running: Promise<void> | undefined;
  let isClosed = false;

  function dueAtMs(storyId: string, atMs: number): number {
    const rests = changedAtMs.size > manyStories ? restForManyMs : restMs;
    return Math.max(atMs + calmMs, (madeAtMs.get(storyId) ?? -Infinity) + rests);
  }

  function lookAt(dueMs: number): void {
    if (isClosed || lookAtMs <= dueMs) return;
    clearTimeout(timer);
    lookAtMs = dueMs;
    timer = setTimeout(
      () => {
        lookAtMs = Infinity;
        void make(false).finally(lookAgain);
      },
      Math.max(lookEveryMs, dueMs - performance.now()),
    );
  }

  function lookAgain(): void {
    if (changedAtMs.size === 0) return;
    lookAt([...changedAtMs].reduce((first, [id, atMs]) => Math.min(first, dueAtMs(id, atMs)), Infinity));
  }

  function make(all: boolean): Promise<void> {
    const before = running ?? Promise.resolve();
    const turn = before
      .then(() => makeDue(all))
      .catch((error: unknown) => {
        if (!isClosed) house.log.warn({ err: error }, "what the desk shows of texts was not made");
      })
      .finally(() => {
        if (running === turn) running = undefined;
      });
    running = turn;
    return turn;
  }

  async function makeDue(all: boolean): Promise<void> {
    const now = performance.now();
    const due = [...changedAtMs]
      .filter(([storyId, atMs]) => all || dueAtMs(storyId, atMs) <= now)
      .slice(0, all ? undefined : mostAtOnce);
    const left = new Map(due);
    const texts = new Map<string, Text>();
    const nextPiece = inPieces();
    try {
      for (const [storyId, atMs] of due) {
        await nextPiece();
        // What is stored after this reading is a change of its own.
        changedAtMs.delete(storyId);
        const text =
          given.contentOf(storyId) ??
          (all || now - dueAtMs(storyId, atMs) >= longestMs ? await readText(house.db, storyId) : undefined);
        if (text) texts.set(storyId, text);
      }
      const counts = new Map<string, number>();
      for (const storyId of await save(texts, counts)) {
        left.delete(storyId);
        madeAtMs.set(storyId, now);
        given.whenMade(storyId, counts.get(storyId));
      }
    } finally {
      for (const [storyId, atMs] of left) changedAtMs.set(storyId, atMs);
      forgetLongMade(now);
    }
  }

  function forgetLongMade(now: number): void {
    for (const [storyId, atMs] of madeAtMs) {
      if (now - atMs <= restForManyMs) continue;
      madeAtMs.delete(storyId);
      detailsKnown.delete(storyId);
    }
  }

  /** Gives the stories whose row could be had and whose details were still those of the hash. */
  async function save(
    texts: ReadonlyMap<string, Text>,
    counts: Map<string, number>,
  ): Promise<readonly string[]> {
    if (texts.size === 0) return [];
    const unknown = [...texts.keys()].filter((storyId) => !detailsKnown.has(storyId));
    const read = await detailsOf(house.db, unknown);
    for (const [storyId, details] of read) detailsKnown.set(storyId, details);
    const made: MadeText[] = [];
    const nextPiece = inPieces();
    for (const [storyId, { content, logSeq }] of texts) {
      const story = detailsKnown.get(storyId);
      if (!story) continue;
      const projection = projectionOf({ id: storyId, ...story }, content, logSeq);
      made.push({ ...projection, details: story });
      counts.set(storyId, projection.wordCount);
      await nextPiece();
    }
    const saved = await saveStoryTexts(house.db, made);
    const isSaved = new Set(saved);
    // Where they are others by now, nothing was saved, and they are read anew.
    for (const { storyId } of made) if (!isSaved.has(storyId)) detailsKnown.delete(storyId);
    return [...unknown.filter((storyId) => !read.has(storyId)), ...saved];
  }

  return {
    changed: (storyId) => {
      if (isClosed) return;
      if (changedAtMs.has(storyId)) return;
      const now = performance.now();
      changedAtMs.set(storyId, now);
      lookAt(dueAtMs(storyId, now));
    },
    quiet: async (storyId) => {
      while (running || changedAtMs.has(storyId)) {
        await (running ?? make(true));
        // Somebody has its row, or the store does not answer.
        if (changedAtMs.has(storyId)) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
      }
    },
    lookForStale: async () => {
      for (const storyId of await staleTexts(house.db)) {
        if (!changedAtMs.has(storyId)) changedAtMs.set(storyId, -Infinity);
      }
      lookAgain();
    },
    close: async () => {
      await make(true);
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
