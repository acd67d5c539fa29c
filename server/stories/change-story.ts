import { contentHash } from "@/domain/body/content-hash";
import type { Person } from "@/domain/people/person";
import { mayOnStory, type MissingRight } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import { oneLine } from "@/domain/body/one-line";
import { canonicalJson } from "@/domain/record/canonical-json";
import type { StoryRefusal } from "@/domain/stories/story-refusals";
import type { StoryChange } from "@/domain/stories/story";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import type { StoryFromAbove } from "./story-from-above";
import { lockStory, saveStoryText, type LockedStory } from "./story-row";
import { isSlugTaken, saveDetails, savePeople, storyTextOf } from "./story-store";

export type ChangeRefusal = Refusal<
  MissingRight | Extract<StoryRefusal, "no-such-story" | "slug-taken" | "slug-frozen" | "no-such-person">
>;
type FromAbove = Pick<StoryFromAbove, "textOf" | "whenDetailsChange">;

/**
 * Changes what stands beside the text; what is the same already changes nothing and is not recorded.
 * [WF5] A slug in use, or any other after publication, is refused. [PE1] Privacy and the people named are a right of
 * their own. [WF2] Another dateline or byline is another content hash: an approval lapses in the same transaction.
 */
export async function changeStory(
  house: House,
  above: FromAbove,
  person: Person,
  storyId: string,
  given: StoryChange,
): Promise<{ readonly id: string } | ChangeRefusal> {
  const at = house.now();
  const answer = await refusingTakenSlug(() =>
    house.db.transaction((tx) => changeLocked(tx, above, { person, storyId, given: cleaned(given), at })),
  );
  if (isRefused(answer)) return answer;
  if (answer.changed.length > 0) house.bus.emit({ type: "story", storyId });
  // An approval may have lapsed, with a version kept.
  if (answer.changed.some((field) => field === "dateline" || field === "byline")) {
    house.bus.emit({ type: "versions", storyId });
  }
  if (answer.changed.some((field) => field === "private" || field === "people")) {
    house.bus.emit({ type: "rights-changed", storyId });
  }
  return { id: storyId };
}

/**
 * Dateline and byline as above, in a transaction that changes the text as well: whoever opened it emits the events.
 * True when nothing was refused.
 */
export async function changeDetailsIn(
  tx: Tx,
  above: FromAbove,
  change: {
    readonly person: Person;
    readonly storyId: string;
    readonly details: Pick<StoryChange, "dateline" | "byline">;
    readonly at: Date;
  },
): Promise<true | ChangeRefusal> {
  const { details, ...rest } = change;
  const answer = await changeLocked(tx, above, { ...rest, given: details });
  return isRefused(answer) ? answer : true;
}

async function changeLocked(
  tx: Tx,
  above: FromAbove,
  change: {
    readonly person: Person;
    readonly storyId: string;
    readonly given: StoryChange;
    readonly at: Date;
  },
): Promise<{ readonly changed: readonly string[] } | ChangeRefusal> {
  const { person, storyId, given, at } = change;
  const story = await lockStory(tx, storyId);
  if (!story) return { refused: "no-such-story" };
  const may = mayChange(person, story, given);
  if (isRefused(may)) return may;
  const { people, ...details } = given;
  if (details.slug !== undefined && (await isSlugTaken(tx, { slug: details.slug, exceptId: storyId }))) {
    return { refused: "slug-taken" };
  }
  const named = people && [...new Set(people)].sort();
  if (named && (await namesOf(tx, named)).size < named.length) return { refused: "no-such-person" };

  const changes = differences(story, { ...details, ...(named ? { people: named } : {}) });
  const changed = Object.keys(changes);
  if (changed.length === 0) return { changed };
  await saveDetails(tx, { storyId, by: person.id, at, details: defined(details) });
  if (named) await savePeople(tx, { storyId, people: named });
  if (changed.includes("dateline") || changed.includes("byline")) {
    await hashAnew(tx, above, { story, given, by: person.id, at });
  }
  await recordAct(
    tx,
    { act: "story-changed", personId: person.id, storyId, detail: { changes: { ...changes } } },
    at,
  );
  return { changed };
}

