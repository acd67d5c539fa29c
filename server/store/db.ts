import type { ExtractTablesWithRelations } from "drizzle-orm";
import type { NodePgDatabase, NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import type { Pool } from "pg";
import type { PgDatabase, PgTransaction } from "drizzle-orm/pg-core";

/** The store: runs queries and opens transactions. */
export type Db = NodePgDatabase & { readonly $client: Pool };
type NoSchema = Record<string, never>;
type NoRelations = ExtractTablesWithRelations<NoSchema>;
/** An open transaction: what is done through it stands or falls together. */
export type Tx = PgTransaction<NodePgQueryResultHKT, NoSchema, NoRelations>;
/** Whatever runs queries: the store itself or a transaction. */
export type Queries = PgDatabase<NodePgQueryResultHKT, NoSchema, NoRelations>;
