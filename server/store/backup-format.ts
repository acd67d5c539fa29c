/**
 * The backup file: gzip over lines of JSON.
 *
 *     {"linecheck":"backup","format":1,"schema":…,"epoch":…,"demo":…,"at":…,"tables":[{"name","columns":[{"name","type"}]}]}
 *     ["row", the table's place in the list, the columns as PostgreSQL writes them, null for null]
 *     ["file", path, bytes in all] · ["bytes", base64]    uploaded files, in parts
 *     {"end":{"rows":…,"files":…,"sha256": of every line before, line feeds included}}
 */
import { z } from "zod";

export const backupFormat = 1;

export const Header = z.object({
  linecheck: z.literal("backup"),
  format: z.int(),
  /** The newest migration that the store had been through. */
  schema: z.int(),
  epoch: z.string(),
  demo: z.boolean(),
  at: z.iso.datetime(),
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.object({ name: z.string(), type: z.string() })) }),
  ),
});
export type Header = z.infer<typeof Header>;

export const Line = z.union([
  z.tuple([z.literal("row"), z.int(), z.array(z.string().nullable())]),
  z.tuple([z.literal("file"), z.string(), z.int()]),
  z.tuple([z.literal("bytes"), z.base64()]),
]);
export type Line = z.infer<typeof Line>;

export const End = z.object({
  end: z.object({ rows: z.int(), files: z.int(), sha256: z.string() }),
});
export type End = z.infer<typeof End>;

/** Left out on purpose: people sign in again, open links are made anew, and a store keeps its own name and secret. */
export const leftOut: ReadonlySet<string> = new Set(["sessions", "links", "verifications", "newsroom"]);
/** Where uploaded files lie, in the data folder: whatever is in it and below is in the backup. */
export const filesFolder = "files";