function mayChange(
  person: Person,
  story: LockedStory,
  given: StoryChange,
): true | Refusal<MissingRight | "slug-frozen"> {
  const may = mayOnStory(person, "read-story", story);
  if (isRefused(may)) return may;
  const { private: isPrivate, people, ...rest } = given;
  // The slug that it has already changes nothing and asks for no right.
  const { slug, ...others } = rest;
  const details = slug === story.slug ? others : rest;
  if (isPrivate !== undefined || people !== undefined) {
    const maySetPrivacy = mayOnStory(person, "set-privacy", story);
    if (isRefused(maySetPrivacy)) return maySetPrivacy;
  }
  if (Object.values(details).every((value) => value === undefined)) return true;
  const mayEdit = mayOnStory(person, "edit-details", story);
  const isFrozen = story.status === "published" && slug !== undefined && slug !== story.slug;
  if (isRefused(mayEdit) && mayEdit.refused === "published-is-read-only" && isFrozen) {
    return { refused: "slug-frozen" };
  }
  return mayEdit;
}

/** [BO13][WF2] Dateline and byline are part of the content hash. */
async function hashAnew(
  tx: Tx,
  above: FromAbove,
  change: {
    readonly story: LockedStory;
    readonly given: StoryChange;
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  const { story, given, by, at } = change;
  const text = await above.textOf(tx, story.id);
  const projection = await storyTextOf(tx, story.id);
  if (!text) return;
  const before = { content: text.content, dateline: story.dateline, byline: [...story.byline] };
  const after = {
    content: text.content,
    dateline: given.dateline ?? before.dateline,
    byline: given.byline ?? before.byline,
  };
  if (projection) await saveStoryText(tx, { ...projection, contentHash: contentHash(after) });
  if (story.status !== "approved") return;
  await above.whenDetailsChange(tx, { storyId: story.id, by, at, before, after });
}

type Change = { readonly was: unknown; readonly now: unknown };

/** What is given and differs, for the record. */
function differences(story: LockedStory, given: StoryChange): Readonly<Record<string, Change>> {
  const was = {
    slug: story.slug,
    dateline: story.dateline,
    byline: story.byline,
    lang: story.lang,
    deadline: story.deadline,
    private: story.private,
    people: story.people,
  };
  const changes: Record<string, Change> = {};
  for (const field of Object.keys(was) as (keyof typeof was)[]) {
    const now = given[field];
    if (now === undefined || canonicalJson(now) === canonicalJson(was[field])) continue;
    changes[field] = { was: was[field], now };
  }
  return changes;
}

function cleaned(given: StoryChange): StoryChange {
  return {
    ...given,
    ...(given.dateline && {
      dateline: { place: oneLine(given.dateline.place), date: given.dateline.date },
    }),
    ...(given.byline && { byline: given.byline.map(oneLine).filter((name) => name !== "") }),
    ...(given.deadline && { deadline: new Date(given.deadline).toISOString() }),
  };
}

type Defined<Given> = { [Key in keyof Given]?: Exclude<Given[Key], undefined> };

/** Without the fields that are given as undefined: those stay as they are. */
function defined<Given extends object>(given: Given): Defined<Given> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Defined<Given>;
}

/** Two stories that reach for one slug in the same moment: the store lets one have it. */
async function refusingTakenSlug<Answer>(
  act: () => Promise<Answer>,
): Promise<Answer | Refusal<"slug-taken">> {
  try {
    return await act();
  } catch (error) {
    if (isUniqueViolation(error)) return { refused: "slug-taken" };
    throw error;
  }
}

function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "23505" && "table" in error) return error.table === "stories";
  return isUniqueViolation(error.cause);
}
