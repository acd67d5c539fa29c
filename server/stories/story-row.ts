/**
 * A story's row, for whoever works under its lock: what the rights ask of it, the lock itself, and the few things
 * that other capabilities write on it. Everything else about stories is asked of the operations.
 *
 * Lock order: the story's row first, the record's chain last, directly before the commit.
 */
import { and, eq, gt, inArray, isNull, lte, max, or, sql } from "drizzle-orm";
import type { StoryFacts } from "@/domain/people/rights";
import type { Dateline, Story } from "@/domain/stories/story";
import type { Queries, Tx } from "../store/db";
import { stories, storyPeople, storyTexts, storyWriters } from "./story-tables";

/** What the rights ask, and what the story is called. */
export type KnownStory = StoryFacts & { readonly id: string; readonly slug: string };

/** The row as it stands until the transaction ends. */
export type LockedStory = KnownStory & {
  readonly lang: Story["lang"];
  readonly dateline: Dateline;
  readonly byline: readonly string[];
  /** ISO 8601, or null. */
  readonly deadline: string | null;
  /** [BO7] The number of the last stored update of its text. */
  readonly logSeq: number;
  /** [RE1] The number up to which the record holds them. */
  readonly recordedSeq: number;
};

const namedOn = sql`array(select ${storyPeople.personId} from ${storyPeople}
  where ${storyPeople.storyId} = ${stories.id} order by 1)`;
const writersOf = sql`array(select ${storyWriters.personId} from ${storyWriters}
  where ${storyWriters.storyId} = ${stories.id} order by ${storyWriters.firstAt}, 1)`;

/** The columns of what the rights ask; whoever wrote first comes first. */
export const facts = {
  id: stories.id,
  slug: stories.slug,
  status: stories.status,
  private: stories.private,
  startedBy: stories.startedBy,
  // Wrapped once more: the query builder would take the table's name off the columns otherwise.
  people: sql<string[]>`${namedOn}`,
  writers: sql<string[]>`${writersOf}`,
};

/** Null when there is no such story. Whoever acts on the answer asks the rights, `read-story` first. */
export async function storyFacts(q: Queries, storyId: string): Promise<KnownStory | null> {
  return (await factsOf(q, [storyId])).get(storyId) ?? null;
}

