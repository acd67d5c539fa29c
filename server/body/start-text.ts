import * as Y from "yjs";
import { plainText, readContent, wholeText, type StoryContent } from "@/domain/body/content";
import { contentHash } from "@/domain/body/content-hash";
import { wordCount } from "@/domain/body/word-count";
import { writeContent } from "@/domain/body/write-content";
import type { Person } from "@/domain/people/person";
import type { Tx } from "../store/db";
import {
  lockStory,
  noteWriter,
  saveStoryText,
  touchStory,
  type StoryTextProjection,
} from "../stories/story-row";
import { newBlockId } from "./block-id";
import { appendToLog, bindClients } from "./log-store";

/**
 * The first words of a new story, in the name of the person (null: the server's own), as the first update of its log
 * under a fresh client id. Even an empty field gets its one paragraph, so that two people who begin at once do not
 * make two. Only words make someone a writer.
 */
export async function startText(
  tx: Tx,
  {
    storyId,
    person,
    content,
    at,
  }: {
    readonly storyId: string;
    readonly person: Person | null;
    readonly content: StoryContent;
    readonly at: Date;
  },
): Promise<void> {
  const story = await lockStory(tx, storyId);
  if (!story) throw new Error(`There is no story ${storyId} to start.`);
  if (story.logSeq !== 0) throw new Error(`Story ${storyId} has a text already.`);
  const doc = new Y.Doc();
  writeContent(doc, content, newBlockId);
  const written = readContent(doc);
  const personId = person?.id ?? null;
  await appendToLog(tx, storyId, [{ seq: 1, personId, at, update: Y.encodeStateAsUpdate(doc) }]);
  await bindClients(tx, { storyId, clientIds: [doc.clientID], personId, at });
  if (personId !== null && wordCount(wholeText(written)) > 0) await noteWriter(tx, { storyId, personId, at });
  await touchStory(tx, { storyId, by: personId, at, logSeq: 1 });
  await saveStoryText(tx, projectionOf(story, written, 1));
}

/** What the desk shows of the text at this log number. */
export function projectionOf(
  story: {
    readonly id: string;
    readonly dateline: { place: string; date: string };
    readonly byline: readonly string[];
  },
  content: StoryContent,
  logSeq: number,
): StoryTextProjection {
  return {
    storyId: story.id,
    logSeq,
    headline: plainText(content.headline),
    standfirst: plainText(content.standfirst),
    text: plainText(content.body),
    wordCount: wordCount(wholeText(content)),
    contentHash: contentHash({ content, dateline: story.dateline, byline: story.byline }),
  };
}
