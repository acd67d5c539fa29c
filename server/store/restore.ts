/**
 * `linecheck restore FILE`: a backup into an empty newsroom. The file is read to its end before anything is changed, and
 * everything is loaded in one transaction. [BO10] The newsroom gets a new epoch: whoever still holds words of the old
 * one is told so and merges nothing.
 *
 * A backup of an older version is loaded into the tables as they were then, which are then brought to this version by
 * the same migrations as the store that it was taken of.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, join, normalize, isAbsolute } from "node:path";
import { createGunzip } from "node:zlib";
import { sql } from "drizzle-orm";
import { readMigrationFiles } from "drizzle-orm/migrator";
import type { Refusal } from "@/domain/refusal";
import { backupFormat, End, filesFolder, Header, Line } from "./backup-format";
import { filesIn, onDisk, tablesOf } from "./backup";
import type { Db, Tx } from "./db";
import { migrationsFolder } from "./migrate";
import { newsroom } from "./newsroom-tables";
import { fileErrorOf } from "./refuse-store";

type Cannot = Refusal<"unreadable" | "not-a-backup" | "damaged" | "other-version" | "not-empty"> & {
  readonly sentence: string;
};
/** A backup that was read from its beginning to its end, and is whole and as it was written. */
export type Checked = { readonly path: string; readonly header: Header; readonly end: End["end"] };

const rowsAtOnce = 200;
const bytesAtOnce = 8 * 1024 * 1024;

const damaged: Cannot = {
  refused: "damaged",
  sentence: "The backup is damaged or cut off: nothing was restored.",
};
const notOurs: Cannot = { refused: "not-a-backup", sentence: "The file is no backup of Linecheck." };
const notEmpty: Cannot = {
  refused: "not-empty",
  sentence: "There is a newsroom here already: restore into an empty one.",
};
const newer: Cannot = {
  refused: "other-version",
  sentence: "The backup is of a newer Linecheck: restore it with that version or a newer one.",
};

/** Reads the file once, needs no store and changes nothing. */
export async function checkBackup(path: string): Promise<Checked | Cannot> {
  const hash = createHash("sha256");
  let header: Header | undefined;
  let end: End["end"] | undefined;
  let rows = 0;
  let files = 0;
  try {
    for await (const text of linesOf(path)) {
      if (end) return damaged;
      const json: unknown = JSON.parse(text);
      if (!header) {
        const format = Header.pick({ linecheck: true, format: true }).safeParse(json);
        if (!format.success) return notOurs;
        if (format.data.format > backupFormat) return newer;
        header = Header.parse(json);
      } else {
        const last = End.safeParse(json);
        if (last.success) {
          end = last.data.end;
          continue;
        }
        const line = Line.parse(json);
        if (line[0] === "row") rows += 1;
        if (line[0] === "file") {
          files += 1;
          if (!isInside(line[1])) return damaged;
        }
      }
      hash.update(`${text}\n`);
    }
  } catch (error) {
    const code = fileErrorOf(error);
    if (code !== undefined && !code.startsWith("Z_")) {
      return { refused: "unreadable", sentence: `The backup cannot be read (${code}).` };
    }
    // What is compressed at all, but wrongly, was a backup more likely than anything else.
    const isCompressed = code !== undefined && String(error) !== "Error: incorrect header check";
    return header || isCompressed ? damaged : notOurs;
  }
  if (!header || end?.rows !== rows || end.files !== files || end.sha256 !== hash.digest("hex"))
    return damaged;
  const known = migrations();
  if (header.schema > newestOf(known)) return newer;
  if (!known.some(({ folderMillis }) => folderMillis === header.schema)) {
    const sentence = "The backup is of a Linecheck whose tables this one does not know.";
    return { refused: "other-version", sentence };
  }
  return { path, header, end };
}

