/** What every operation stands on: handed to it first, made once in main.ts (and by tests). */
import type { Logger } from "pino";
import type { Bus } from "./events/bus";
import type { Exchange } from "./events/exchange";
import type { Metrics } from "./metrics";
import type { Db } from "./store/db";

export type House = {
  readonly db: Db;
  readonly bus: Bus;
  /** The other processes of this newsroom. */
  readonly exchange: Exchange;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** An opaque id for a new row: matches `Id` in domain/people/person.ts. */
  readonly newId: () => string;
  /** [BO10] The store's epoch: changes only when a backup is restored. */
  readonly epoch: string;
  /** The address people use, without a trailing slash. */
  readonly url: string;
};
