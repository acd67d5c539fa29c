/**
 * Two processes of one newsroom over Redis against one: how much later a letter crosses, and what all of it costs,
 * PostgreSQL and Redis included. Both run for this measurement alone.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { isRefused } from "@/domain/refusal";
import { openLog } from "@/server/log";
import { openEmbedded } from "@/server/store/embedded";
import { afterwardsMs } from "./delivering";
import type { LeanClient } from "./lean-client";
import type { Measurement } from "./measurement";
import { freePort, postmasterOf, startServer, type Server } from "./servers";
import { differences, digits, ratios } from "./statistics";
import { atPace, paragraphsOf, pause, typistsIn, until, watch, type Readers, type Typist } from "./typing";
import { processorMs } from "./usage";

const stories = 10;
const readersEach = 8;
const perSecond = 100;

/** The servers of one newsroom, and the processes of its store and Redis. */
type Newsroom = { readonly servers: readonly [Server, Server]; readonly around: () => readonly number[] };
type Room = {
  readonly typists: readonly Typist[];
  readonly near: Readers;
  readonly far: Readers;
  readonly clients: readonly LeanClient[];
};
type Cell = { readonly p50: number; readonly microseconds: number };

/** In each story one types through the first process; half of the readers read through the second, and are timed. */
async function deliver({ servers, around }: Newsroom, seconds: number): Promise<Cell> {
  const [first, second] = servers;
  await first.expect(1 + readersEach);
  const rooms: Room[] = [];
  for (let n = 0; n < stories; n += 1) {
    const story = await first.story(paragraphsOf(3));
    const writer = await first.connect(story.document, 0);
    const clients = await Promise.all(
      Array.from({ length: readersEach }, (_, r) =>
        (r % 2 === 0 ? first : second).connect(story.document, 1 + r),
      ),
    );
    const typists = typistsIn(story, [writer]);
    const near = watch(
      clients.filter((_, r) => r % 2 === 0),
      typists,
    );
    const far = watch(
      clients.filter((_, r) => r % 2 === 1),
      typists,
    );
    rooms.push({ typists, near, far, clients: [writer, ...clients] });
  }
  const delays: number[] = [];
  await pause(500);
  const before = usedBy({ servers, around });
  await atPace({ perSecond, seconds }, (n) => rooms[n % rooms.length]?.typists[0]?.type());
  const arrived = await until(() => rooms.every(({ near, far }) => near.haveAll() && far.haveAll()), 20_000);
  await pause(afterwardsMs);
  const used = usedBy({ servers, around }) - before;
  for (const { far, clients } of rooms) {
    delays.push(far.delays.quantile(0.5));
    for (const client of clients) client.leave();
  }
  if (!arrived) throw new Error("not every letter arrived");
  const p50 = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
  return { p50, microseconds: (1000 * used) / (perSecond * seconds * readersEach) };
}

function usedBy({ servers, around }: Newsroom): number {
  return [...new Set(servers)].reduce((sum, server) => sum + server.processorMs(), processorMs(around()));
}

export const twoProcesses: Measurement = async ({ repeats, quick, say }) => {
  if (spawnSync("redis-server", ["--version"]).status !== 0) {
    say("left out: there is no redis-server on this machine");
    return { findings: [], figures: {} };
  }
  const folder = await mkdtemp(join(tmpdir(), "linecheck-bench-"));
  const databasePort = await freePort();
  const redisPort = await freePort();
  const redis = spawn("redis-server", ["--port", String(redisPort), "--bind", "127.0.0.1", "--save", ""], {
    cwd: folder,
    stdio: "ignore",
  });
  const store = await openEmbedded(folder, openLog("error"), { tcpPort: databasePort });
  if (isRefused(store)) throw new Error(store.sentence);
  const started: Server[] = [];
  const start = async (database: string, more: { env: Record<string, string>; beside?: Server }) => {
    const { env, ...rest } = more;
    const server = await startServer("ours", {
      ...rest,
      env: {
        ...env,
        DATABASE_URL: `postgres://linecheck@127.0.0.1:${String(databasePort)}/${database}`,
        LINECHECK_SECRET: "a secret that signs sessions of this measurement",
      },
    });
    started.push(server);
    return server;
  };
  try {
    for (const database of ["alone", "shared"]) await makeDatabase(databasePort, database);
    const shared = { env: { REDIS_URL: `redis://127.0.0.1:${String(redisPort)}` } };
    const alone = await start("alone", { env: {} });
    const first = await start("shared", shared);
    const second = await start("shared", { ...shared, beside: first });
    const around = () => [...postmasterOf(folder), redis.pid ?? 0];
    const newsrooms: readonly Newsroom[] = [
      { servers: [alone, alone], around },
      { servers: [first, second], around },
    ];
    const found: [Cell[], Cell[]] = [[], []];
    for (let round = -1; round < repeats; round += 1) {
      for (const n of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
        const newsroom = newsrooms[n];
        if (!newsroom) continue;
        const cell = await deliver(newsroom, round < 0 ? 2 : quick ? 4 : 10);
        // The first round only warms up.
        if (round < 0) continue;
        found[n].push(cell);
        say(
          `${String(round + 1)} ${["one process", "two processes"][n] ?? ""}: p50 ${digits(cell.p50)} ms, ` +
            `${digits(cell.microseconds)} µs a delivery`,
        );
      }
    }
    const [one, two] = found;
    const p50 = (cells: readonly Cell[]) => cells.map((cell) => cell.p50);
    const cost = (cells: readonly Cell[]) => cells.map(({ microseconds }) => microseconds);
    return {
      findings: [
        {
          what: "two processes over Redis: later than in one, p50",
          unit: "ms",
          values: differences(p50(two), p50(one)),
          target: { atMost: 3 },
        },
        {
          what: "two processes over Redis: processor time a delivered letter, over one process",
          unit: "x",
          values: ratios(cost(two), cost(one)),
          target: { atMost: 1.5 },
        },
      ],
      figures: {
        ours: {
          oneProcessP50Ms: p50(one),
          twoProcessesP50Ms: p50(two),
          oneProcessMicroseconds: cost(one),
          twoProcessesMicroseconds: cost(two),
        },
      },
    };
  } finally {
    for (const server of started.reverse()) await server.stop();
    await store.stop();
    const ended = once(redis, "exit");
    redis.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
};

async function makeDatabase(port: number, name: string): Promise<void> {
  const client = new Client({ host: "127.0.0.1", port, user: "linecheck", database: "postgres" });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
}
