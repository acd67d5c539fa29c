/** `linecheck backup FILE`: all that a newsroom needs to go on elsewhere, in one file, while people write. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { once } from "node:events";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Pool, PoolClient } from "pg";
import { backupFormat, filesFolder, leftOut, type End, type Header, type Line } from "./backup-format";
import type { Db } from "./db";
import { newsroom } from "./newsroom-tables";

const rowsAtOnce = 200;
const bytesAtOnce = 512 * 1024;

/**
 * Writes the file whole or not at all, readable by its owner alone. One moment of the store: what is committed later is
 * not in it. Gives what it holds.
 */
export async function writeBackup(
  { db, dataFolder, at }: { readonly db: Db; readonly dataFolder: string; readonly at: Date },
  path: string,
): Promise<End["end"]> {
  const unfinished = `${path}.unfinished`;
  await rm(unfinished, { force: true });
  const gzip = createGzip();
  const written = pipeline(gzip, createWriteStream(unfinished, { mode: 0o600, flags: "wx" }));
  const hash = createHash("sha256");
  const say = async (line: Header | Line | End): Promise<void> => {
    const text = `${JSON.stringify(line)}\n`;
    if (!("end" in line)) hash.update(text);
    if (!gzip.write(text)) await once(gzip, "drain");
  };
  try {
    const rows = await inOneMoment(db, (client) => sayTables(client, db, at, say));
    const files = await sayFiles(join(dataFolder, filesFolder), say);
    const end = { rows, files, sha256: hash.digest("hex") };
    await say({ end });
    gzip.end();
    await written;
    await chmod(unfinished, 0o600);
    await onDisk(unfinished);
    await rename(unfinished, path);
    await onDisk(dirname(path));
    return end;
  } catch (error) {
    gzip.destroy();
    await written.catch(() => undefined);
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function inOneMoment<T>(db: Db, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await db.$client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    return await work(client);
  } finally {
    await client.query("rollback").catch(() => undefined);
    client.release();
  }
}

async function sayTables(
  client: PoolClient,
  db: Db,
  at: Date,
  say: (line: Header | Line) => Promise<void>,
): Promise<number> {
  // The text that comes out goes in again the same.
  await client.query("set local datestyle = 'ISO'");
  await client.query("set local extra_float_digits = 3");
  await client.query("set local bytea_output = 'hex'");
  const [known] = await db.select().from(newsroom);
  if (!known) throw new Error("The store does not know itself.");
  const tables = await tablesOf(client);
  const { rows: versions } = await client.query<{ newest: string }>(
    "select max(created_at)::text as newest from drizzle.__drizzle_migrations",
  );
  await say({
    linecheck: "backup",
    format: backupFormat,
    schema: Number(versions[0]?.newest),
    epoch: known.epoch,
    demo: known.demo,
    at: at.toISOString(),
    tables,
  });
  let count = 0;
  for (const [place, { name, columns }] of tables.entries()) {
    const list = columns.map((column) => `"${column.name}"::text`).join(", ");
    await client.query(`declare rows no scroll cursor for select array[${list}] as row from "${name}"`);
    for (;;) {
      const { rows } = await client.query<{ row: (string | null)[] }>(
        `fetch ${String(rowsAtOnce)} from rows`,
      );
      for (const { row } of rows) await say(["row", place, row]);
      count += rows.length;
      if (rows.length < rowsAtOnce) break;
    }
    await client.query("close rows");
  }
  return count;
}

/** Every table that is not left out on purpose, those that others refer to first. */
export async function tablesOf(client: Pool | PoolClient): Promise<Header["tables"]> {
  const { rows: columns } = await client.query<{ table_name: string; name: string; type: string }>(
    `select c.relname as table_name, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
  );
  const { rows: references } = await client.query<{ table_name: string; refers_to: string }>(
    `select f.relname as table_name, t.relname as refers_to from pg_constraint k
     join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     join pg_namespace n on n.oid = f.relnamespace
     where k.contype = 'f' and n.nspname = 'public' and k.conrelid <> k.confrelid`,
  );
  const names = [...new Set(columns.map((column) => column.table_name))].filter((name) => !leftOut.has(name));
  const ordered: string[] = [];
  while (ordered.length < names.length) {
    const next = names.filter(
      (name) =>
        !ordered.includes(name) &&
        references.every(
          (one) => one.table_name !== name || leftOut.has(one.refers_to) || ordered.includes(one.refers_to),
        ),
    );
    if (next.length === 0) throw new Error("The tables refer to each other in a circle.");
    ordered.push(...next);
  }
  return ordered.map((name) => ({
    name,
    columns: columns
      .filter((column) => column.table_name === name)
      .map((column) => ({ name: column.name, type: column.type })),
  }));
}

async function sayFiles(folder: string, say: (line: Line) => Promise<void>): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.toSorted()) {
    await say(["file", relative(folder, file).split(sep).join("/"), (await stat(file)).size]);
    for await (const part of createReadStream(file, { highWaterMark: bytesAtOnce })) {
      // A file that is read without an encoding comes as bytes.
      await say(["bytes", (part as Buffer).toString("base64")]);
    }
  }
  return files.length;
}

async function onDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
