/** What is public, for the newsroom and for the public. Nothing here reads a working text. */
import type { PublishedStory } from "@/domain/publishing/published-story";
import { Slug, type Story } from "@/domain/stories/story";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import type { Queries } from "../store/db";
import {
  newestPublications,
  publicationBySlug,
  publicationByStory,
  type PublicationRow,
} from "./publication-store";

/** Under which address, which version, when and by whom; null while the story is not public. */
export async function publicationOf(q: Queries, storyId: string): Promise<Story["publication"]> {
  const row = await publicationByStory(q, storyId);
  if (!row) return null;
  const { slug, version, contentHash, publishedBy } = row;
  const names = await namesOf(q, [publishedBy]);
  const by = names.get(publishedBy) ?? { id: publishedBy, name: "" };
  return { slug, version, at: row.publishedAt.toISOString(), by, contentHash };
}

/** For anyone; null when nothing is public under this slug, or when it is none. */
export async function publishedBySlug(house: House, given: string): Promise<PublishedStory | null> {
  const slug = Slug.safeParse(given).data;
  const row = slug === undefined ? null : await publicationBySlug(house.db, slug);
  return row && publishedStory(house, row);
}

/** For anyone, newest first. */
export async function newestPublished(house: House, limit: number): Promise<readonly PublishedStory[]> {
  return (await newestPublications(house.db, limit)).map((row) => publishedStory(house, row));
}

function publishedStory(house: House, row: PublicationRow): PublishedStory {
  const { slug, lang, content, dateline, byline } = row;
  return {
    slug,
    url: `${house.url}/read/${slug}`,
    // Stories have only these, and it was copied from one.
    lang: lang as PublishedStory["lang"],
    content,
    dateline,
    byline,
    publishedAt: row.publishedAt.toISOString(),
  };
}
