import {
  bigint,
  customType,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { asBuffer } from "../as-buffer";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => "bytea",
  toDriver: asBuffer,
});

/**
 * [BO1][BO7] The log: every stored update with its person; numbered in each story without a gap. Without foreign keys:
 * what writes it holds the story's row and asks for the person's anyway, and asked for again by the store, at every
 * letter, they were a fifth of what a commit costs.
 */
export const storyUpdates = pgTable(
  "story_updates",
  {
    storyId: text("story_id").notNull(),
    seq: bigint({ mode: "number" }).notNull(),
    /** Null: the server's own (seeded block ids). */
    personId: text("person_id"),
    at: instant("at").notNull(),
    update: bytes().notNull(),
  },
  (t) => [primaryKey({ columns: [t.storyId, t.seq] })],
);

/** The merged log up to `seq`; the rows it merged are gone. */
export const storySnapshots = pgTable("story_snapshots", {
  storyId: text("story_id")
    .primaryKey()
    .references(() => stories.id),
  seq: bigint({ mode: "number" }).notNull(),
  at: instant("at").notNull(),
  state: bytes().notNull(),
});

/** [BO5] A client id belongs, in one story, to one person. */
export const storyClients = pgTable(
  "story_clients",
  {
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    clientId: bigint("client_id", { mode: "number" }).notNull(),
    personId: text("person_id").references(() => people.id),
    at: instant("at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.storyId, t.clientId] })],
);

/** [AN1] An anchor belongs to an owner and lies beside the text, not in it. */
export const anchors = pgTable(
  "anchors",
  {
    id: text().primaryKey(),
    storyId: text("story_id")
      .notNull()
      .references(() => stories.id),
    ownerKind: text("owner_kind", { enum: ["claim"] }).notNull(),
    ownerId: text("owner_id").notNull(),
    field: text({ enum: ["headline", "standfirst", "body"] }).notNull(),
    relStart: bytes("rel_start"),
    relEnd: bytes("rel_end"),
    /** The words it stands for: those at creation, then those of the standing verdict. */
    quote: text().notNull(),
    prefix: text().notNull(),
    suffix: text().notNull(),
    blockId: text("block_id"),
    otherCopies: integer("other_copies").notNull(),
    state: text({ enum: ["anchored", "moved", "changed", "orphaned"] }).notNull(),
    /** UTF-16 offsets in the field's plain text at `log_seq`; null when orphaned. */
    start: integer(),
    end: integer(),
    /** The words there now; when orphaned, the last ones. */
    words: text().notNull(),
    /** The sentence around them now: for freshness. */
    sentence: text().notNull(),
    /** The log number it was last resolved at. */
    logSeq: bigint("log_seq", { mode: "number" }).notNull(),
  },
  (t) => [index("anchors_story").on(t.storyId), uniqueIndex("anchors_owner").on(t.ownerKind, t.ownerId)],
);
