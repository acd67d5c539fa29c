import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from "pg";

export type KeptConnection = {
  /** One at a time. Throws what the store says and when it does not answer; the next asks over a new connection then. */
  readonly query: <Row extends QueryResultRow>(statement: QueryConfig) => Promise<QueryResult<Row>>;
  readonly close: () => void;
};

/** A connection out of the pool that is kept until it fails, for what asks again and again. */
export function openKeptConnection(pool: Pool): KeptConnection {
  let kept: PoolClient | undefined;
  let isBusy = false;
  let isClosed = false;

  function giveBack(error?: Error): void {
    const client = kept;
    kept = undefined;
    client?.release(error);
  }

  async function connection(): Promise<PoolClient> {
    if (kept) return kept;
    const client = await pool.connect();
    client.once("end", () => {
      if (kept === client) kept = undefined;
    });
    kept = client;
    return client;
  }

  return {
    query: async <Row extends QueryResultRow>(statement: QueryConfig) => {
      isBusy = true;
      try {
        return await (await connection()).query<Row>(statement);
      } catch (error) {
        giveBack(error instanceof Error ? error : new Error(String(error)));
        throw error;
      } finally {
        isBusy = false;
        if (isClosed) giveBack();
      }
    },
    close: () => {
      isClosed = true;
      if (!isBusy) giveBack();
    },
  };
}
