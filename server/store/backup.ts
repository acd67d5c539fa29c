/** `linecheck backup FILE`: all that a newsroom needs to go on elsewhere, in one file, while people write. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, rmSync } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import type { PoolClient } from "pg";
import { backupFormat, filesFolder, leftOut, type End, type Header, type Line } from "./backup-format";
import type { Db, Queries } from "./db";
import { newsroom } from "./newsroom-tables";
import { fileErrorOf } from "./refuse-store";

/** A row can be a whole story: few are fetched at once, and fewer where they are large. */
const mostRowsAtOnce = 64;
const bytesAtOnce = 512 * 1024;
const fetchedBytesAtOnce = 4 * 1024 * 1024;

type Source = { readonly db: Db; readonly dataFolder: string; readonly at: Date };

/**
 * Writes the file whole or not at all, readable by its owner alone. One moment of the store: what is committed later is
 * not in it. Gives what it holds.
 */
export async function writeBackup(source: Source, path: string): Promise<End["end"]> {
  const unfinished = join(dirname(path), `.${basename(path)}.${randomUUID()}.unfinished`);
  const forgetSignals = withoutRemains(unfinished);
  try {
    const file = createWriteStream(unfinished, { flags: "wx", mode: 0o600 });
    const end = await streamBackup(source, file);
    await onDisk(unfinished);
    await rename(unfinished, path);
    await onDisk(dirname(path));
    return end;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  } finally {
    forgetSignals();
  }
}

/** The same to a stream, which is ended unless it is standard output. */
export async function streamBackup(source: Source, to: Writable): Promise<End["end"]> {
  const hash = createHash("sha256");
  let rows = 0;
  let files = 0;
  let end: End["end"] | undefined;
  async function* texts(): AsyncGenerator<string> {
    for await (const line of linesOf(source)) {
      const text = `${JSON.stringify(line)}\n`;
      hash.update(text);
      if (Array.isArray(line) && line[0] === "row") rows += 1;
      if (Array.isArray(line) && line[0] === "file") files += 1;
      yield text;
    }
    end = { rows, files, sha256: hash.digest("hex") };
    const last: End = { end };
    yield `${JSON.stringify(last)}\n`;
  }
  await pipeline(texts, createGzip(), to, { end: to !== process.stdout });
  if (!end) throw new Error("The backup ended before its end.");
  return end;
}

async function* linesOf({ db, dataFolder, at }: Source): AsyncGenerator<Header | Line> {
  const client = await db.$client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    yield* tableLines(client, at);
  } finally {
    await client.query("rollback").catch(() => undefined);
    client.release();
  }
  // After the rows: what they name is there by then.
  yield* fileLines(join(dataFolder, filesFolder));
}

async function* tableLines(client: PoolClient, at: Date): AsyncGenerator<Header | Line> {
  // The text that comes out goes in again the same.
  await client.query("set local datestyle = 'ISO'");
  await client.query("set local extra_float_digits = 3");
  await client.query("set local bytea_output = 'hex'");
  const q = drizzle(client);
  // No more than this: the server that is running may be an older one.
  const [known] = await q.select({ epoch: newsroom.epoch, demo: newsroom.demo }).from(newsroom);
  if (!known) throw new Error("The store does not know itself.");
  const tables = await tablesOf(q);
  const { rows: versions } = await client.query<{ newest: string }>(
    "select max(created_at)::text as newest from drizzle.__drizzle_migrations",
  );
  yield {
    linecheck: "backup",
    format: backupFormat,
    schema: Number(versions[0]?.newest),
    epoch: known.epoch,
    demo: known.demo,
    at: at.toISOString(),
    tables,
  };
  for (const [place, table] of tables.entries()) {
    for await (const row of rowsOf(client, table)) yield ["row", place, row];
  }
}

async function* rowsOf(
  client: PoolClient,
  { name, columns }: Header["tables"][number],
): AsyncGenerator<(string | null)[]> {
  const list = columns.map((column) => `"${column.name}"::text`).join(", ");
  await client.query(`declare rows no scroll cursor for select ${list} from "${name}"`);
  for (let atOnce = 8; ;) {
    const { rows } = await client.query<(string | null)[]>({
      text: `fetch ${String(atOnce)} from rows`,
      rowMode: "array",
    });
    yield* rows;
    if (rows.length < atOnce) break;
    const bytes = rows.flat().reduce((sum, value) => sum + (value?.length ?? 0), 1);
    const fitting = Math.floor((atOnce * fetchedBytesAtOnce) / bytes);
    atOnce = Math.max(1, Math.min(mostRowsAtOnce, fitting));
  }
  await client.query("close rows");
}

/** Every table that is not left out on purpose, those that others refer to first. */
export async function tablesOf(q: Queries): Promise<Header["tables"]> {
  const { rows: columns } = await q.execute<{ table_name: string; name: string; type: string }>(
    sql`select c.relname as table_name, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
       and a.attgenerated = ''
     order by c.relname, a.attnum`,
  );
  const { rows: references } = await q.execute<{ table_name: string; refers_to: string }>(
    sql`select f.relname as table_name, t.relname as refers_to from pg_constraint k
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

async function* fileLines(folder: string): AsyncGenerator<Line> {
  for (const file of await filesIn(folder)) {
    yield ["file", relative(folder, file).split(sep).join("/"), (await stat(file)).size];
    for await (const part of createReadStream(file, { highWaterMark: bytesAtOnce })) {
      // A file that is read without an encoding comes as bytes.
      yield ["bytes", (part as Buffer).toString("base64")];
    }
  }
}

/** The paths of all files in a folder and below; none where there is no such folder. */
export async function filesIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch (error) {
    if (fileErrorOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Whoever breaks it off leaves nothing behind; gives what ends this. */
function withoutRemains(path: string): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const cut = (signal: NodeJS.Signals) => {
    rmSync(path, { force: true });
    forget();
    process.kill(process.pid, signal);
  };
  const forget = () => signals.forEach((signal) => process.off(signal, cut));
  signals.forEach((signal) => process.once(signal, cut));
  return forget;
}

/** Makes sure that what a folder or a file holds outlives a power cut. */
export async function onDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
