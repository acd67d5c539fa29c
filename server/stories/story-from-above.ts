/** What stories ask of capabilities above them: handed in where the newsroom is wired. */
import type { BodyNode, StoryContent } from "@/domain/body/content";
import type { HashedContent } from "@/domain/body/content-hash";
import type { Person } from "@/domain/people/person";
import type { DeskStory, Named, Story, StoryStart } from "@/domain/stories/story";
import type { Queries, Tx } from "../store/db";

export type StoryFromAbove = {
  /** The blocks of a body brought in some format: only what the document's schema knows. */
  readonly bodyOf: (brought: NonNullable<StoryStart["body"]>) => readonly BodyNode[];
  /** The first words of a new story, in the name of who started it; saves the projection too. */
  readonly startText: (
    tx: Tx,
    given: {
      readonly storyId: string;
      readonly person: Person | null;
      readonly content: StoryContent;
      readonly at: Date;
    },
  ) => Promise<void>;
  /** The committed text; null when the story has none. */
  readonly textOf: (
    q: Queries,
    storyId: string,
  ) => Promise<{ readonly content: StoryContent; readonly logSeq: number } | null>;
  /** By story id; a story without claims may be left out. */
  readonly claimCounts: (
    q: Queries,
    storyIds: readonly string[],
  ) => Promise<ReadonlyMap<string, DeskStory["claims"]>>;
  /** Person ids by story id: to whom claims of the story are assigned. */
  readonly assigneesOf: (
    q: Queries,
    storyIds: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
  readonly approvalOf: (q: Queries, storyId: string) => Promise<Story["approval"]>;
  readonly lapsedOf: (q: Queries, storyId: string) => Promise<Story["lapsed"]>;
  readonly publicationOf: (q: Queries, storyId: string) => Promise<Story["publication"]>;
  /** Who has the story open now. */
  readonly here: (storyId: string) => readonly Named[];
  /**
   * [WF2] Dateline and byline are part of the content hash: called under the story's lock, only while the story is
   * approved and only when they changed, so that the approval lapses in the same transaction.
   */
  readonly whenDetailsChange: (
    tx: Tx,
    change: {
      readonly storyId: string;
      readonly by: string;
      readonly at: Date;
      readonly before: HashedContent;
      readonly after: HashedContent;
    },
  ) => Promise<unknown>;
};
