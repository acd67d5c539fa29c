import { bigint, index, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** [RE1] Append-only (a trigger refuses UPDATE, DELETE and TRUNCATE); `seq` has no gaps. */
export const record = pgTable(
  "record",
  {
    seq: bigint({ mode: "number" }).primaryKey(),
    at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
    personId: text("person_id"),
    act: text().notNull(),
    storyId: text("story_id"),
    claimId: text("claim_id"),
    detail: jsonb().$type<Record<string, unknown>>().notNull(),
    prevHash: text("prev_hash").notNull(),
    hash: text().notNull(),
  },
  (t) => [index("record_story").on(t.storyId, t.seq), index("record_claim").on(t.claimId, t.seq)],
);