/** The same of several; those that are gone are left out. */
export async function factsOf(
  q: Queries,
  storyIds: readonly string[],
): Promise<ReadonlyMap<string, KnownStory>> {
  if (storyIds.length === 0) return new Map();
  const rows = await q
    .select(facts)
    .from(stories)
    .where(inArray(stories.id, [...storyIds]));
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same asked again and again: one statement, prepared once. */
export function factsBy(
  q: Queries,
): (storyIds: readonly string[]) => Promise<ReadonlyMap<string, KnownStory>> {
  const statement = q
    .select(facts)
    .from(stories)
    .where(sql`${stories.id} = any(${sql.placeholder("ids")})`)
    .prepare("story_facts_by");
  return async (ids) => new Map((await statement.execute({ ids })).map((row) => [row.id, row]));
}

/** Locks the story's row until the transaction ends; null when there is no such story. */
export async function lockStory(tx: Tx, storyId: string): Promise<LockedStory | null> {
  const [lock] = await tx
    .select({ id: stories.id })
    .from(stories)
    .where(eq(stories.id, storyId))
    .for("update");
  if (!lock) return null;
  // A statement of its own: one that had to wait for the lock would see people and writers as before the wait.
  const [row] = await tx
    .select({
      ...facts,
      lang: stories.lang,
      datelinePlace: stories.datelinePlace,
      datelineDate: stories.datelineDate,
      byline: stories.byline,
      deadline: stories.deadline,
      logSeq: stories.logSeq,
      recordedSeq: stories.recordedSeq,
    })
    .from(stories)
    .where(eq(stories.id, storyId));
  if (!row) return null;
  const { datelinePlace, datelineDate, deadline, ...rest } = row;
  return {
    ...rest,
    dateline: { place: datelinePlace, date: datelineDate ?? "" },
    deadline: deadline?.toISOString() ?? null,
  };
}

/** What stands beside the text and is part of its content hash; null when there is no such story. */
export async function storyDetails(q: Queries, storyId: string): Promise<StoryDetails | null> {
  return (await detailsOf(q, [storyId])).get(storyId) ?? null;
}

/** [BO7] This person wrote in the story's text; kept beside the log, outlives its compaction. */
export async function noteWriter(
  tx: Tx,
  { storyId, personId, at }: { readonly storyId: string; readonly personId: string; readonly at: Date },
): Promise<void> {
  await tx
    .insert(storyWriters)
    .values({ storyId, personId, firstAt: at, lastAt: at })
    .onConflictDoUpdate({ target: [storyWriters.storyId, storyWriters.personId], set: { lastAt: at } });
}

/** Only under the story's lock. `by` is null for the server's own. */
export async function setStatus(
  tx: Tx,
  {
    storyId,
    status,
    by,
    at,
  }: {
    readonly storyId: string;
    readonly status: StoryFacts["status"];
    readonly by: string | null;
    readonly at: Date;
  },
): Promise<void> {
  await tx.update(stories).set({ status, updatedAt: at, updatedBy: by }).where(eq(stories.id, storyId));
}

/** Says who changed the story last and, when its text grew, the number of its last stored update. */
export async function touchStory(
  tx: Tx,
  {
    storyId,
    by,
    at,
    logSeq,
  }: {
    readonly storyId: string;
    readonly by: string | null;
    readonly at: Date;
    readonly logSeq?: number | undefined;
  },
): Promise<void> {
  await tx
    .update(stories)
    .set({ updatedAt: at, updatedBy: by, ...(logSeq === undefined ? {} : { logSeq }) })
    .where(eq(stories.id, storyId));
}

/** The number of the last stored update, where it changed nothing that anybody wrote. Only under the story's lock. */
export async function noteLogSeq(
  tx: Tx,
  { storyId, logSeq }: { readonly storyId: string; readonly logSeq: number },
): Promise<void> {
  await tx.update(stories).set({ logSeq }).where(eq(stories.id, storyId));
}

/** [RE1] How far the text's log reaches and how much of it is in the record; null when there is no such story. */
export async function recordedOf(
  q: Queries,
  storyId: string,
): Promise<{ readonly logSeq: number; readonly recordedSeq: number } | null> {
  const [row] = await q
    .select({ logSeq: stories.logSeq, recordedSeq: stories.recordedSeq })
    .from(stories)
    .where(eq(stories.id, storyId));
  return row ?? null;
}

/** Only under the story's lock, in the transaction that records them. */
export async function noteRecorded(
  tx: Tx,
  { storyId, recordedSeq }: { readonly storyId: string; readonly recordedSeq: number },
): Promise<void> {
  await tx.update(stories).set({ recordedSeq }).where(eq(stories.id, storyId));
}

/** Stories with updates that are not in the record and were not written in since; the longest left alone first. */
export async function unrecordedStories(
  q: Queries,
  { since, atMost }: { readonly since: Date; readonly atMost: number },
): Promise<readonly string[]> {
  const rows = await q
    .select({ id: stories.id })
    .from(stories)
    .where(and(gt(stories.logSeq, stories.recordedSeq), lte(stories.updatedAt, since)))
    .orderBy(stories.updatedAt)
    .limit(atMost);
  return rows.map(({ id }) => id);
}

/** All stories by their ids, some at a time: those after this one. */
export async function storiesAfter(
  q: Queries,
  { after, atMost }: { readonly after: string; readonly atMost: number },
): Promise<
  readonly {
    readonly id: string;
    readonly slug: string;
    readonly logSeq: number;
    readonly recordedSeq: number;
  }[]
> {
  return q
    .select({ id: stories.id, slug: stories.slug, logSeq: stories.logSeq, recordedSeq: stories.recordedSeq })
    .from(stories)
    .where(gt(stories.id, after))
    .orderBy(stories.id)
    .limit(atMost);
}

/** The number of the last stored update of the story's text; null when there is no such story. */
export async function logSeqOf(q: Queries, storyId: string): Promise<number | null> {
  return (await logSeqsOf(q, [storyId])).get(storyId) ?? null;
}

/** The numbers of the last stored updates of these stories' texts. */
export async function logSeqsOf(
  q: Queries,
  storyIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (storyIds.length === 0) return new Map();
  const rows = await q
    .select({ id: stories.id, logSeq: stories.logSeq })
    .from(stories)
    .where(inArray(stories.id, [...storyIds]));
  return new Map(rows.map(({ id, logSeq }) => [id, logSeq]));
}

/** The stories that were changed within this time before the last change of any. */
export async function changedLately(q: Queries, withinMs: number): Promise<readonly string[]> {
  const last = q.select({ at: max(stories.updatedAt) }).from(stories);
  const rows = await q
    .select({ id: stories.id })
    .from(stories)
    .where(gt(stories.updatedAt, sql`(${last}) - make_interval(secs => ${withinMs / 1000})`));
  return rows.map((row) => row.id);
}

/** What the desk shows of a text: made from it whenever it or the details in its hash changed. */
export type StoryTextProjection = {
  readonly storyId: string;
  /** The log number it was made from. */
  readonly logSeq: number;
  readonly headline: string;
  readonly standfirst: string;
  readonly text: string;
  readonly wordCount: number;
  readonly contentHash: string;
};

/** What of a story beside its text is part of its content hash. */
export type StoryDetails = Pick<LockedStory, "dateline" | "byline">;

/** Those of these stories that there are. */
export async function detailsOf(
  q: Queries,
  storyIds: readonly string[],
): Promise<ReadonlyMap<string, StoryDetails>> {
  if (storyIds.length === 0) return new Map();
  const rows = await q
    .select({
      id: stories.id,
      place: stories.datelinePlace,
      date: stories.datelineDate,
      byline: stories.byline,
    })
    .from(stories)
    .where(inArray(stories.id, [...storyIds]));
  return new Map(
    rows.map(({ id, place, date, byline }) => [id, { dateline: { place, date: date ?? "" }, byline }]),
  );
}

/** What the desk shows of a text, and the details that it was made with. */
export type MadeText = StoryTextProjection & { readonly details: StoryDetails };

/**
 * Saves projections made with these details, in one statement, and gives the stories that it could do: not those whose
 * row somebody has locked or whose details are others by now. An older one never takes a newer one's place.
 */
export async function saveStoryTexts(q: Queries, made: readonly MadeText[]): Promise<readonly string[]> {
  if (made.length === 0) return [];
  const rows = JSON.stringify(
    made.map(({ details, ...text }) => ({
      ...text,
      place: details.dateline.place,
      date: details.dateline.date,
      byline: details.byline,
    })),
  );
  const { rows: saved } = await q.execute<{ id: string }>(sql`
    with made as (
      select * from jsonb_to_recordset(${rows}::jsonb) as t("storyId" text, "logSeq" bigint, headline text,
        standfirst text, text text, "wordCount" integer, "contentHash" text, place text, date text, byline jsonb)
    ), held as (
      select ${stories.id} as id from ${stories} join made on made."storyId" = ${stories.id}
      where ${stories.datelinePlace} = made.place and coalesce(${stories.datelineDate}::text, '') = made.date
        and ${stories.byline} = made.byline
      order by ${stories.id} for no key update of ${stories} skip locked
    ), saved as (
      insert into ${storyTexts} (story_id, log_seq, headline, standfirst, text, word_count, content_hash)
      select "storyId", "logSeq", headline, standfirst, text, "wordCount", "contentHash"
      from made join held on held.id = made."storyId"
      on conflict (story_id) do update set log_seq = excluded.log_seq, headline = excluded.headline,
        standfirst = excluded.standfirst, text = excluded.text, word_count = excluded.word_count,
        content_hash = excluded.content_hash
        where ${storyTexts.logSeq} <= excluded.log_seq
    )
    select id from held`);
  return saved.map(({ id }) => id);
}

/** The stories whose projection is older than their text. */
export async function staleTexts(q: Queries): Promise<readonly string[]> {
  const rows = await q
    .select({ id: stories.id })
    .from(stories)
    .leftJoin(storyTexts, eq(storyTexts.storyId, stories.id))
    .where(and(gt(stories.logSeq, 0), or(isNull(storyTexts.logSeq), gt(stories.logSeq, storyTexts.logSeq))));
  return rows.map(({ id }) => id);
}

/** Puts the projection in the place of the one before. */
export async function saveStoryText(tx: Tx, projection: StoryTextProjection): Promise<void> {
  const { storyId: _, ...set } = projection;
  await tx.insert(storyTexts).values(projection).onConflictDoUpdate({ target: storyTexts.storyId, set });
}
