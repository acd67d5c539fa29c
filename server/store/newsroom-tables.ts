import { boolean, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** What a store knows of itself: exactly one row, written when the store is made. */
export const newsroom = pgTable("newsroom", {
  /** Always 1: there is one newsroom in a store. */
  id: integer().primaryKey(),
  /** [BO10] Changes only when a backup is restored. */
  epoch: text().notNull(),
  /** Has this store been given the demo newsroom? */
  demo: boolean().notNull(),
  /** Signs sessions where LINECHECK_SECRET is not given: made once, on an embedded store only. */
  secret: text(),
  /** Until then a process may be doing what it cannot tell the others, for it alone does not reach Redis. */
  cutOffUntil: timestamp("cut_off_until", { withTimezone: true, precision: 3 }),
});
