/** The SQL of stories that nobody else asks. */
import { and, desc, eq, ilike, inArray, like, ne, or, sql, type SQL } from "drizzle-orm";
import type { StoryFacts } from "@/domain/people/rights";
import type { Dateline, Story } from "@/domain/stories/story";
import type { Queries, Tx } from "../store/db";
import { facts, type KnownStory } from "./story-row";
import { stories, storyPeople, storyTexts } from "./story-tables";

/** The slugs that begin like this one: the taken ones among its numbered followers. */
export async function slugsLike(q: Queries, slug: string): Promise<ReadonlySet<string>> {
  const rows = await q
    .select({ slug: stories.slug })
    .from(stories)
    .where(or(eq(stories.slug, slug), like(stories.slug, `${slug}-%`)));
  return new Set(rows.map((row) => row.slug));
}

export async function isSlugTaken(
  q: Queries,
  { slug, exceptId }: { readonly slug: string; readonly exceptId: string },
): Promise<boolean> {
  return (await q.$count(stories, and(eq(stories.slug, slug), ne(stories.id, exceptId)))) > 0;
}

/** False when the slug is in use: nothing was inserted. */
export async function insertStory(
  tx: Tx,
  story: {
    readonly id: string;
    readonly slug: string;
    readonly lang: Story["lang"];
    readonly dateline: Dateline;
    readonly byline: readonly string[];
    readonly startedBy: string;
    readonly at: Date;
  },
): Promise<boolean> {
  const { dateline, startedBy, at, ...rest } = story;
  const rows = await tx
    .insert(stories)
    .values({
      ...rest,
      ...datelineColumns(dateline),
      startedBy,
      createdAt: at,
      updatedAt: at,
      updatedBy: startedBy,
    })
    .onConflictDoNothing({ target: stories.slug })
    .returning({ id: stories.id });
  return rows.length === 1;
}

const datelineColumns = ({ place, date }: Dateline) => ({
  datelinePlace: place,
  datelineDate: date === "" ? null : date,
});

/** What stands beside the text, as `PATCH` changes it; a field left out stays. */
export type StoryDetails = {
  readonly slug?: string;
  readonly lang?: Story["lang"];
  readonly dateline?: Dateline;
  readonly byline?: readonly string[];
  readonly deadline?: string | null;
  readonly private?: boolean;
};

export async function saveDetails(
  tx: Tx,
  given: { readonly storyId: string; readonly by: string; readonly at: Date; readonly details: StoryDetails },
): Promise<void> {
  const { dateline, deadline, ...rest } = given.details;
  await tx
    .update(stories)
    .set({
      ...rest,
      ...(dateline ? datelineColumns(dateline) : {}),
      ...(deadline === undefined ? {} : { deadline: deadline === null ? null : new Date(deadline) }),
      updatedAt: given.at,
      updatedBy: given.by,
    })
    .where(eq(stories.id, given.storyId));
}

/** Names exactly these people on the story. */
export async function savePeople(
  tx: Tx,
  { storyId, people }: { readonly storyId: string; readonly people: readonly string[] },
): Promise<void> {
  await tx.delete(storyPeople).where(eq(storyPeople.storyId, storyId));
  if (people.length === 0) return;
  await tx.insert(storyPeople).values(people.map((personId) => ({ storyId, personId })));
}

/** A story with what the desk shows of its text. */
export type StoryRow = KnownStory & {
  readonly lang: Story["lang"];
  readonly dateline: Dateline;
  readonly byline: readonly string[];
  readonly deadline: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly updatedBy: string | null;
  readonly logSeq: number;
  readonly headline: string;
  readonly wordCount: number;
};

const rowColumns = {
  ...facts,
  lang: stories.lang,
  datelinePlace: stories.datelinePlace,
  datelineDate: stories.datelineDate,
  byline: stories.byline,
  deadline: stories.deadline,
  createdAt: stories.createdAt,
  updatedAt: stories.updatedAt,
  updatedBy: stories.updatedBy,
  logSeq: stories.logSeq,
  headline: sql<string>`coalesce(${storyTexts.headline}, '')`,
  wordCount: sql<number>`coalesce(${storyTexts.wordCount}, 0)`,
};

type ReadRow = Omit<StoryRow, "dateline" | "deadline"> & {
  readonly datelinePlace: string;
  readonly datelineDate: string | null;
  readonly deadline: Date | null;
};

function storyRow({ datelinePlace, datelineDate, deadline, ...row }: ReadRow): StoryRow {
  return {
    ...row,
    dateline: { place: datelinePlace, date: datelineDate ?? "" },
    deadline: deadline?.toISOString() ?? null,
  };
}

/** Everyone's stories that match, last changed first: who may see which is the caller's to ask. */
export async function findStories(
  q: Queries,
  filter: {
    readonly statuses?: readonly StoryFacts["status"][] | undefined;
    readonly words: readonly string[];
  },
): Promise<readonly StoryRow[]> {
  const rows = await q
    .select(rowColumns)
    .from(stories)
    .leftJoin(storyTexts, eq(storyTexts.storyId, stories.id))
    .where(
      and(
        filter.statuses ? inArray(stories.status, [...filter.statuses]) : undefined,
        ...filter.words.map(holdsWord),
      ),
    )
    .orderBy(desc(stories.updatedAt), desc(stories.id));
  return rows.map(storyRow);
}

/** In headline, standfirst, text, slug, place or byline, whatever the case. */
function holdsWord(word: string): SQL | undefined {
  const pattern = `%${word.replace(/[\\%_]/g, "\\$&")}%`;
  return or(
    ilike(storyTexts.headline, pattern),
    ilike(storyTexts.standfirst, pattern),
    ilike(storyTexts.text, pattern),
    ilike(stories.slug, pattern),
    ilike(stories.datelinePlace, pattern),
    sql`exists (select 1 from jsonb_array_elements_text(${stories.byline}) as one(name) where name ilike ${pattern})`,
  );
}

export async function storyById(q: Queries, storyId: string): Promise<StoryRow | null> {
  const [row] = await q
    .select(rowColumns)
    .from(stories)
    .leftJoin(storyTexts, eq(storyTexts.storyId, stories.id))
    .where(eq(stories.id, storyId));
  return row ? storyRow(row) : null;
}

/** The projection of its text; null when there is none yet. */
export async function storyTextOf(
  q: Queries,
  storyId: string,
): Promise<typeof storyTexts.$inferSelect | null> {
  const [row] = await q.select().from(storyTexts).where(eq(storyTexts.storyId, storyId));
  return row ?? null;
}
