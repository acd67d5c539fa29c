/** For tests that a refusal changed nothing: how many rows each table has, and the head of the record. */
import { sql } from "drizzle-orm";
import type { Queries } from "./db";

/** Rows by table, and a digest of the rows that may be altered in place; sessions are left out: reading prolongs them. */
export async function storeCounts(q: Queries): Promise<Readonly<Record<string, number | string>>> {
  const tables = await q.execute<{ name: string }>(
    sql`select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'sessions' order by 1`,
  );
  const counts: Record<string, number | string> = {};
  for (const { name } of tables.rows) {
    const rows = await q.execute<{ count: number; digest: string }>(
      sql`select count(*)::int as count,
            md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) as digest
          from ${sql.identifier(name)} t`,
    );
    counts[name] = rows.rows[0]?.count ?? 0;
    counts[`${name}, their content`] = rows.rows[0]?.digest ?? "";
  }
  return counts;
}
