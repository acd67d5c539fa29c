/** One transaction of a story's room: [BO1] what it stores, others may see; what it refuses, nobody does. */
import * as Y from "yjs";
import { readContent, wholeText, type StoryContent } from "@/domain/body/content";
import type { HashedContent } from "@/domain/body/content-hash";
import { isSweep, mayBeSweep, removedLately, type Removal } from "@/domain/body/sweep";
import { wordCount } from "@/domain/body/word-count";
import type { Person } from "@/domain/people/person";
import { mayOnStory } from "@/domain/people/rights";
import type { VersionCause } from "@/domain/versions/version";
import type { House } from "../house";
import { personById } from "../people/known-people";
import type { Queries, Tx } from "../store/db";
import { lockStory, noteLogSeq, noteWriter, touchStory } from "../stories/story-row";
import { appendToLog, bindClients, docOf, landedAlready, partsOf } from "./log-store";

/** What the capabilities above do in the room's transactions and say of a story's past. */
export type BodyHooks = {
  /**
   * [WF2] Called under the story's lock, only while it is approved, before a change of its content is stored.
   * `by` is the writer, null for the server itself.
   */
  readonly whenContentChanges: (
    tx: Tx,
    change: {
      readonly storyId: string;
      readonly by: string | null;
      readonly at: Date;
      readonly before: HashedContent;
      readonly after: HashedContent;
    },
  ) => Promise<unknown>;
  /** [BO9] Called under the story's lock before a sweeping change is stored; gives the version's number. */
  readonly keepVersion: (
    tx: Tx,
    given: {
      readonly storyId: string;
      readonly by: string | null;
      readonly why: VersionCause;
      readonly at: Date;
      readonly content: StoryContent;
      readonly logSeq: number;
    },
  ) => Promise<number>;
  /** [BO11] Was the story restored, approved or published at or after this log number? */
  readonly hasMovedOn: (
    q: Queries,
    story: { readonly storyId: string; readonly since: number },
  ) => Promise<boolean>;
};

/** Updates of one person, one after the other; null: the server's own. */
export type Stretch = {
  readonly personId: string | null;
  readonly update: Uint8Array;
  /** [BO5] Client ids that the store does not know yet. */
  readonly clients: readonly number[];
  /** They change more than the ids of blocks. */
  readonly changes: boolean;
};

export type Batch = {
  readonly storyId: string;
  readonly stretches: readonly Stretch[];
  /** Who wrote them, as their connections know them. */
  readonly writers: ReadonlyMap<string, Person>;
  /** [BO9] What was taken away within the last two seconds, this batch included, where it may be a sweep. */
  readonly removals: readonly Removal[];
  /** It leaves blocks where editors would delete them: a version is kept first. */
  readonly nestsBadly: boolean;
  /** Runs in the same transaction, before anything is stored. */
  readonly inCommit?: ((tx: Tx) => Promise<void>) | undefined;
};

export type Swept = { readonly personId: string; readonly version: number };

/** What became of a batch; where anything was refused, nothing of it was stored. */
export type Committed =
  | {
      readonly stored: true;
      /** [BO7] The numbers of its first and last row; others may have stored before it. */
      readonly firstSeq: number;
      readonly logSeq: number;
      readonly swept: readonly Swept[];
      /** A version was kept or the approval was asked to lapse. */
      readonly moved: boolean;
    }
  /** The story is gone. */
  | { readonly gone: true }
  /** These people may not write (any more). */
  | { readonly denied: ReadonlySet<string | null> }
  /** [BO5] These client ids belong to somebody else. */
  | { readonly foreign: ReadonlySet<number> };

class Rollback extends Error {
  constructor(readonly answer: Committed) {
    super("rolled back");
  }
}

/** `isTriedAgain`: it may have been stored at this moment already, by a commit whose answer was lost. */
type Try = { readonly at: Date; readonly isTriedAgain: boolean };

/** Stores it in a transaction of its own. Throws when the store does not answer, and what `inCommit` throws. */
export async function commitBatch(
  house: House,
  hooks: BodyHooks,
  batch: Batch,
  given: Try,
): Promise<Committed> {
  try {
    return await house.db.transaction((tx) => commitIn(tx, hooks, batch, given));
  } catch (error) {
    if (error instanceof Rollback) return error.answer;
    throw error;
  }
}

