import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Client } from "pg";
import { lockKeys } from "./lock-keys";

/** Beside this file; beside the sources when this file was bundled into dist/. */
const candidates = ["./migrations", "../server/store/migrations"];

export function migrationsFolder(): string {
  const found = candidates
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error("The store's migrations are missing beside the program.");
  return found;
}

export type StoreAge = "empty" | "older" | "same" | "newer";

/** Compares what this program knows with what the store has been through. Changes nothing. */
export async function ageOf(client: Client): Promise<StoreAge> {
  const db = drizzle(client);
  const { rows: tables } = await db.execute(sql`select to_regclass('drizzle.__drizzle_migrations') as name`);
  if (tables[0]?.["name"] == null) return "empty";
  const { rows } = await db.execute(
    sql`select coalesce(max(created_at), 0)::text as newest from drizzle.__drizzle_migrations`,
  );
  const applied = Number(rows[0]?.["newest"]);
  const known = Math.max(
    ...readMigrationFiles({ migrationsFolder: migrationsFolder() }).map((file) => file.folderMillis),
  );
  if (applied === 0) return "empty";
  if (applied === known) return "same";
  return applied > known ? "newer" : "older";
}

/**
 * Brings the store to this program's version, one process at a time. Says what it found; a store that a newer
 * version has migrated is left as it is.
 */
export const migrateStore = (client: Client): Promise<StoreAge> =>
  oneMigrates(client, () => bringToThisVersion(client));

/** Runs the work while no other process migrates. */
export async function oneMigrates<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query("select pg_advisory_lock($1)", [lockKeys.migrating]);
  try {
    return await work();
  } finally {
    await client.query("select pg_advisory_unlock($1)", [lockKeys.migrating]);
  }
}

/** Only within `oneMigrates`. */
export async function bringToThisVersion(client: Client): Promise<StoreAge> {
  const age = await ageOf(client);
  if (age === "empty" || age === "older") {
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder() });
  }
  return age;
}
