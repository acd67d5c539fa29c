import {
  bigint,
  boolean,
  date,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import { people } from "../people/people-tables";

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

export const stories = pgTable("stories", {
  id: text().primaryKey(),
  slug: text().notNull().unique(),
  status: text({ enum: ["draft", "checking", "approved", "published", "spiked"] })
    .notNull()
    .default("draft"),
  lang: text({ enum: ["en", "de", "sr", "bs", "sq"] })
    .notNull()
    .default("en"),
  datelinePlace: text("dateline_place").notNull().default(""),
  datelineDate: date("dateline_date"),
  byline: jsonb().$type<readonly string[]>().notNull(),
  deadline: instant("deadline"),
  private: boolean().notNull().default(false),
  startedBy: text("started_by")
    .notNull()
    .references(() => people.id),
  createdAt: instant("created_at").notNull().defaultNow(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
  updatedBy: text("updated_by").references(() => people.id),
  /** [BO7] The number of the last stored update of its text; grows under this row's lock. */
  logSeq: bigint("log_seq", { mode: "number" }).notNull().default(0),
  /** [RE1] The updates up to this number are in the record; grows under this row's lock. */
  recordedSeq: bigint("recorded_seq", { mode: "number" }).notNull().default(0),
});

/** Who is named on a story. */
export const storyPeople = pgTable(
  "story_people",
  {
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
  },
  (t) => [primaryKey({ columns: [t.storyId, t.personId] })],
);

/** What the desk shows of a story's text: a projection, made again from the text whenever it changed. */
export const storyTexts = pgTable("story_texts", {
  storyId: text("story_id")
    .primaryKey()
    .references(() => stories.id),
  /** The log number it was made from. */
  logSeq: bigint("log_seq", { mode: "number" }).notNull(),
  headline: text().notNull(),
  standfirst: text().notNull(),
  text: text().notNull(),
  wordCount: integer("word_count").notNull(),
  contentHash: text("content_hash").notNull(),
});

/** [BO7] Who wrote in a story: outlives compaction. */
export const storyWriters = pgTable(
  "story_writers",
  {
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    personId: text("person_id")
      .notNull()
      .references(() => people.id),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.storyId, t.personId] })],
);
