import { fields } from "@/domain/body/anchor-state";
import { keptAuthors, type KeptAuthors, type WrittenText } from "@/domain/body/authorship-words";
import { plainText, wholeText, type StoryContent } from "@/domain/body/content";
import { contentHash } from "@/domain/body/content-hash";
import { wordCount } from "@/domain/body/word-count";
import type { PlacedClaim } from "@/domain/claims/claim";
import type { Dateline, Named } from "@/domain/stories/story";
import { keptClaim } from "@/domain/versions/kept-claim";
import type { KeptClaim, VersionCause } from "@/domain/versions/version";
import { writtenTextOf } from "../body/authors-of";
import { editsToRecord, recordEdits } from "../body/record-edits";
import { namesOf } from "../people/known-people";
import { recordAct } from "../record/record-act";
import type { Queries, Tx } from "../store/db";
import { lockStory } from "../stories/story-row";
import { insertVersion, nextVersion } from "./version-store";

/**
 * [WF6] Keeps this state of the text and its claims as the story's next version and gives its number; recorded, after the
 * edits that it and whatever keeps it stand on (RE1).
 * Only under the story's lock. Once the transaction is committed, who opened it emits `versions`.
 */
export async function keepVersion(
  tx: Tx,
  given: {
    readonly storyId: string;
    /** Null: the server itself. */
    readonly by: string | null;
    readonly why: VersionCause;
    readonly at: Date;
    readonly content: StoryContent;
    readonly logSeq: number;
    readonly dateline: Dateline;
    readonly byline: readonly string[];
    readonly claims: readonly KeptClaim[];
    readonly authors: readonly Named[];
  },
): Promise<number> {
  const { storyId, by, why, at, content, logSeq, dateline } = given;
  const byline = [...given.byline];
  const n = await nextVersion(tx, storyId);
  const hash = contentHash({ content, dateline, byline });
  const text = await writtenTextOf(tx, storyId);
  await insertVersion(tx, {
    storyId,
    n,
    at,
    by,
    why,
    logSeq,
    content,
    dateline,
    byline,
    contentHash: hash,
    wordCount: wordCount(wholeText(content)),
    authors: [...given.authors],
    claims: [...given.claims],
    written: text && authorsOfText(text.written, content),
  });
  await recordEdits(tx, await editsToRecord(tx, { storyId, words: text?.words }), at);
  const detail = { version: n, contentHash: hash, logSeq, why: { ...why } };
  await recordAct(tx, { act: "version-kept", personId: by, storyId, detail }, at);
  return n;
}

/** Null where the committed text reads otherwise: what was swept away within the last seconds is kept as it was before. */
function authorsOfText(written: WrittenText, content: StoryContent): KeptAuthors | null {
  const isSame = fields.every((name) => written[name].text === plainText(content[name]));
  return isSame ? keptAuthors(written) : null;
}

/** What a version is made of beside the text, when the caller has only that. */
export type AroundTheText = {
  readonly claimsOf: (q: Queries, storyId: string) => Promise<readonly PlacedClaim[]>;
};

/** [WF6] The same, with details, authors and claims as the store has them now. Locks the story's row itself. */
export async function keepVersionOfText(
  tx: Tx,
  around: AroundTheText,
  given: {
    readonly storyId: string;
    readonly by: string | null;
    readonly why: VersionCause;
    readonly at: Date;
    readonly content: StoryContent;
    readonly logSeq: number;
  },
): Promise<number> {
  const story = await lockStory(tx, given.storyId);
  if (!story) throw new Error(`A version of story ${given.storyId} was to be kept, which is not there.`);
  const names = await namesOf(tx, story.writers);
  const claims = await around.claimsOf(tx, given.storyId);
  return keepVersion(tx, {
    ...given,
    dateline: story.dateline,
    byline: story.byline,
    claims: claims.map(keptClaim),
    authors: story.writers.map((id) => names.get(id) ?? { id, name: "" }),
  });
}
