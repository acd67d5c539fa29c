/** The SQL of versions. */
import { and, desc, eq, gte, sql } from "drizzle-orm";
import type { StoryContent } from "@/domain/body/content";
import type { Queries, Tx } from "../store/db";
import { versions } from "./version-tables";

export type VersionRow = typeof versions.$inferSelect;
/** A version without its text and claims. */
export type VersionHead = Omit<VersionRow, "content" | "claims" | "dateline" | "byline" | "written"> & {
  readonly headline: StoryContent["headline"];
};

/** The number of the next version; only under the story's lock. */
export async function nextVersion(tx: Tx, storyId: string): Promise<number> {
  const [row] = await tx
    .select({ last: sql<number>`coalesce(max(${versions.n}), 0)` })
    .from(versions)
    .where(eq(versions.storyId, storyId));
  return (row?.last ?? 0) + 1;
}

export async function insertVersion(tx: Tx, version: typeof versions.$inferInsert): Promise<void> {
  await tx.insert(versions).values(version);
}

/** Newest first. */
export async function versionHeads(q: Queries, storyId: string): Promise<readonly VersionHead[]> {
  return q
    .select({
      storyId: versions.storyId,
      n: versions.n,
      at: versions.at,
      by: versions.by,
      why: versions.why,
      logSeq: versions.logSeq,
      contentHash: versions.contentHash,
      wordCount: versions.wordCount,
      authors: versions.authors,
      headline: sql<StoryContent["headline"]>`${versions.content} -> 'headline'`,
    })
    .from(versions)
    .where(eq(versions.storyId, storyId))
    .orderBy(desc(versions.n));
}

/** Null when the story has no version of this number. */
export async function versionRow(q: Queries, storyId: string, n: number): Promise<VersionRow | null> {
  const [row] = await q
    .select()
    .from(versions)
    .where(and(eq(versions.storyId, storyId), eq(versions.n, n)));
  return row ?? null;
}

/** Is there a version from this log number on that was kept at such a turning point? */
export async function isTurnedSince(
  q: Queries,
  { storyId, since }: { readonly storyId: string; readonly since: number },
): Promise<boolean> {
  const isTurningPoint = sql`(${versions.why} ->> 'cause' in ('restore', 'import')
    or ${versions.why} ->> 'to' in ('approved', 'published'))`;
  const found = await q.$count(
    versions,
    and(eq(versions.storyId, storyId), gte(versions.logSeq, since), isTurningPoint),
  );
  return found > 0;
}
