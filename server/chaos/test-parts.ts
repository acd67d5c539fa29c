/**
 * The parts of a newsroom, each of its own so that it may be killed, stopped and held up: PostgreSQL, Redis, the servers,
 * and the lines between them. An act on a part waits for the one before; `whole` puts everything right.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { isRefused } from "@/domain/refusal";
import { openTestRedis } from "../events/test-redis";
import { openEmbedded, type Embedded } from "../store/embedded";
import { freePort } from "../store/test-servers";
import type { MainProcess, MainProgram } from "../test-main";
import { openProxy, type Proxy } from "./test-proxy";

export const password = "a password for the demo people";

/** A part that can be killed or stopped, and started again. */
export type Part = {
  readonly name: string;
  readonly start: () => Promise<void>;
  /** With kill -9. */
  readonly kill: () => Promise<void>;
  /** With SIGTERM, as an operator does. */
  readonly stop: () => Promise<void>;
  /** SIGSTOP: nobody answers and no connection ends, until `thaw`. */
  readonly freeze: () => Promise<void>;
  readonly thaw: () => Promise<void>;
};

export type Server = Part & {
  /** The address at which people reach it, through a line. */
  readonly url: string;
  readonly people: Proxy;
  readonly toPostgres: Proxy;
  readonly toRedis: Proxy;
  /** The lines that its processes logged: warnings and worse. */
  readonly logged: () => readonly string[];
};

export type Parts = {
  readonly postgres: Part;
  readonly redis: Part;
  readonly servers: readonly Server[];
  /** Of the database, past every line. */
  readonly databaseUrl: string;
  /** What no part may do: end by itself, fail where nobody answers for it. */
  readonly faults: () => readonly string[];
  /** When servers were ready and ended, and the last lines that they logged: warnings and worse. */
  readonly logged: () => readonly string[];
  /** Starts what is down and clears every line. */
  readonly whole: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const startWithinMs = 90_000;
const readyWithinMs = 60_000;
const stopWithinMs = 60_000;

/** One act after the other. */
export function inTurn(): (act: () => Promise<void>) => Promise<void> {
  let last = Promise.resolve();
  return (act) => {
    const turn = last.then(act);
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function openPostgres(): Promise<Part & { port: number; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "linecheck-chaos-"));
  const port = await freePort();
  const turn = inTurn();
  let running: Embedded | undefined;
  /** A kill of its processes leaves the system's own memory whole: only the last commit must have been written there. */
  const settings = {
    fsync: "off",
    full_page_writes: "off",
    max_connections: "100",
    // So that it can be told whether a row was stored before or after a right came back.
    track_commit_timestamp: "on",
  };

  async function start(): Promise<void> {
    if (running) return;
    const opened = await openEmbedded(folder, pino({ level: "silent" }), { tcpPort: port, settings });
    if (isRefused(opened)) throw new Error(opened.sentence);
    opened.leave(); // not started again by itself
    running = opened;
  }
  const postmaster = async () =>
    Number((await readFile(join(folder, "store/postmaster.pid"), "utf8")).split("\n")[0]);
  /** The postmaster first, so that it makes no more; and whoever it made. */
  async function signalAll(signal: "SIGSTOP" | "SIGCONT"): Promise<void> {
    const pid = await postmaster();
    process.kill(pid, signal);
    const children = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, "utf8").catch(
      () => "",
    );
    for (const child of children.split(" ").filter(Boolean)) {
      try {
        process.kill(Number(child), signal);
      } catch {
        // It has ended meanwhile.
      }
    }
  }
  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (!running) return;
    if (signal === "SIGKILL") process.kill(await postmaster(), signal);
    else await running.stop();
    running = undefined;
  }
  await start();
  return {
    name: "postgres",
    port,
    start: () => turn(start),
    kill: () => turn(() => end("SIGKILL")),
    stop: () => turn(() => end("SIGTERM")),
    freeze: () => turn(async () => running && signalAll("SIGSTOP")),
    thaw: () => turn(async () => running && signalAll("SIGCONT")),
    remove: async () => {
      await turn(() => end("SIGTERM"));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openRedis(): Promise<Part & { port: number }> {
  const redis = await openTestRedis();
  const turn = inTurn();
  let isUp = false;
  async function start(): Promise<void> {
    if (isUp) return;
    await redis.start();
    isUp = true;
  }
  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    await redis.stop(signal);
    isUp = false;
  }
  await start();
  return {
    name: "redis",
    port: Number(new URL(redis.url).port),
    start: () => turn(start),
    kill: () => turn(() => end("SIGKILL")),
    stop: () => turn(() => end("SIGTERM")),
    freeze: () => turn(async () => redis.hang()),
    thaw: () => turn(async () => redis.goOn()),
  };
}

type Watch = { readonly fault: (sentence: string) => void; readonly time: (line: string) => void };

/** One that neither becomes ready nor ends is ended: a fault. */
async function isReady(begun: MainProcess, name: string, fault: Watch["fault"]): Promise<void> {
  const timer = setTimeout(() => {
    fault(`${name} neither started nor ended within ${String(readyWithinMs / 1000)} s: ${begun.said()}`);
    begun.stop("SIGKILL");
  }, readyWithinMs);
  try {
    await begun.ready();
  } finally {
    clearTimeout(timer);
  }
}

async function openServer(
  name: string,
  main: MainProgram,
  ports: { readonly postgres: number; readonly redis: number },
  { fault, time }: Watch,
): Promise<Server & { remove: () => Promise<void> }> {
  const port = await freePort();
  const [people, toPostgres, toRedis] = await Promise.all([
    openProxy(port),
    openProxy(ports.postgres),
    openProxy(ports.redis),
  ]);
  const url = `http://127.0.0.1:${String(people.port)}`;
  const turn = inTurn();
  let running: MainProcess | undefined;
  /** Every one that was ready at some time. */
  const runs: MainProcess[] = [];

  /** As often as it takes: one that finds a store gone while it starts says so and ends. */
  async function start(): Promise<void> {
    const beganMs = Date.now();
    while (!running) {
      const begun = main.begin({
        PORT: String(port),
        DATABASE_URL: `postgres://linecheck@127.0.0.1:${String(toPostgres.port)}/postgres`,
        REDIS_URL: `redis://127.0.0.1:${String(toRedis.port)}`,
        LINECHECK_SECRET: "a secret of at least 32 characters",
        LINECHECK_DEMO: "1",
        LINECHECK_DEMO_PASSWORD: password,
        LINECHECK_LOG: "warn",
      });
      try {
        await isReady(begun, name, fault);
        running = begun;
        time(`${name} was ready after ${String(Date.now() - beganMs)} ms`);
      } catch (error) {
        if (Date.now() - beganMs > startWithinMs)
          throw new Error(`${name} does not start.`, { cause: error });
        await sleep(200);
      }
    }
    const begun = running;
    runs.push(begun);
    void begun.ended.then(({ code, lines }) => {
      if (running !== begun) return;
      running = undefined;
      fault(`${name} ended by itself (${String(code)}): ${lines.at(-1) ?? ""}`);
    });
  }

  async function end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const ending = running;
    if (!ending) return;
    running = undefined;
    const beganMs = Date.now();
    ending.stop(signal);
    const late = sleep(stopWithinMs, "late" as const, { ref: false });
    if ((await Promise.race([ending.ended, late])) !== "late") {
      return time(`${name} ended ${String(Date.now() - beganMs)} ms after ${signal}`);
    }
    fault(`${name} did not end ${String(stopWithinMs / 1000)} s after ${signal}`);
    ending.stop("SIGKILL");
    await ending.ended;
  }

  return {
    name,
    url,
    people,
    toPostgres,
    toRedis,
    logged: () => runs.flatMap(({ said }) => said().split("\n")).filter((line) => line.startsWith("{")),
    start: () => turn(start),
    kill: () => turn(() => end("SIGKILL")),
    stop: () => turn(() => end("SIGTERM")),
    freeze: () => turn(async () => running?.stop("SIGSTOP")),
    thaw: () => turn(async () => running?.stop("SIGCONT")),
    remove: async () => {
      await turn(() => end("SIGTERM"));
      await Promise.all([people.close(), toPostgres.close(), toRedis.close()]);
    },
  };
}

