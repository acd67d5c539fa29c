/**
 * Committed texts of the stories being worked on, kept in memory for a minute: marking a claim or healing then costs
 * what is new of the log, not the whole of it.
 */
import { and, asc, eq, gt } from "drizzle-orm";
import * as Y from "yjs";
import { fields, type Field } from "@/domain/body/anchor-state";
import { fieldText, type FieldText } from "@/domain/body/plain-text";
import type { House } from "../house";
import { logSeqOf } from "../stories/story-row";
import type { Queries } from "../store/db";
import { storyUpdates } from "./body-tables";
import { docOf, partsOf } from "./log-store";

/** The fields of a committed text as they read at one moment. */
export type TextFields = {
  /** [BO7] The number of the last update in it. */
  readonly logSeq: number;
  readonly field: (name: Field) => FieldText;
};

/** Fields of a document that was read anew for this. */
export function fieldsOf({ doc, logSeq }: { readonly doc: Y.Doc; readonly logSeq: number }): TextFields {
  const read = new Map<Field, FieldText>();
  return {
    logSeq,
    field: (name) => {
      const known = read.get(name) ?? fieldText(doc.getXmlFragment(name));
      read.set(name, known);
      return known;
    },
  };
}

const forgetAfterMs = 60_000;

type Kept = { readonly doc: Y.Doc; fields: TextFields; timer?: NodeJS.Timeout };

export type CommittedTexts = {
  /**
   * The story's text as this transaction sees it committed; null when it has none. Under the story's lock nothing comes
   * after it. Not in a transaction that has written to the log itself: what is rolled back would stay.
   */
  readonly read: (q: Queries, storyId: string) => Promise<TextFields | null>;
  /** The next reading starts from the store. */
  readonly forget: (storyId: string) => void;
};

const ofHouses = new WeakMap<House["db"], CommittedTexts>();

/** One for each store, so that whoever reads a text leaves it to the next. */
export function committedTexts(house: House): CommittedTexts {
  const known = ofHouses.get(house.db);
  if (known) return known;
  const made = keepTexts();
  ofHouses.set(house.db, made);
  return made;
}

function keepTexts(): CommittedTexts {
  const texts = new Map<string, Kept>();

  function forget(storyId: string): void {
    const kept = texts.get(storyId);
    if (!kept) return;
    clearTimeout(kept.timer);
    texts.delete(storyId);
    kept.doc.destroy();
  }

  function keepLonger(storyId: string, kept: Kept): TextFields {
    clearTimeout(kept.timer);
    kept.timer = setTimeout(() => forget(storyId), forgetAfterMs).unref();
    return kept.fields;
  }

  /** Null when the log no longer joins on without a gap: it was compacted meanwhile. */
  async function withNewer(q: Queries, storyId: string, kept: Kept): Promise<TextFields | null> {
    const rows = await q
      .select({ seq: storyUpdates.seq, update: storyUpdates.update })
      .from(storyUpdates)
      .where(and(eq(storyUpdates.storyId, storyId), gt(storyUpdates.seq, kept.fields.logSeq)))
      .orderBy(asc(storyUpdates.seq));
    if (texts.get(storyId) !== kept) return null;
    // Another reader may have applied some of them while this one waited for the store.
    const fresh = rows.filter(({ seq }) => seq > kept.fields.logSeq);
    const last = fresh.at(-1);
    if (!last) return rows.length > 0 ? kept.fields : null;
    if (last.seq - kept.fields.logSeq !== fresh.length) return null;
    try {
      kept.doc.transact(() => {
        for (const { update } of fresh) Y.applyUpdate(kept.doc, update);
      }, "log");
    } catch (error) {
      forget(storyId); // half applied
      throw error;
    }
    // Read at once: the document goes on, these fields are of this moment.
    kept.fields = readNow(kept.doc, last.seq);
    return kept.fields;
  }

  async function whole(q: Queries, storyId: string): Promise<TextFields | null> {
    const parts = await partsOf(q, storyId);
    const last = parts.at(-1);
    if (!last) return null;
    const doc = docOf(parts);
    const kept: Kept = { doc, fields: readNow(doc, last.seq) };
    const before = texts.get(storyId);
    if (before && before.fields.logSeq > last.seq) return kept.fields;
    forget(storyId);
    texts.set(storyId, kept);
    return keepLonger(storyId, kept);
  }

  return {
    forget,
    read: async (q, storyId) => {
      const kept = texts.get(storyId);
      if (!kept) return whole(q, storyId);
      const seq = await logSeqOf(q, storyId);
      if (texts.get(storyId) === kept) {
        if (seq === kept.fields.logSeq) return keepLonger(storyId, kept);
        const newer = await withNewer(q, storyId, kept);
        if (newer && texts.get(storyId) === kept) return keepLonger(storyId, kept);
      }
      return whole(q, storyId);
    },
  };
}

function readNow(doc: Y.Doc, logSeq: number): TextFields {
  const read = fieldsOf({ doc, logSeq });
  for (const name of fields) read.field(name);
  return read;
}
