import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { inject } from "vitest";
import type { Db } from "./db";
import { asAdministrator, nameForOnce, urlOf } from "./test-servers";

export type TestStore = {
  readonly db: Db;
  readonly epoch: string;
  /** The database's own address, for whoever opens it again. */
  readonly url: string;
  /** Drops it. */
  readonly close: () => Promise<void>;
};

/** A fresh migrated database without a row in it, on the server that the vitest project names. */
export async function openTestStore(): Promise<TestStore> {
  const { url, template } = inject("testServer");
  const name = nameForOnce("test");
  await asAdministrator(url, `create database ${name} template ${template}`);
  const own = urlOf(url, name);
  const pool = new Pool({ connectionString: own, max: 10 });
  pool.on("error", () => {
    // A test may cut connections; what it waits for tells.
  });
  return {
    db: drizzle(pool),
    epoch: "epoch-of-a-test",
    url: own,
    close: async () => {
      await pool.end();
      await asAdministrator(url, `drop database if exists ${name} with (force)`);
    },
  };
}

/** From now on this database lets nobody in and has cut everybody off, until what is given back is called. */
export async function takeAway(db: Db): Promise<() => Promise<void>> {
  const { url } = inject("testServer");
  const { rows } = await db.execute<{ name: string }>(sql`select current_database() as name`);
  const name = rows[0]?.name ?? "";
  await asAdministrator(url, `alter database ${name} allow_connections false`);
  await asAdministrator(
    url,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  );
  return () => asAdministrator(url, `alter database ${name} allow_connections true`);
}
