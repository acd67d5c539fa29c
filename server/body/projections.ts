/**
 * What the desk shows of a text (headline, words, content hash) is made from it shortly after it changed, for all
 * stories in one statement: nothing that a key waits for. Until then its log number says that it is old, and whoever
 * needs it exactly reads the text itself.
 */
import type { StoryContent } from "@/domain/body/content";
import type { House } from "../house";
import { detailsOf, saveStoryTexts, staleTexts } from "../stories/story-row";
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

const lookEveryMs = 100;
const calmMs = 700;
/** Where many stories are written in at once, each is made less often. */
const manyStories = 50;
const calmForManyMs = 3_000;
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
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isClosed = false;

  function lookSoon(): void {
    if (timer || isClosed || changedAtMs.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void make(false).finally(lookSoon);
    }, lookEveryMs);
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
    const calm = changedAtMs.size > manyStories ? calmForManyMs : calmMs;
    const due = [...changedAtMs]
      .filter(([, atMs]) => all || now - atMs >= calm)
      .slice(0, all ? undefined : mostAtOnce);
    const left = new Map(due);
    const texts = new Map<string, Text>();
    try {
      for (const [storyId, atMs] of due) {
        // What is stored after this reading is a change of its own.
        changedAtMs.delete(storyId);
        const text =
          given.contentOf(storyId) ??
          (all || now - atMs >= calm + longestMs ? await readText(house.db, storyId) : undefined);
        if (text) texts.set(storyId, text);
      }
      const counts = new Map<string, number>();
      for (const storyId of await save(texts, counts)) {
        left.delete(storyId);
        given.whenMade(storyId, counts.get(storyId));
      }
    } finally {
      for (const [storyId, atMs] of left) changedAtMs.set(storyId, atMs);
    }
  }

  /** Gives the stories whose row could be had and whose details were still those of the hash. */
  async function save(
    texts: ReadonlyMap<string, Text>,
    counts: Map<string, number>,
  ): Promise<readonly string[]> {
    if (texts.size === 0) return [];
    const details = await detailsOf(house.db, [...texts.keys()]);
    const made = [...texts].flatMap(([storyId, { content, logSeq }]) => {
      const story = details.get(storyId);
      return story ? [{ ...projectionOf({ id: storyId, ...story }, content, logSeq), details: story }] : [];
    });
    for (const { storyId, wordCount } of made) counts.set(storyId, wordCount);
    const gone = [...texts.keys()].filter((storyId) => !details.has(storyId));
    return [...gone, ...(await saveStoryTexts(house.db, made))];
  }

  return {
    changed: (storyId) => {
      if (isClosed) return;
      if (!changedAtMs.has(storyId)) changedAtMs.set(storyId, performance.now());
      lookSoon();
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
      lookSoon();
    },
    close: async () => {
      await make(true);
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
