/** Versions as whoever may see the story reads them. */
import { plainText, type StoryContent } from "@/domain/body/content";
import type { Person } from "@/domain/people/person";
import { mayOnStory, type MissingRight } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { Dateline, Named } from "@/domain/stories/story";
import type { StoryRefusal } from "@/domain/stories/story-refusals";
import type { Version, VersionDiff, VersionLine } from "@/domain/versions/version";
import { contentDiff } from "@/domain/versions/version-diff";
import type { VersionRefusal } from "@/domain/versions/version-refusals";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import type { Queries } from "../store/db";
import { storyDetails, storyFacts } from "../stories/story-row";
import { isTurnedSince, versionHeads, versionRow, type VersionHead, type VersionRow } from "./version-store";

type ReadRefusal = Refusal<MissingRight | Extract<StoryRefusal, "no-such-story"> | VersionRefusal>;

async function maySeeVersions(
  house: House,
  person: Person,
  storyId: string,
): Promise<true | Refusal<MissingRight | Extract<StoryRefusal, "no-such-story">>> {
  const story = await storyFacts(house.db, storyId);
  return story ? mayOnStory(person, "read-story", story) : { refused: "no-such-story" };
}

/** Newest first. */
export async function listVersions(
  house: House,
  person: Person,
  storyId: string,
): Promise<readonly VersionLine[] | ReadRefusal> {
  const may = await maySeeVersions(house, person, storyId);
  if (isRefused(may)) return may;
  const heads = await versionHeads(house.db, storyId);
  const names = await namesOf(
    house.db,
    heads.flatMap(({ by }) => by ?? []),
  );
  return heads.map((head) => versionLine(head, names));
}

/** One version whole; refused when this story has none of the number, whatever another story has. */
export async function readVersion(
  house: House,
  person: Person,
  storyId: string,
  n: number,
): Promise<Version | ReadRefusal> {
  const may = await maySeeVersions(house, person, storyId);
  if (isRefused(may)) return may;
  const row = await versionRow(house.db, storyId, n);
  if (!row) return { refused: "no-such-version" };
  const names = await namesOf(house.db, row.by === null ? [] : [row.by]);
  const { content, dateline, byline, claims } = row;
  return {
    ...versionLine({ ...row, headline: content.headline }, names),
    content,
    dateline,
    byline: [...byline],
    claims: [...claims],
  };
}

/**
 * [BO11] Was the story restored, approved or published at or after this log number? Unsent changes from before are
 * offered then and not merged in silence.
 */
export async function hasMovedOn(
  q: Queries,
  story: { readonly storyId: string; readonly since: number },
): Promise<boolean> {
  return isTurnedSince(q, story);
}

export type KeptVersion = Omit<VersionRow, "storyId">;

/** A version as it was kept, asked by the server itself: no right is asked here. Null when there is none. */
export async function keptVersion(q: Queries, storyId: string, n: number): Promise<KeptVersion | null> {
  return versionRow(q, storyId, n);
}

type State = {
  readonly content: StoryContent;
  readonly dateline: Dateline;
  readonly byline: readonly string[];
};
export type TextOf = (q: Queries, storyId: string) => Promise<{ readonly content: StoryContent } | null>;

/** Where version `b`, or the working text, differs from version `a`. */
export async function compareVersions(
  house: House,
  textOf: TextOf,
  person: Person,
  storyId: string,
  { a, b }: Pick<VersionDiff, "a" | "b">,
): Promise<VersionDiff | ReadRefusal> {
  const may = await maySeeVersions(house, person, storyId);
  if (isRefused(may)) return may;
  const before = await versionRow(house.db, storyId, a);
  const after =
    b === "now" ? await workingState(house, textOf, storyId) : await versionRow(house.db, storyId, b);
  if (!before || !after) return { refused: "no-such-version" };
  return {
    a,
    b,
    blocks: [...contentDiff(before.content, after.content)],
    dateline: wasNow(datelineText(before), datelineText(after)),
    byline: wasNow(before.byline.join(", "), after.byline.join(", ")),
  };
}

/** As of one moment; whoever writes meanwhile is not held up. */
async function workingState(house: House, textOf: TextOf, storyId: string): Promise<State | null> {
  return house.db.transaction(
    async (tx) => {
      const details = await storyDetails(tx, storyId);
      const text = await textOf(tx, storyId);
      return details && text && { content: text.content, ...details };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

const datelineText = ({ dateline }: State) => [dateline.place, dateline.date].filter(Boolean).join(", ");
const wasNow = (was: string, now: string) => (was === now ? null : { was, now });

function versionLine(head: VersionHead, names: ReadonlyMap<string, Named>): VersionLine {
  return {
    n: head.n,
    at: head.at.toISOString(),
    by: head.by === null ? null : (names.get(head.by) ?? { id: head.by, name: "" }),
    why: head.why,
    contentHash: head.contentHash,
    headline: plainText(head.headline),
    wordCount: head.wordCount,
    authors: [...head.authors],
  };
}
