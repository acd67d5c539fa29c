import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { Client, DatabaseError, Pool, type ClientConfig, type PoolClient } from "pg";
import type { Logger } from "pino";
import { isRefused } from "@/domain/refusal";
import type { Config } from "../config";
import { within } from "../within";
import type { Db } from "./db";
import { hasStore, openEmbedded, type Embedded } from "./embedded";
import { holdNewsroom, type Hold } from "./hold-newsroom";
import { ageOf } from "./migrate";
import { newsroom } from "./newsroom-tables";
import { fileErrorOf, refuseStore, type StoreRefusal } from "./refuse-store";

/** A new connection is dear (a process, cold caches, nothing prepared): the few that are always used stay. */
const poolSizes = { max: 20, min: 3, idleTimeoutMillis: 60_000 };

const closeWithinMs = 3_000;

export type Store = {
  readonly db: Db;
  /** [BO10] Changes only when a backup is restored. */
  readonly epoch: string;
  readonly kind: "embedded" | "server";
  /** Has this store (ever) been given the demo newsroom? LINECHECK_DEMO, where given, is kept from then on. */
  readonly demo: boolean;
  /** Signs sessions. */
  readonly secret: string;
  /** Stops the embedded server cleanly; a PostgreSQL server is only left. */
  readonly close: () => Promise<void>;
};

type StoreSettings = Pick<Config, "dataFolder" | "databaseUrl" | "secret" | "demo" | "onLoopback"> &
  Partial<Pick<Config, "redisUrl">>;
type OpenOptions = {
  /** The operator's tool works beside a running server; it must then be of the same version. */
  readonly beside?: boolean | undefined;
  /** Refuses where there is no store yet, instead of making one. */
  readonly mustExist?: boolean | undefined;
  /** Called when another process has taken the newsroom over; by default this process ends. */
  readonly whenLost?: ((sentence: string) => void) | undefined;
};

/** Each kind of process is told what would let it in. */
const otherProcess = (where: string, kind: "embedded" | "alone" | "shared") =>
  refuseStore(
    "other-process",
    `Another Linecheck process already serves this newsroom (${where})${
      {
        embedded: ".",
        alone: ": for several, give each the same REDIS_URL.",
        shared: ", without Redis: give it the same REDIS_URL first.",
      }[kind]
    }`,
  );

const noStore = (where: string) =>
  refuseStore("no-store", `There is no Linecheck store yet (${where}): start Linecheck once.`);

/**
 * Opens the store that the settings name, brings it to this version and holds it: one process at a time.
 * A refusal carries one clear line for the operator, and nothing was changed.
 */
export async function openStore(
  config: StoreSettings,
  log: Logger,
  options: OpenOptions = {},
): Promise<Store | StoreRefusal> {
  if (config.databaseUrl === undefined) return openOnEmbedded(config, log, options);
  const connection = { connectionString: config.databaseUrl };
  const { host, pathname } = new URL(config.databaseUrl);
  const where = `${host}${pathname}`;
  try {
    return await openOn({ connection, where, embedded: null }, config, log, options);
  } catch (error) {
    const refusal = refusalOf(error, where);
    if (refusal) return refusal;
    throw error;
  }
}

async function openOnEmbedded(
  config: StoreSettings,
  log: Logger,
  options: OpenOptions,
): Promise<Store | StoreRefusal> {
  if (options.mustExist && !(await hasStore(config.dataFolder))) return noStore(config.dataFolder);
  for (let attempt = 1; ; attempt += 1) {
    const embedded = await openEmbedded(config.dataFolder, log);
    if (isRefused(embedded)) return embedded;
    const where = config.dataFolder;
    try {
      return await openOn({ connection: embedded.connection, where, embedded }, config, log, options);
    } catch (error) {
      embedded.leave();
      const refusal = refusalOf(error, where);
      if (refusal === null) throw error;
      // Found running, but just being stopped by the process before this one.
      if (refusal.refused !== "unreachable" || attempt >= 5) return refusal;
      await sleep(200);
    }
  }
}

type Place = {
  readonly connection: ClientConfig;
  /** For the operator's eyes: without a password. */
  readonly where: string;
  readonly embedded: Embedded | null;
};

