/**
 * Who wrote what, asked: the texts with their authors of the stories being worked on, kept in memory for a minute, so that
 * asking again costs what is new of the log. Nothing of it is on the way of a keystroke.
 */
import type { Field } from "@/domain/body/anchor-state";
import type { Authorship } from "@/domain/body/authorship";
import { writtenText, type WrittenText } from "@/domain/body/authorship-words";
import { fieldText, type FieldText } from "@/domain/body/plain-text";
import type { House } from "../house";
import { logSeqOf } from "../stories/story-row";
import type { Queries, Tx } from "../store/db";
export { noteRestore } from "./authorship-store";
import { followNewer, inOneGo, readAuthored, saveAuthorship, type FollowedText } from "./authorship-store";

/** A text with its authors at one moment: to be read before anything else is awaited. */
export type AuthoredFields = {
  readonly logSeq: number;
  readonly field: (name: Field) => FieldText;
  readonly authorship: Authorship;
};

export type AuthoredTexts = {
  /**
   * What `look` answers of the committed text and its authors; null when the story has none. Not in a transaction that
   * has written to the log itself: what is rolled back would stay.
   */
  readonly read: <Answer>(
    q: Queries,
    storyId: string,
    look: (text: AuthoredFields) => Answer,
  ) => Promise<Answer | null>;
};

const forgetAfterMs = 60_000;
/** Fewer are followed again from the log next time. */
const worthKeeping = 50;

type Kept = { readonly text: FollowedText; timer?: NodeJS.Timeout };

const ofHouses = new WeakMap<House["db"], AuthoredTexts>();

/** One for each store. */
export function authoredTexts(house: House): AuthoredTexts {
  const known = ofHouses.get(house.db);
  if (known) return known;
  const made = keepTexts(house);
  ofHouses.set(house.db, made);
  return made;
}

function keepTexts(house: House): AuthoredTexts {
  const texts = new Map<string, Kept>();

  function forget(storyId: string): void {
    const kept = texts.get(storyId);
    if (!kept) return;
    clearTimeout(kept.timer);
    texts.delete(storyId);
    kept.text.doc.destroy();
  }

  /** What was followed is kept in the store, where it was much. */
  function retire(storyId: string): void {
    const kept = texts.get(storyId);
    forget(storyId);
    if (!kept || kept.text.logSeq - kept.text.savedSeq < worthKeeping) return;
    saveAuthorship(house.db, storyId, kept.text).catch((error: unknown) => {
      house.log.warn({ err: error, storyId }, "authors not kept; they will be followed again");
    });
  }

  function keepLonger(storyId: string, kept: Kept): void {
    clearTimeout(kept.timer);
    kept.timer = setTimeout(() => retire(storyId), forgetAfterMs).unref();
  }

  async function whole(q: Queries, storyId: string): Promise<FollowedText | null> {
    const text = await readAuthored(q, storyId);
    if (!text) return null;
    const before = texts.get(storyId);
    if (before && before.text.logSeq > text.logSeq) return before.text;
    forget(storyId);
    const kept: Kept = { text };
    texts.set(storyId, kept);
    keepLonger(storyId, kept);
    return text;
  }

  async function newest(q: Queries, storyId: string): Promise<FollowedText | null> {
    const kept = texts.get(storyId);
    if (!kept) return whole(q, storyId);
    const isStill = () => texts.get(storyId) === kept;
    try {
      // A transaction that began before another reader followed the log sees less than is kept.
      const isNewest = ((await logSeqOf(q, storyId)) ?? 0) <= kept.text.logSeq;
      if (!isNewest && !(await followNewer(q, storyId, kept.text, isStill))) return await whole(q, storyId);
    } catch (error) {
      if (isStill()) forget(storyId); // half followed
      throw error;
    }
    if (isStill()) keepLonger(storyId, kept);
    return kept.text;
  }

  return {
    read: async (q, storyId, look) => {
      const text = await newest(q, storyId);
      return text && look(fieldsOf(text));
    },
  };
}

const readings = new WeakMap<
  FollowedText,
  { readonly logSeq: number; readonly read: Map<Field, FieldText> }
>();

function fieldsOf(text: FollowedText): AuthoredFields {
  const { doc, authorship, logSeq } = text;
  const known = readings.get(text);
  const read = known?.logSeq === logSeq ? known.read : new Map<Field, FieldText>();
  readings.set(text, { logSeq, read });
  return {
    logSeq,
    authorship,
    field: (name) => {
      const field = read.get(name) ?? fieldText(doc.getXmlFragment(name));
      read.set(name, field);
      return field;
    },
  };
}

/**
 * [WF6] The committed text with its authors, to be kept with a version, and the words that its newest updates changed;
 * null when there is none.
 */
export async function writtenTextOf(
  tx: Tx,
  storyId: string,
): Promise<{ readonly written: WrittenText; readonly words: FollowedText["words"] } | null> {
  const text = await readAuthored(tx, storyId, inOneGo);
  if (!text) return null;
  const written = writtenText(fieldsOf(text).field, text.authorship);
  text.doc.destroy();
  return { written, words: text.words };
}