async function commitIn(
  tx: Tx,
  hooks: BodyHooks,
  batch: Batch,
  { at, isTriedAgain }: Try,
): Promise<Committed> {
  const { storyId, stretches, nestsBadly } = batch;
  let story = await lockStory(tx, storyId);
  if (!story) return { gone: true };
  // Under the lock: a commit that was cut off may run on until it lets go of it.
  const landed = isTriedAgain ? await landedAlready(tx, batch, at) : undefined;
  if (landed) return { stored: true, ...landed, swept: [], moved: true };
  const writers = [...new Set(stretches.map(({ personId }) => personId))];
  const denied = new Set<string | null>();
  for (const id of writers) {
    const person = id === null ? null : await activePerson(tx, id);
    const may = person ? mayOnStory(person, "write-text", story) === true : id === null;
    if (!may || story.status === "published") denied.add(id);
  }
  if (denied.size > 0) return { denied };

  if (batch.inCommit) {
    await batch.inCommit(tx);
    // Its dateline, byline and approval may be others now.
    story = (await lockStory(tx, storyId)) ?? story;
  }
  const isLookedAt = story.status === "approved" || nestsBadly || batch.removals.length > 0;
  const parts = isLookedAt ? await partsOf(tx, storyId) : [];
  const texts = isLookedAt ? textsAround(parts, stretches) : undefined;
  const isChanged = texts
    ? JSON.stringify(texts.before) !== JSON.stringify(texts.after)
    : stretches.some(({ changes }) => changes);
  const authors = isChanged ? writers.filter((id) => id !== null) : [];
  const [firstWriter = null] = writers.filter((id) => id !== null);
  const swept = texts ? await keepWhatIsSwept(tx, hooks, batch, { at, parts, after: texts.after }) : [];
  if (texts && nestsBadly && swept.length === 0 && isChanged) {
    const state = { content: texts.before, logSeq: story.logSeq };
    await hooks.keepVersion(tx, { storyId, by: firstWriter, why: { cause: "sweep" }, at, ...state });
  }
  const lapses = texts !== undefined && isChanged && story.status === "approved";
  if (lapses) {
    const { dateline, byline } = story;
    await hooks.whenContentChanges(tx, {
      storyId,
      by: firstWriter,
      at,
      before: { content: texts.before, dateline, byline },
      after: { content: texts.after, dateline, byline },
    });
  }

  const firstSeq = story.logSeq + 1;
  const logSeq = story.logSeq + stretches.length;
  await appendToLog(
    tx,
    storyId,
    stretches.map(({ personId, update }, index) => ({ seq: firstSeq + index, personId, at, update })),
  );
  for (const { personId, clients } of stretches) {
    const foreign = await bindClients(tx, { storyId, clientIds: clients, personId, at });
    if (foreign.size > 0) throw new Rollback({ foreign: new Set(foreign.keys()) });
  }
  for (const personId of authors) await noteWriter(tx, { storyId, personId, at });
  if (isChanged) await touchStory(tx, { storyId, by: authors.at(-1) ?? null, at, logSeq });
  else await noteLogSeq(tx, { storyId, logSeq });
  return { stored: true, firstSeq, logSeq, swept, moved: lapses || swept.length > 0 || nestsBadly };
}

type Parts = Awaited<ReturnType<typeof partsOf>>;

/** The text as the log has it, and as it is with these updates. */
function textsAround(
  parts: Parts,
  stretches: readonly Stretch[],
): { readonly before: StoryContent; readonly after: StoryContent } {
  const doc = docOf(parts);
  const before = readContent(doc);
  for (const { update } of stretches) Y.applyUpdate(doc, update);
  const after = readContent(doc);
  doc.destroy();
  return { before, after };
}

/** [BO9] */
async function keepWhatIsSwept(
  tx: Tx,
  hooks: BodyHooks,
  { storyId, stretches, removals }: Batch,
  { at, parts, after }: { readonly at: Date; readonly parts: Parts; readonly after: StoryContent },
): Promise<readonly Swept[]> {
  if (removals.length === 0) return [];
  const now = wordCount(wholeText(after));
  const swept: Swept[] = [];
  for (const personId of new Set(stretches.map((stretch) => stretch.personId))) {
    const lately = personId === null ? undefined : removedLately(personId, removals, at.getTime());
    if (personId === null || !lately || !mayBeSweep(lately.words)) continue;
    const { content, logSeq } = textAt(parts, lately.logSeq);
    const before = wordCount(wholeText(content));
    if (!isSweep({ removed: lately.words, before, now })) continue;
    const why = { cause: "sweep" } as const;
    const version = await hooks.keepVersion(tx, { storyId, by: personId, why, at, content, logSeq });
    swept.push({ personId, version });
  }
  return swept;
}

/** The text at this log number; as early after it as the log still tells. */
function textAt(parts: Parts, logSeq: number): { readonly content: StoryContent; readonly logSeq: number } {
  const until = parts.filter((part, index) => index === 0 || part.seq <= logSeq);
  const doc = docOf(until);
  const content = readContent(doc);
  doc.destroy();
  return { content, logSeq: until.at(-1)?.seq ?? 0 };
}

async function activePerson(tx: Tx, id: string): Promise<Person | null> {
  const person = await personById(tx, id);
  return person?.active ? person : null;
}
