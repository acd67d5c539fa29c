/**
 * Who serves a newsroom holds an advisory lock of the database on a connection of its own, for as long as it runs: one
 * process alone, or several that share it because they hear each other over Redis. The lock goes with the connection,
 * so a killed process leaves nothing to clean up.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import type { Logger } from "pino";
import { lockKeys } from "./lock-keys";
import { ageOf, bringToThisVersion, migrateStore, oneMigrates, type StoreAge } from "./migrate";

/** The connection of a process killed just now may take a moment to be noticed. */
const patienceMs = 2000;
const reconnectEveryMs = 200;
const serving = { key: lockKeys.serving, shared: true };

export type Hold = {
  readonly client: Client;
  /** Brings the store to this version. "in-use": it is older, and other processes serve it. */
  readonly migrate: () => Promise<StoreAge | "in-use">;
  /** Lets go once `first` is done; whoever comes meanwhile finds the newsroom still held. */
  readonly release: (first?: () => Promise<void>) => Promise<void>;
};

/**
 * Takes the lock; null when another process has it, or does not share it. Throws when the server does not answer.
 * When the connection is cut (the server was restarted), the lock is taken again; should another process have been
 * quicker, `whenLost` is called, once.
 */
export async function holdNewsroom(
  connection: ClientConfig,
  log: Logger,
  {
    patient,
    shared = false,
    whenLost,
  }: { readonly patient: boolean; readonly shared?: boolean; readonly whenLost: () => void },
): Promise<Hold | null> {
  /** By its name a process knows the remains of its own cut connection from another process. */
  const ownName = `linecheck ${randomUUID()}`;
  let over = false;
  let current = await connect();

  async function connect(): Promise<Client> {
    const client = new Client({ ...connection, application_name: ownName, keepAlive: true });
    client.on("error", () => {
      // A cut connection is answered on "end".
    });
    try {
      await client.connect();
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  async function take(
    client: Client,
    withinMs: number,
    lock: { readonly key: number; readonly shared: boolean } = { key: lockKeys.holder, shared },
  ): Promise<boolean> {
    const deadlineMs = performance.now() + withinMs;
    for (;;) {
      const { rows } = await client.query<{ taken: boolean }>(
        lock.shared
          ? "select pg_try_advisory_lock_shared($1) as taken"
          : "select pg_try_advisory_lock($1) as taken",
        [lock.key],
      );
      if (rows[0]?.taken) return true;
      await client.query(
        `select pg_terminate_backend(a.pid) from pg_locks l join pg_stat_activity a using (pid)
         where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.granted
           and l.database = (select oid from pg_database where datname = current_database())
           and a.application_name = $2 and a.pid <> pg_backend_pid()`,
        [lock.key, ownName],
      );
      if (performance.now() >= deadlineMs) return false;
      await sleep(50);
    }
  }

  async function again(): Promise<void> {
    while (!over) {
      await sleep(reconnectEveryMs);
      let client: Client;
      try {
        client = await connect();
      } catch {
        continue;
      }
      try {
        if (over) {
          await client.end();
          return;
        }
        if ((await take(client, 2 * patienceMs)) && (await servesStill(client))) {
          log.warn("the connection to the store is back");
          current = client;
          client.once("end", cut);
          return;
        }
        await client.end();
      } catch {
        await client.end().catch(() => undefined);
        continue;
      }
      over = true;
      whenLost();
    }
  }

  /** Nobody else has brought the store to another version meanwhile, and nobody will. */
  async function servesStill(client: Client): Promise<boolean> {
    if (!shared) return true;
    return (await take(client, patienceMs, serving)) && (await ageOf(client)) === "same";
  }

  async function migrate(): Promise<StoreAge | "in-use"> {
    if (!shared) return migrateStore(current);
    return oneMigrates(current, async () => {
      // An empty store is served by nobody yet.
      const isOlder = (await ageOf(current)) === "older";
      if (isOlder && !(await take(current, patienceMs, { ...serving, shared: false }))) return "in-use";
      const age = await bringToThisVersion(current);
      if (age !== "newer") await take(current, patienceMs, serving);
      if (isOlder) await current.query("select pg_advisory_unlock($1)", [lockKeys.serving]);
      return age;
    });
  }

  function cut(): void {
    if (!over) void again();
  }

  if (!(await take(current, patient ? patienceMs : 0))) {
    await current.end();
    return null;
  }
  current.once("end", cut);
  return {
    client: current,
    migrate,
    release: async (first) => {
      over = true;
      await first?.();
      await current.end().catch(() => undefined);
    },
  };
}
