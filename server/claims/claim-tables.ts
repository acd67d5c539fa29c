import { bigserial, index, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
const person = (name: string) => text(name).references(() => people.id);

export const claims = pgTable(
  "claims",
  {
    id: text().primaryKey(),
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    kind: text().notNull(),
    importance: text().notNull(),
    origin: text().notNull(),
    note: text(),
    /** The words at creation; where they stand now is the anchor's. */
    quote: text().notNull(),
    markedBy: person("marked_by").notNull(),
    markedAt: instant("marked_at").notNull(),
    assigneeId: person("assignee_id"),
    removedBy: person("removed_by"),
    removedAt: instant("removed_at"),
    removedReason: text("removed_reason"),
  },
  (t) => [index("claims_story").on(t.storyId)],
);

/** [CL2] Append-only (a trigger refuses UPDATE and DELETE); the newest `n` stands. */
export const verdicts = pgTable(
  "verdicts",
  {
    n: bigserial({ mode: "number" }).primaryKey(),
    id: text().notNull().unique(),
    claimId: text("claim_id")
      .notNull()
      .references(() => claims.id),
    verdict: text().notNull(),
    rationale: text(),
    replacement: text(),
    words: text().notNull(),
    foldedWords: text("folded_words").notNull(),
    /** The sentence around the words as judged. */
    sentence: text().notNull(),
    foldVersion: integer("fold_version").notNull(),
    by: person("by_id").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [index("verdicts_claim").on(t.claimId)],
);

export const sources = pgTable("sources", {
  id: text().primaryKey(),
  type: text().notNull(),
  name: text().notNull(),
  url: text(),
  reliability: text(),
  origin: text(),
});

export const evidence = pgTable(
  "evidence",
  {
    n: bigserial({ mode: "number" }).primaryKey(),
    id: text().notNull().unique(),
    claimId: text("claim_id")
      .notNull()
      .references(() => claims.id),
    sourceId: text("source_id")
      .notNull()
      .references(() => sources.id),
    relation: text().notNull(),
    excerpt: text(),
    locator: text(),
    by: person("by_id").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [index("evidence_claim").on(t.claimId)],
);

export const comments = pgTable(
  "comments",
  {
    n: bigserial({ mode: "number" }).primaryKey(),
    id: text().notNull().unique(),
    claimId: text("claim_id")
      .notNull()
      .references(() => claims.id),
    replyTo: text("reply_to"),
    text: text().notNull(),
    by: person("by_id").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [index("comments_claim").on(t.claimId)],
);

/** [GT4] Appended, never altered; whether one still counts is derived from `folded_words` and `cause`. */
export const waivers = pgTable(
  "waivers",
  {
    n: bigserial({ mode: "number" }).primaryKey(),
    id: text().notNull().unique(),
    claimId: text("claim_id")
      .notNull()
      .references(() => claims.id),
    rule: text().notNull(),
    reason: text().notNull(),
    foldedWords: text("folded_words").notNull(),
    cause: text().notNull(),
    by: person("by_id").notNull(),
    at: instant("at").notNull(),
  },
  (t) => [index("waivers_claim").on(t.claimId)],
);
