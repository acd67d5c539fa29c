/**
 * `linecheck restore FILE`: a backup into an empty newsroom. The file is read to its end before anything is changed, and
 * everything is loaded in one transaction. [BO10] The newsroom gets a new epoch: whoever still holds words of the old
 * one is told so and merges nothing.
 */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, type FileHandle } from "node:fs/promises";
import { dirname, join, normalize, isAbsolute } from "node:path";
import { createGunzip } from "node:zlib";
import { sql } from "drizzle-orm";
import type { Refusal } from "@/domain/refusal";
import { backupFormat, End, filesFolder, Header, Line } from "./backup-format";
import { tablesOf } from "./backup";
import type { Db, Tx } from "./db";
import { newsroom } from "./newsroom-tables";

type Cannot = Refusal<"not-a-backup" | "damaged" | "other-version" | "not-empty"> & {
  readonly sentence: string;
};

const rowsAtOnce = 200;
const bytesAtOnce = 8 * 1024 * 1024;

/** `whenLoaded` runs in the same transaction, last: what it throws undoes everything. */
export async function readBackup(
  { db, dataFolder }: { readonly db: Db; readonly dataFolder: string },
  path: string,
  whenLoaded: (tx: Tx, from: Pick<Header, "at" | "epoch">) => Promise<void>,
): Promise<End["end"] | Cannot> {
  const checked = await check(path);
  if ("refused" in checked) return checked;
  const { header, end } = checked;
  const unfit = await fits(db, header);
  if (unfit) return unfit;
  await db.transaction(async (tx) => {
    await loadRows(tx, path, header);
    await tx.update(newsroom).set({ epoch: randomUUID(), demo: header.demo });
    await whenLoaded(tx, header);
    await writeFiles(path, join(dataFolder, filesFolder));
  });
  return end;
}

/** Reads it once from beginning to end: is it whole and as it was written? */
async function check(path: string): Promise<{ readonly header: Header; readonly end: End["end"] } | Cannot> {
  const damaged: Cannot = {
    refused: "damaged",
    sentence: "The backup is damaged or cut off: nothing was restored.",
  };
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
        const parsed = Header.safeParse(json);
        if (!parsed.success)
          return { refused: "not-a-backup", sentence: "The file is no backup of Linecheck." };
        header = parsed.data;
        if (header.format !== backupFormat) {
          const sentence = `The backup is of another form (${String(header.format)}) than this Linecheck reads.`;
          return { refused: "other-version", sentence };
        }
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
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw error;
    // Not gzip, cut off, or no line of ours.
    return header ? damaged : { refused: "not-a-backup", sentence: "The file is no backup of Linecheck." };
  }
  if (!header || end?.rows !== rows || end.files !== files || end.sha256 !== hash.digest("hex"))
    return damaged;
  return { header, end };
}

async function fits(db: Db, header: Header): Promise<Cannot | undefined> {
  const { rows } = await db.execute<{ newest: string; people: string; stories: string }>(sql`
    select (select max(created_at)::text from drizzle.__drizzle_migrations) as newest,
      (select count(*)::text from people) as people, (select count(*)::text from stories) as stories`);
  const [now] = rows;
  if (Number(now?.people) > 0 || Number(now?.stories) > 0) {
    return { refused: "not-empty", sentence: "There is a newsroom here already: restore into an empty one." };
  }
  // What is loaded is read by this store's own columns, not by what the file says of them.
  const own = await tablesOf(db.$client);
  if (Number(now?.newest) === header.schema && JSON.stringify(own) === JSON.stringify(header.tables))
    return undefined;
  const sentence =
    Number(now?.newest) <= header.schema
      ? "The backup is of a newer Linecheck: restore it with that version or a newer one."
      : "The backup is of an older Linecheck: restore it with the version that made it, then start this one.";
  return { refused: "other-version", sentence };
}

async function loadRows(tx: Tx, path: string, { tables }: Header): Promise<void> {
  let place = -1;
  let rows: (readonly (string | null)[])[] = [];
  let bytes = 0;
  const load = async (): Promise<void> => {
    const table = tables[place];
    if (!table || rows.length === 0) return;
    const names = table.columns.map(({ name }) => sql.identifier(name));
    const values = table.columns.map(
      ({ type }, index) => sql`(row ->> ${sql.raw(String(index))})::${sql.raw(type)}`,
    );
    await tx.execute(sql`insert into ${sql.identifier(table.name)} (${sql.join(names, sql`, `)})
      overriding system value
      select ${sql.join(values, sql`, `)} from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) as row`);
    rows = [];
    bytes = 0;
  };
  for await (const text of linesOf(path)) {
    if (!text.startsWith('["row"')) continue;
    const line = Line.parse(JSON.parse(text));
    if (line[0] !== "row") continue;
    if (line[1] !== place || rows.length >= rowsAtOnce || bytes > bytesAtOnce) await load();
    place = line[1];
    rows.push(line[2]);
    bytes += text.length;
  }
  await load();
  for (const { name, columns } of tables) await continueNumbers(tx, name, columns);
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

async function writeFiles(path: string, folder: string): Promise<void> {
  let file: FileHandle | undefined;
  try {
    for await (const text of linesOf(path)) {
      if (!text.startsWith('["file"') && !text.startsWith('["bytes"')) continue;
      const line = Line.parse(JSON.parse(text));
      if (line[0] === "file") {
        await file?.close();
        const target = join(folder, line[1]);
        await mkdir(dirname(target), { recursive: true });
        file = await open(target, "w", 0o600);
      }
      if (line[0] === "bytes") await file?.write(Buffer.from(line[1], "base64"));
    }
  } finally {
    await file?.close();
  }
}

const isInside = (path: string) =>
  !isAbsolute(path) && !normalize(path).startsWith("..") && !path.includes("\0");

async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const gunzip = createGunzip();
  file.on("error", (error) => gunzip.destroy(error));
  gunzip.setEncoding("utf8");
  file.pipe(gunzip);
  let rest = "";
  try {
    for await (const text of gunzip) {
      const lines = (rest + String(text)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    if (rest !== "") yield rest;
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}
