import { contentHash } from "@/domain/body/content-hash";
import { plainText, wholeText, type StoryContent } from "@/domain/body/content";
import { wordCount } from "@/domain/body/word-count";
import type { Person } from "@/domain/people/person";
import { maySee } from "@/domain/people/rights";
import type { Named, Story } from "@/domain/stories/story";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import type { Queries } from "../store/db";
import type { StoryFromAbove } from "./story-from-above";
import { storyById, storyTextOf, type StoryRow } from "./story-store";

/** The whole story as committed in one moment; null when there is no such story for this person. */
export async function storyOf(
  house: House,
  above: Omit<StoryFromAbove, "startText" | "bodyOf" | "whenDetailsChange">,
  person: Person,
  storyId: string,
): Promise<Story | null> {
  return house.db.transaction(
    async (tx): Promise<Story | null> => {
      const story = await storyById(tx, storyId);
      if (!story || !maySee(person, story)) return null;
      const text = await committedText(tx, above, story);
      const counts = await above.claimCounts(tx, [storyId]);
      const assignees = await above.assigneesOf(tx, [storyId]);
      const approval = await above.approvalOf(tx, storyId);
      const lapsed = await above.lapsedOf(tx, storyId);
      const publication = await above.publicationOf(tx, storyId);
      const names = await namesOf(tx, [
        ...story.people,
        ...story.writers,
        story.startedBy,
        ...(story.updatedBy ? [story.updatedBy] : []),
      ]);
      const named = (id: string): Named => names.get(id) ?? { id, name: "" };
      return {
        id: story.id,
        slug: story.slug,
        status: story.status,
        lang: story.lang,
        dateline: story.dateline,
        byline: [...story.byline],
        deadline: story.deadline,
        private: story.private,
        ...text,
        claims: counts.get(storyId) ?? { total: 0, left: 0 },
        here: [...above.here(storyId)],
        assignees: [...(assignees.get(storyId) ?? [])],
        startedBy: named(story.startedBy),
        createdAt: story.createdAt.toISOString(),
        updatedAt: story.updatedAt.toISOString(),
        updatedBy: story.updatedBy === null ? null : named(story.updatedBy),
        authors: story.writers.map(named),
        people: story.people.map(named),
        approval,
        lapsed,
        publication,
        epoch: house.epoch,
      };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

type Text = Pick<Story, "headline" | "standfirst" | "text" | "wordCount" | "contentHash">;

/** The projection when it was made from the last stored update; else the text itself. */
async function committedText(
  q: Queries,
  above: Pick<StoryFromAbove, "textOf">,
  story: StoryRow,
): Promise<Text> {
  const projection = await storyTextOf(q, story.id);
  if (projection?.logSeq === story.logSeq) {
    const { headline, standfirst, text, contentHash } = projection;
    return { headline, standfirst, text, wordCount: projection.wordCount, contentHash };
  }
  const content: StoryContent = (await above.textOf(q, story.id))?.content ?? {
    headline: [],
    standfirst: [],
    body: [],
  };
  return {
    headline: plainText(content.headline),
    standfirst: plainText(content.standfirst),
    text: plainText(content.body),
    wordCount: wordCount(wholeText(content)),
    contentHash: contentHash({ content, dateline: story.dateline, byline: [...story.byline] }),
  };
}