/** `whenLoaded` runs in the same transaction, last: what it throws undoes everything. */
export async function loadBackup(
  { db, dataFolder }: { readonly db: Db; readonly dataFolder: string },
  backup: Checked,
  whenLoaded: (tx: Tx, from: Pick<Header, "at" | "epoch">) => Promise<void>,
): Promise<End["end"] | Cannot> {
  const { header, end } = backup;
  const folder = join(dataFolder, filesFolder);
  if ((await filesIn(folder)).length > 0) return notEmpty;
  const fresh = join(dataFolder, `.${filesFolder}-${randomUUID()}`);
  let filesStand = false;
  try {
    return await db.transaction(async (tx) => {
      if (!(await isEmpty(tx))) return notEmpty;
      const [self] = await tx.select().from(newsroom);
      const newest = newestOf(migrations());
      if (header.schema < newest) {
        await takeTablesAway(tx);
        await runMigrations(tx, 0, header.schema);
      }
      // What is loaded is read by the store's own columns, not by what the file says of them.
      if (JSON.stringify(await tablesOf(tx)) !== JSON.stringify(header.tables)) {
        throw new Error("The backup's tables are not those of its version.");
      }
      await load(tx, backup, fresh);
      await runMigrations(tx, header.schema, newest);
      for (const { name, columns } of await tablesOf(tx)) await continueNumbers(tx, name, columns);
      const now = { epoch: randomUUID(), demo: header.demo };
      await tx
        .insert(newsroom)
        .values({ id: 1, secret: self?.secret ?? null, ...now })
        .onConflictDoUpdate({ target: newsroom.id, set: now });
      await whenLoaded(tx, header);
      if (end.files > 0) {
        filesStand = true;
        await rename(fresh, folder);
        await onDisk(dataFolder);
      }
      return end;
    });
  } catch (error) {
    if (filesStand) await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function isEmpty(tx: Tx): Promise<boolean> {
  const { rows } = await tx.execute(
    sql`select 1 from people union all select 1 from stories union all select 1 from record limit 1`,
  );
  return rows.length === 0;
}

const migrations = () => readMigrationFiles({ migrationsFolder: migrationsFolder() });
type Migrations = ReturnType<typeof migrations>;
const newestOf = (known: Migrations) => Math.max(...known.map(({ folderMillis }) => folderMillis));

/** Those after `after` up to `upTo`, in this transaction. */
async function runMigrations(tx: Tx, after: number, upTo: number): Promise<void> {
  for (const { folderMillis, hash, sql: statements } of migrations()) {
    if (folderMillis <= after || folderMillis > upTo) continue;
    for (const statement of statements) await tx.execute(sql.raw(statement));
    await tx.execute(
      sql`insert into drizzle.__drizzle_migrations (hash, created_at) values (${hash}, ${folderMillis})`,
    );
  }
}

/** What the migrations made, and nothing else that may stand in the same database. The tables are empty. */
async function takeTablesAway(tx: Tx): Promise<void> {
  const made = migrations()
    .flatMap(({ sql: statements }) => statements)
    .join("\n");
  for (const [, kind = "", name = ""] of made.matchAll(
    /^create (?:or replace )?(table|function) (?:if not exists )?"?(\w+)/gim,
  )) {
    await tx.execute(sql`drop ${sql.raw(kind)} if exists ${sql.identifier(name)} cascade`);
  }
  await tx.execute(sql`delete from drizzle.__drizzle_migrations`);
}

/** The second reading: what is loaded is what was checked. */
async function load(tx: Tx, { path, header, end }: Checked, folder: string): Promise<void> {
  const hash = createHash("sha256");
  const rows = loadingRows(tx, header);
  const files = loadingFiles(folder);
  let ended = false;
  try {
    let isFirst = true;
    for await (const text of linesOf(path)) {
      if (text.startsWith('{"end"')) {
        ended = true;
        continue;
      }
      hash.update(`${text}\n`);
      if (!isFirst) {
        const line = Line.parse(JSON.parse(text));
        if (line[0] === "row") await rows.take(line[1], line[2], text.length);
        else await files.take(line);
      }
      isFirst = false;
    }
    await rows.rest();
    await files.rest();
  } finally {
    await files.close();
  }
  if (!ended || hash.digest("hex") !== end.sha256) {
    throw new Error("The backup was altered while it was read: nothing was restored.");
  }
}

function loadingRows(tx: Tx, { tables }: Header) {
  let place = -1;
  let waiting: (readonly (string | null)[])[] = [];
  let bytes = 0;
  async function rest(): Promise<void> {
    const table = tables[place];
    if (!table || waiting.length === 0) return;
    const names = table.columns.map(({ name }) => sql.identifier(name));
    const values = table.columns.map(
      ({ type }, index) => sql`(row ->> ${sql.raw(String(index))})::${sql.raw(type)}`,
    );
    await tx.execute(sql`insert into ${sql.identifier(table.name)} (${sql.join(names, sql`, `)})
      overriding system value
      select ${sql.join(values, sql`, `)} from jsonb_array_elements(${JSON.stringify(waiting)}::jsonb) as row`);
    waiting = [];
    bytes = 0;
  }
  return {
    take: async (of: number, row: readonly (string | null)[], length: number): Promise<void> => {
      if (of !== place || waiting.length >= rowsAtOnce || bytes > bytesAtOnce) await rest();
      place = of;
      waiting.push(row);
      bytes += length;
    },
    rest,
  };
}

/** What counts by itself goes on after the highest number. */
async function continueNumbers(
  tx: Tx,
  table: string,
  columns: Header["tables"][number]["columns"],
): Promise<void> {
  for (const { name } of columns) {
    const { rows } = await tx.execute<{ sequence: string | null }>(
      sql`select pg_get_serial_sequence(${`"${table}"`}, ${name}) as sequence`,
    );
    const sequence = rows[0]?.sequence;
    if (!sequence) continue;
    const column = sql.identifier(name);
    await tx.execute(sql`
      select setval(${sequence}, coalesce(max(${column}), 1), max(${column}) is not null)
      from ${sql.identifier(table)}`);
  }
}

function loadingFiles(folder: string) {
  let file: FileHandle | undefined;
  const close = async () => {
    const open = file;
    file = undefined;
    await open?.close();
  };
  const rest = async () => {
    await file?.sync();
    await close();
  };
  return {
    take: async (line: Exclude<Line, readonly ["row", ...unknown[]]>): Promise<void> => {
      if (line[0] === "bytes") {
        await file?.writeFile(Buffer.from(line[1], "base64"));
        return;
      }
      await rest();
      const target = join(folder, line[1]);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      file = await open(target, "w", 0o600);
    },
    rest,
    close,
  };
}

const isInside = (path: string) =>
  !isAbsolute(path) && !normalize(path).startsWith("..") && !path.includes("\0");

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  gunzip.setEncoding("utf8");
  file.pipe(gunzip);
  // A line can be a whole story: it is put together once.
  let parts: string[] = [];
  try {
    for await (const chunk of gunzip) {
      const text = String(chunk);
      let from = 0;
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
        parts.push(text.slice(from, at));
        yield parts.join("");
        parts = [];
        from = at + 1;
      }
      if (from < text.length) parts.push(text.slice(from));
    }
    if (parts.length > 0) yield parts.join("");
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}
