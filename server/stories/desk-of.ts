import type { Person } from "@/domain/people/person";
import { maySee } from "@/domain/people/rights";
import type { DeskStory, Story } from "@/domain/stories/story";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import type { StoryFromAbove } from "./story-from-above";
import { findStories } from "./story-store";

export type DeskFilter = {
  readonly statuses?: readonly Story["status"][] | undefined;
  /** Words that must all be there, whatever the case, in headline, standfirst, text, slug, place or byline. */
  readonly q?: string | undefined;
  /** A person id: stories in which a claim is assigned to them. */
  readonly assignee?: string | undefined;
};

const maxSearchedWords = 10;

/** The stories that this person may see and that match, last changed first: one query a table, however many. */
export async function deskOf(
  house: House,
  above: Pick<StoryFromAbove, "claimCounts" | "assigneesOf" | "here">,
  person: Person,
  filter: DeskFilter = {},
): Promise<readonly DeskStory[]> {
  const words = (filter.q ?? "").trim().split(/\s+/).filter(Boolean).slice(0, maxSearchedWords);
  const found = await findStories(house.db, { statuses: filter.statuses, words });
  const visible = found.filter((story) => maySee(person, story));
  const ids = visible.map((story) => story.id);
  if (ids.length === 0) return [];
  const [counts, assignees, names] = await Promise.all([
    above.claimCounts(house.db, ids),
    above.assigneesOf(house.db, ids),
    namesOf(
      house.db,
      visible.flatMap((story) => story.updatedBy ?? []),
    ),
  ]);
  return visible
    .filter((story) => !filter.assignee || assignees.get(story.id)?.includes(filter.assignee))
    .map((story) => ({
      id: story.id,
      slug: story.slug,
      status: story.status,
      headline: story.headline,
      dateline: story.dateline,
      byline: [...story.byline],
      lang: story.lang,
      deadline: story.deadline,
      private: story.private,
      wordCount: story.wordCount,
      claims: counts.get(story.id) ?? { total: 0, left: 0 },
      here: [...above.here(story.id)],
      assignees: [...(assignees.get(story.id) ?? [])],
      updatedAt: story.updatedAt.toISOString(),
      updatedBy: (story.updatedBy && names.get(story.updatedBy)) || null,
    }));
}
