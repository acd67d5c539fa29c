import { index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** By whom, when, of exactly which content hash. At most one of a story has no `ended_at`. */
export const approvals = pgTable(
  "approvals",
  {
    id: text().primaryKey(),
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    contentHash: text("content_hash").notNull(),
    version: integer().notNull(),
    by: text("by_id")
      .notNull()
      .references(() => people.id),
    at: instant("at").notNull(),
    endedAt: instant("ended_at"),
    ended: text({ enum: ["lapsed", "withdrawn", "sent-back", "spiked", "published"] }),
    /** Who ended it: for a lapse, the writer of the words that did it. */
    endedBy: text("ended_by").references(() => people.id),
    /** [WF2] The words that made it lapse. */
    lapsedWas: text("lapsed_was"),
    lapsedNow: text("lapsed_now"),
  },
  (t) => [index("approvals_story").on(t.storyId)],
);