async function openOn(
  place: Place,
  config: StoreSettings,
  log: Logger,
  { beside = false, mustExist = false, whenLost }: OpenOptions,
): Promise<Store | StoreRefusal> {
  const { connection, where, embedded } = place;
  const lost = whenLost ?? endProcess(log);
  const shared = embedded === null && config.redisUrl !== undefined;
  const kind = embedded ? "embedded" : shared ? "shared" : "alone";
  const hold = await holdNewsroom(connection, log, {
    patient: !beside,
    shared,
    whenLost: () => lost(otherProcess(where, kind).sentence),
  });
  if (hold === null && !beside) {
    embedded?.leave();
    return otherProcess(where, kind);
  }
  const giveUp = async (refusal: StoreRefusal) => {
    await stopHolding(hold, embedded);
    return refusal;
  };
  try {
    if (hold && mustExist && (await ageOf(hold.client)) === "empty") return await giveUp(noStore(where));
    const age = hold ? await hold.migrate() : await ageBeside(connection);
    if (age === "newer") {
      return await giveUp(
        refuseStore(
          "newer-store",
          `The store (${where}) was last used by a newer Linecheck: start that version or a newer one.`,
        ),
      );
    }
    if (age === "in-use" || (hold === null && age !== "same")) {
      return await giveUp(
        refuseStore("older-store", `The store (${where}) is served by an older Linecheck: stop it first.`),
      );
    }
    const pool = new Pool({ ...connection, ...poolSizes, keepAlive: true });
    pool.on("error", (error) => {
      // At the end the server goes down while the last connections still say goodbye.
      if (!pool.ending) log.warn({ reason: error.message }, "a connection to the store was cut");
    });
    outliveCuts(pool);
    const db = drizzle(pool);
    const known = await knowItself(db, config, embedded !== null);
    return {
      db,
      epoch: known.epoch,
      kind: embedded ? "embedded" : "server",
      demo: known.demo,
      secret: config.secret ?? known.secret,
      close: async () => {
        // A statement that the store does not answer must not keep the process.
        await within(closeWithinMs, pool.end());
        await stopHolding(hold, embedded);
      },
    };
  } catch (error) {
    await stopHolding(hold, embedded);
    throw error;
  }
}

/**
 * A connection may be cut while somebody uses it. Between two statements nobody hears of it, and what nobody hears ends
 * the process; at its `begin` the query builder never gives it back, and the pool would run dry and never end.
 */
function outliveCuts(pool: Pool): void {
  const inUse = new Set<PoolClient>();
  pool.on("acquire", (client) => inUse.add(client));
  pool.on("release", (_error, client) => inUse.delete(client));
  pool.on("connect", (client) => {
    client.on("error", () => undefined); // the next statement fails
    client.once("end", () => {
      if (!inUse.has(client)) return;
      client.release(true);
      client.release = () => undefined; // by whoever used it
    });
  });
}

/** The holder stops the embedded server, and lets go of the lock only with it; anybody else leaves it running. */
async function stopHolding(hold: Hold | null, embedded: Embedded | null): Promise<void> {
  if (hold === null) return embedded?.leave();
  await hold.release(embedded?.stop);
}

async function ageBeside(connection: ClientConfig) {
  const client = new Client(connection);
  await client.connect();
  try {
    return await ageOf(client);
  } finally {
    await client.end();
  }
}

/** Reads what the store knows of itself; a new store is told. */
async function knowItself(
  db: Db,
  config: StoreSettings,
  embedded: boolean,
): Promise<{ readonly epoch: string; readonly demo: boolean; readonly secret: string }> {
  await db
    .insert(newsroom)
    .values({
      id: 1,
      epoch: randomUUID(),
      demo: config.demo ?? (embedded && config.onLoopback),
      secret: embedded ? randomBytes(32).toString("base64url") : null,
    })
    .onConflictDoNothing();
  if (config.demo !== undefined)
    await db.update(newsroom).set({ demo: config.demo }).where(eq(newsroom.id, 1));
  const [row] = await db.select().from(newsroom);
  if (!row) throw new Error("the store does not know itself");
  const secret = config.secret ?? row.secret;
  if (secret === null) throw new Error("LINECHECK_SECRET is required with DATABASE_URL");
  return { epoch: row.epoch, demo: row.demo, secret };
}

/** What the operator can put right, as one line; null for a bug. */
function refusalOf(error: unknown, where: string): StoreRefusal | null {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof DatabaseError) {
    const { code = "", message } = cause;
    if (code === "42501") {
      return refuseStore("no-permission", `Linecheck may not make its tables in ${where}: ${message}.`);
    }
    // Refused at the door, shutting down, starting up, cut off.
    if (/^(28|3D|53|57P|08)/.test(code)) {
      return refuseStore("unreachable", `The PostgreSQL server at ${where} refuses: ${message}.`);
    }
    return null;
  }
  const code = fileErrorOf(cause);
  if (
    code !== undefined ||
    (cause instanceof Error && /Connection terminated|timeout/i.test(cause.message))
  ) {
    return refuseStore(
      "unreachable",
      `The PostgreSQL server at ${where} does not answer (${code ?? "cut off"}).`,
    );
  }
  return null;
}

const endProcess = (log: Logger) => (sentence: string) => {
  log.fatal(sentence);
  process.exit(1);
};
