/** The SQL of publications. */
import { desc, eq } from "drizzle-orm";
import type { Queries, Tx } from "../store/db";
import { publications } from "./publishing-tables";

export type PublicationRow = typeof publications.$inferSelect;

export async function insertPublication(tx: Tx, row: typeof publications.$inferInsert): Promise<void> {
  await tx.insert(publications).values(row);
}

export async function publicationByStory(q: Queries, storyId: string): Promise<PublicationRow | null> {
  const [row] = await q.select().from(publications).where(eq(publications.storyId, storyId));
  return row ?? null;
}

export async function publicationBySlug(q: Queries, slug: string): Promise<PublicationRow | null> {
  const [row] = await q.select().from(publications).where(eq(publications.slug, slug));
  return row ?? null;
}

/** Newest first. */
export async function newestPublications(q: Queries, limit: number): Promise<readonly PublicationRow[]> {
  return q.select().from(publications).orderBy(desc(publications.publishedAt)).limit(limit);
}
