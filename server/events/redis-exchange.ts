/**
 * The exchange over Redis: every process of a newsroom publishes on one channel and hears it. Redis keeps nothing.
 *
 * Frames are numbered in each process, so that a process that did not hear one knows (`whenMissed`). Nothing waits for
 * Redis: what cannot be told is lost, within a bound, and the numbers tell of it later.
 */
import { createClient, ErrorReply } from "@redis/client";
import { sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { Refusal } from "@/domain/refusal";
import { asBuffer } from "../as-buffer";
import { failureLine } from "../log";
import type { Queries } from "../store/db";
import type { Exchange, ExchangeMessage } from "./exchange";
import { decodeFrame, encodeFrame, encodeMessage, senderOf } from "./exchange-frames";

export type ExchangeRefusal = Refusal<"no-redis"> & { readonly sentence: string };

const aliveEveryMs = 5_000;
/** Three times silent: the process is taken for dead. */
const goneAfterMs = 15_000;
const connectWithinMs = 5_000;
const missedWaitMs = 20;
const longestPauseMs = 1_000;
/** A frame is closed when it has grown so large; one message alone may be larger. */
const frameBytes = 1024 * 1024;
/** What Redis has not taken yet. */
const maxWaitingBytes = 32 * 1024 * 1024;

type Line = ReturnType<typeof openLine>;

/** Listens on the channel; a refusal carries one clear line for the operator. */
export async function openRedisExchange(
  redisUrl: string,
  { channel, processId, log }: { readonly channel: string; readonly processId: string; readonly log: Logger },
): Promise<Exchange | ExchangeRefusal> {
  const hearers = new Set<(message: ExchangeMessage, from: string) => void>();
  const whenMissed = new Set<() => void>();
  const whenGone = new Set<(processId: string) => void>();
  /** The number of the last frame of each other process, and when it was heard. */
  const others = new Map<string, { number: number; heardAtMs: number }>();
  let number = 0;
  let told: Uint8Array[] = [];
  let toldBytes = 0;
  let isTelling = false;
  let waitingBytes = 0;
  /** When this process last heard itself: only then does the channel work. */
  let heardOwnAtMs = performance.now();
  let line: Line | undefined;
  let isWhole = true;
  let missing: NodeJS.Timeout | undefined;
  let isClosed = false;

  const where = new URL(redisUrl).host;
  const first = await openAndHear().catch((error: unknown) => ({ refused: error }));
  if ("refused" in first) {
    return {
      refused: "no-redis",
      sentence: `Redis at ${where} ${reasonOf(first.refused)}: see the setting REDIS_URL.`,
    };
  }
  line = first;
  follow(first);

  /** A line on which the channel is heard. */
  async function openAndHear(): Promise<Line> {
    const opened = openLine(redisUrl);
    try {
      await inTime(opened.connect());
      await inTime(opened.subscribe(channel, hearFrame, true));
      return opened;
    } catch (error) {
      opened.destroy();
      throw error;
    }
  }

  /** From now on the line mends itself, and says so. */
  function follow(client: Line): void {
    client.on("ready", () => {
      if (client === line && !isClosed) back();
    });
    client.on("reconnecting", () => {
      if (client === line) away("cut off");
    });
  }

  function away(reason: string): void {
    if (!isWhole || isClosed) return;
    isWhole = false;
    log.warn(
      { reason, redis: where },
      "Redis is away: other processes are not heard, the store is asked instead",
    );
  }

  function back(): void {
    heardOwnAtMs = performance.now();
    isWhole = true;
    log.warn({ redis: where }, "Redis is back");
    missed();
  }

  /** Soon, once for all that is found missing together. */
  function missed(): void {
    missing ??= setTimeout(() => {
      missing = undefined;
      tell({ kind: "hello" });
      for (const listener of whenMissed) attempt(listener);
    }, missedWaitMs);
  }

  /** A listener's failure is its own. */
  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      log.error({ err: error }, "listener failed");
    }
  }

  function hearFrame(bytes: Uint8Array): void {
    try {
      const from = senderOf(bytes);
      if (from === processId) {
        heardOwnAtMs = performance.now();
        return;
      }
      const frame = decodeFrame(bytes);
      const known = others.get(from);
      others.set(from, { number: frame.number, heardAtMs: performance.now() });
      // Who is new begins with the first; anybody else was there before without being heard.
      if (frame.number !== (known?.number ?? 0) + 1) missed();
      for (const message of frame.messages) {
        if (message.kind === "goodbye") forget(from);
        else for (const hearer of hearers) attempt(() => hearer(message, from));
      }
    } catch (error) {
      log.error({ err: error, redis: where }, "an unreadable message came over Redis");
      missed();
    }
  }

  function forget(other: string): void {
    if (!others.delete(other)) return;
    for (const listener of whenGone) attempt(() => listener(other));
  }

  function tell(message: ExchangeMessage): void {
    if (isClosed) return;
    const encoded = encodeMessage(message);
    if (toldBytes + encoded.byteLength > frameBytes) publish();
    told.push(encoded);
    toldBytes += encoded.byteLength;
    if (isTelling) return;
    isTelling = true;
    setImmediate(() => {
      isTelling = false;
      publish();
    });
  }

  function publish(): void {
    if (told.length === 0) return;
    // A frame that is not told has its number too: so the others know.
    number += 1;
    const frame = encodeFrame(processId, number, told);
    told = [];
    toldBytes = 0;
    if (!line?.isReady || waitingBytes + frame.byteLength > maxWaitingBytes) return;
    waitingBytes += frame.byteLength;
    line
      .publish(channel, asBuffer(frame))
      .catch((error: unknown) => {
        if (!isClosed) log.debug({ err: error }, "not told over Redis");
      })
      .finally(() => {
        waitingBytes -= frame.byteLength;
      });
  }

  /** Silent, though nothing was cut: another line, as often as it takes. */
  async function connectAnew(): Promise<void> {
    const fresh = await openAndHear();
    if (isClosed) return fresh.destroy();
    line?.destroy();
    line = fresh;
    follow(fresh);
    back();
  }

  let lookedAtMs = performance.now();
  let isConnectingAnew = false;
  const look = setInterval(() => {
    const nowMs = performance.now();
    // Whoever was held up itself has heard nobody meanwhile.
    const heldUpMs = Math.max(0, nowMs - lookedAtMs - 2 * aliveEveryMs);
    lookedAtMs = nowMs;
    if (heldUpMs > 0) {
      heardOwnAtMs += heldUpMs;
      for (const other of others.values()) other.heardAtMs += heldUpMs;
    }
    for (const [other, { heardAtMs }] of others) {
      if (nowMs - heardAtMs <= goneAfterMs) continue;
      forget(other);
      // Of what it did last it may have told nothing.
      missed();
    }
    if (line?.isReady && nowMs - heardOwnAtMs > goneAfterMs - aliveEveryMs && !isConnectingAnew) {
      away("silent");
      isConnectingAnew = true;
      connectAnew()
        .catch(() => {
          // The next look tries again.
        })
        .finally(() => (isConnectingAnew = false));
    }
  }, 1_000);
  const alive = setInterval(() => tell({ kind: "alive" }), aliveEveryMs);
  look.unref();
  alive.unref();
  tell({ kind: "hello" });

  return {
    processId,
    tell,
    hear: listenTo(hearers),
    whenMissed: listenTo(whenMissed),
    whenGone: listenTo(whenGone),
    isWhole: () => isWhole,
    isAlone: false,
    close: async () => {
      if (isClosed) return;
      tell({ kind: "goodbye" });
      publish();
      isClosed = true;
      clearInterval(look);
      clearInterval(alive);
      clearTimeout(missing);
      if (line?.isReady) {
        await inTime(line.close()).catch(() => {
          // Without its goodbye the others take it for dead a little later.
        });
      }
      line?.destroy();
    },
  };
}

/** The newsroom's own channel: two newsrooms on one Redis never hear each other. */
export async function channelOf(q: Queries, epoch: string): Promise<string> {
  const { rows } = await q.execute(sql`
    select oid::text as database, (select system_identifier::text from pg_control_system()) as cluster
    from pg_database where datname = current_database()`);
  const [row] = rows;
  return `linecheck:${String(row?.["cluster"])}:${String(row?.["database"])}:${epoch}`;
}

function openLine(url: string) {
  let wasReady = false;
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: connectWithinMs,
      noDelay: true,
      reconnectStrategy: (retries) => wasReady && Math.min(50 * 2 ** retries, longestPauseMs),
    },
  });
  client.on("ready", () => {
    wasReady = true;
  });
  client.on("error", () => {
    // A cut line is answered on "reconnecting", a refused one where it was opened.
  });
  return client;
}

function listenTo<Listener>(listeners: Set<Listener>) {
  return (listener: Listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}

const reasonOf = (error: unknown) =>
  error instanceof ErrorReply ? `refuses (${failureLine(error)})` : `does not answer (${failureLine(error)})`;

/** Rejects when it takes too long. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("too late")), connectWithinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
