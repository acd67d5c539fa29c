import { bigint, integer, jsonb, pgTable, primaryKey, text, timestamp } from "drizzle-orm/pg-core";
import type { KeptAuthors } from "@/domain/body/authorship-words";
import type { Version } from "@/domain/versions/version";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";

/** [WF6] A kept state of the text and its claims. */
export const versions = pgTable(
  "versions",
  {
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    n: integer().notNull(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    by: text("by_id").references(() => people.id),
    why: jsonb().$type<Version["why"]>().notNull(),
    logSeq: bigint("log_seq", { mode: "number" }).notNull(),
    content: jsonb().$type<Version["content"]>().notNull(),
    dateline: jsonb().$type<Version["dateline"]>().notNull(),
    byline: jsonb().$type<Version["byline"]>().notNull(),
    contentHash: text("content_hash").notNull(),
    wordCount: integer("word_count").notNull(),
    authors: jsonb().$type<Version["authors"]>().notNull(),
    claims: jsonb().$type<Version["claims"]>().notNull(),
    /** [BO8] Whose the words are, so that a restore gives them back; null where the text read otherwise by then. */
    written: jsonb().$type<KeptAuthors>(),
  },
  (t) => [primaryKey({ columns: [t.storyId, t.n] })],
);
