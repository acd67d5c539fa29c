import type * as Y from "yjs";
import { readContent, type StoryContent } from "@/domain/body/content";
import type { Queries } from "../store/db";
import { docOf, partsOf } from "./log-store";

/** A story's text as committed. */
export type StoredText = {
  readonly doc: Y.Doc;
  /** [BO7] The number of the last update in it. */
  readonly logSeq: number;
  readonly content: StoryContent;
};

/** The committed text of a story, read from the store; null when it has none. */
export async function readText(q: Queries, storyId: string): Promise<StoredText | null> {
  const parts = await partsOf(q, storyId);
  const last = parts.at(-1);
  if (!last) return null;
  const doc = docOf(parts);
  return { doc, logSeq: last.seq, content: readContent(doc) };
}
