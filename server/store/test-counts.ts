/** For tests that a refusal changed nothing: how many rows each table has, and a digest of what is in them. */
import { sql } from "drizzle-orm";
import type { Queries } from "./db";

/** Rows and digest by table; sessions are left out: using one prolongs it. */
export async function storeCounts(q: Queries): Promise<Readonly<Record<string, number | string>>> {
  const tables = await q.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'sessions' order by 1`,
  );
  // One statement: as of one moment.
  const counted = await q.execute<{ name: string; rows: number; digest: string }>(
    sql.join(
      tables.rows.map(
        ({ name }) => sql`select ${name} as name, count(*)::int as rows,
          md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as digest
          from ${sql.identifier(name)} t`,
      ),
      sql` union all `,
    ),
  );
  return Object.fromEntries(
    counted.rows.flatMap(({ name, rows, digest }) => [
      [name, rows],
      [`${name}, their content`, digest],
    ]),
  );
}
