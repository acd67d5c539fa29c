import { bigint, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { KeptAuthors } from "@/domain/body/authorship-words";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";
import { bytes } from "./body-tables";

/** [BO8] Who wrote which words, at this log number: followed from the log, so that compaction may delete its rows. */
export const storyAuthorship = pgTable("story_authorship", {
  storyId: text("story_id")
    .primaryKey()
    .references(() => stories.id),
  logSeq: bigint("log_seq", { mode: "number" }).notNull(),
  data: bytes().notNull(),
});

/** [BO8] An earlier text that the next updates of this person bring back, with its authors. Gone once it was followed. */
export const storyRestores = pgTable(
  "story_restores",
  {
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    /** The log number before the restore. */
    afterSeq: bigint("after_seq", { mode: "number" }).notNull(),
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    /** The plain text of the fields. */
    texts: jsonb().$type<{ headline: string; standfirst: string; body: string }>().notNull(),
    authors: jsonb().$type<KeptAuthors>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.storyId, t.afterSeq] })],
);