/** What Node's last resorts log, and what ends a process. */
const isUnanswered = (line: string) =>
  /"level":60|a failure nobody answered|uncaughtException|unhandledRejection/.test(line);

/** Everything runs when this resolves. */
export async function openParts(main: MainProgram, serverCount: number): Promise<Parts> {
  const [postgres, redis] = await Promise.all([openPostgres(), openRedis()]);
  const faults: string[] = [];
  const times: string[] = [];
  const watch: Watch = { fault: (sentence) => faults.push(sentence), time: (line) => times.push(line) };
  const names = Array.from({ length: serverCount }, (_, n) => `server${String(n)}`);
  const ports = { postgres: postgres.port, redis: redis.port };
  const servers = await Promise.all(names.map((name) => openServer(name, main, ports, watch)));
  await Promise.all(servers.map((server) => server.start()));

  const lines = () => servers.flatMap(({ people, toPostgres, toRedis }) => [people, toPostgres, toRedis]);
  return {
    postgres,
    redis,
    servers,
    databaseUrl: `postgres://linecheck@127.0.0.1:${String(postgres.port)}/postgres`,
    faults: () => [
      ...faults,
      ...servers.flatMap(({ name, logged }) =>
        logged()
          .filter(isUnanswered)
          .map((line) => `${name} logged ${line}`),
      ),
    ],
    logged: () => [
      ...times,
      ...servers.flatMap(({ name, logged }) =>
        logged()
          .slice(-30)
          .map((line) => `${name}: ${line}`),
      ),
    ],
    whole: async () => {
      for (const line of lines()) line.clear();
      await Promise.all([postgres.thaw(), redis.thaw(), ...servers.map((server) => server.thaw())]);
      await Promise.all([postgres.start(), redis.start()]);
      await Promise.all(servers.map((server) => server.start()));
    },
    close: async () => {
      for (const line of lines()) line.clear();
      await Promise.all([postgres.thaw(), redis.thaw()]);
      await Promise.all(servers.map((server) => server.remove()));
      await Promise.all([redis.kill(), postgres.remove()]);
    },
  };
}
