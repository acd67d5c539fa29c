import { plainText, type StoryContent } from "@/domain/body/content";
import type { Person } from "@/domain/people/person";
import { mayOnStory, type MissingRight } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { StoryChange } from "@/domain/stories/story";
import type { StoryRefusal } from "@/domain/stories/story-refusals";
import type { VersionRefusal } from "@/domain/versions/version-refusals";
import { noteRestore } from "../body/authors-of";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import type { Queries, Tx } from "../store/db";
import type { ChangeRefusal } from "../stories/change-story";
import { lockStory, storyFacts } from "../stories/story-row";
import { keepVersionOfText, type AroundTheText } from "./keep-version";
import { versionRow } from "./version-store";

export type ForRestore = AroundTheText & {
  /** The committed text, as the transaction sees it. */
  readonly textOf: (
    q: Queries,
    storyId: string,
  ) => Promise<{ readonly content: StoryContent; readonly logSeq: number } | null>;
  /**
   * A forward edit through the story's room, in the person's name; `inCommit` stands or falls with it, and runs
   * before the edit is stored.
   */
  readonly replaceText: (
    storyId: string,
    person: Person,
    content: StoryContent,
    inCommit: (tx: Tx) => Promise<void>,
  ) => Promise<{ readonly logSeq: number } | Refusal<"may-not-write-text" | "no-such-story">>;
  /** Dateline and byline beside the text, with whatever that brings about, in the same transaction. */
  readonly changeDetails: (
    tx: Tx,
    change: {
      readonly person: Person;
      readonly storyId: string;
      readonly details: Pick<StoryChange, "dateline" | "byline">;
      readonly at: Date;
    },
  ) => Promise<true | ChangeRefusal>;
};

type RestoreRefusal =
  Refusal<MissingRight | Extract<StoryRefusal, "no-such-story"> | VersionRefusal> | ChangeRefusal;

/** Takes the edit back with everything done in its transaction. */
class DetailsRefused extends Error {
  constructor(readonly refusal: ChangeRefusal) {
    super(`the details were refused: ${refusal.refused}`);
  }
}

/**
 * [WF6] Brings a version's text, dateline and byline back as a forward edit: the log goes on, the claims are healed,
 * an approval lapses. [BO9] What stood there is kept as a version first; its number is given.
 */
export async function restoreVersion(
  house: House,
  below: ForRestore,
  person: Person,
  storyId: string,
  n: number,
): Promise<{ readonly keptAs: number } | RestoreRefusal> {
  const known = await storyFacts(house.db, storyId);
  if (!known) return { refused: "no-such-story" };
  const may = mayOnStory(person, "restore-version", known);
  if (isRefused(may)) return may;
  const version = await versionRow(house.db, storyId, n);
  if (!version) return { refused: "no-such-version" };

  let keptAs = 0;
  const at = house.now();
  const { dateline, byline } = version;
  const inCommit = async (tx: Tx) => {
    const story = await lockStory(tx, storyId);
    const text = await below.textOf(tx, storyId);
    if (!story || !text) throw new Error(`Story ${storyId} lost its text while a version was restored.`);
    const why = { cause: "restore", of: n } as const;
    keptAs = await keepVersionOfText(tx, below, { storyId, by: person.id, why, at, ...text });
    if (version.written) {
      const { headline, standfirst, body } = version.content;
      const texts = {
        headline: plainText(headline),
        standfirst: plainText(standfirst),
        body: plainText(body),
      };
      const restore = { storyId, afterSeq: text.logSeq, personId: person.id };
      await noteRestore(tx, { ...restore, texts, authors: version.written });
    }
    const detail = { version: n, contentHash: version.contentHash, keptAs };
    await recordAct(tx, { act: "version-restored", personId: person.id, storyId, detail }, at);
    const details = { dateline, byline: [...byline] };
    const changed = await below.changeDetails(tx, { person, storyId, details, at });
    if (isRefused(changed)) throw new DetailsRefused(changed);
  };
  const edited = await below
    .replaceText(storyId, person, version.content, inCommit)
    .catch((error: unknown) => {
      if (error instanceof DetailsRefused) return error.refusal;
      throw error;
    });
  if (isRefused(edited)) return (await lostRight(house, person, storyId)) ?? edited;
  house.bus.emit({ type: "story", storyId });
  house.bus.emit({ type: "versions", storyId });
  return { keptAs };
}

/** Which right was lost between asking for it and the edit: the room knows only that the text may not be written. */
async function lostRight(house: House, person: Person, storyId: string): Promise<RestoreRefusal | null> {
  const story = await storyFacts(house.db, storyId);
  const may = story && mayOnStory(person, "restore-version", story);
  return may && isRefused(may) ? may : null;
}
