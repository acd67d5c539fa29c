import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import { lockStory } from "../stories/story-row";
import { keptVersion } from "../versions/read-versions";
import { insertPublication } from "./publication-store";

/**
 * [WF4] Puts out a version as it was kept, under the story's slug, as a row of its own; recorded. Whether it may be is
 * the move's to ask, under the story's lock. Throws when there is no such version or the story is public already.
 */
export async function publishVersion(
  tx: Tx,
  given: {
    readonly storyId: string;
    readonly version: number;
    readonly approvedBy: string;
    readonly publishedBy: string;
    readonly at: Date;
  },
): Promise<void> {
  const { storyId, version, approvedBy, publishedBy, at } = given;
  const story = await lockStory(tx, storyId);
  const kept = await keptVersion(tx, storyId, version);
  if (!story || !kept) {
    throw new Error(
      `Version ${String(version)} of story ${storyId} was to be published, which is not there.`,
    );
  }
  const { content, dateline, byline, contentHash } = kept;
  await insertPublication(tx, {
    id: `${storyId}-${String(version)}`,
    storyId,
    slug: story.slug,
    version,
    lang: story.lang,
    content,
    dateline,
    byline,
    contentHash,
    approvedBy,
    publishedBy,
    publishedAt: at,
  });
  const detail = { slug: story.slug, version, contentHash, approvedBy };
  await recordAct(tx, { act: "published", personId: publishedBy, storyId, detail }, at);
}
