import { integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Version } from "@/domain/versions/version";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";

/** [WF4] What is public: the approved version, a row of its own beside the working text. */
export const publications = pgTable("publications", {
  id: text().primaryKey(),
  storyId: text("story_id")
    .notNull()
    .unique()
    .references(() => stories.id),
  slug: text().notNull().unique(),
  version: integer().notNull(),
  lang: text().notNull(),
  content: jsonb().$type<Version["content"]>().notNull(),
  dateline: jsonb().$type<Version["dateline"]>().notNull(),
  byline: jsonb().$type<Version["byline"]>().notNull(),
  contentHash: text("content_hash").notNull(),
  approvedBy: text("approved_by")
    .notNull()
    .references(() => people.id),
  publishedBy: text("published_by")
    .notNull()
    .references(() => people.id),
  publishedAt: timestamp("published_at", { withTimezone: true, precision: 3 }).notNull(),
});
