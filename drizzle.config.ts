/**
 * Migrations are generated from every server capability's tables. After a change to one:
 *
 *     npx drizzle-kit generate --name what-changed
 *
 * and commit the new file in server/store/migrations with the tables. What tables cannot say (triggers) is written by
 * hand: `npx drizzle-kit generate --custom --name what-it-does`. A migration that has been released is never edited.
 */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./server/**/*-tables.ts",
  out: "./server/store/migrations",
});
