/** The servers that are measured, each a process of its own with a folder of its own; and how a client reaches them. */
import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import * as Y from "yjs";
import { writeContent } from "@/domain/body/write-content";
import { hocuspocus, yWebsocket, type Dialect } from "./dialects";
import { openLeanClient, type LeanClient } from "./lean-client";
import { paragraphEnds, type ItemId } from "./update-bytes";
import { pageCacheBytes, pidsOf, processorMs, residentBytes } from "./usage";

export const kinds = [
  "ours",
  "y-websocket",
  "y-websocket+level",
  "hocuspocus",
  "limit",
  "storing-limit",
] as const;
export type Kind = (typeof kinds)[number];

export const nameOf: Record<Kind, string> = {
  ours: "ours",
  "y-websocket": "@y/websocket-server, in memory",
  "y-websocket+level": "@y/websocket-server, LevelDB",
  hocuspocus: "Hocuspocus, SQLite",
  limit: "broadcaster",
  "storing-limit": "broadcaster that stores first",
};

/** Who asks it for a text is told nothing. */
export const keepsNoText = (kind: Kind) => kind === "limit" || kind === "storing-limit";

export type Story = {
  readonly document: string;
  /** Its text as the server first holds it. */
  readonly state: Uint8Array;
  /** Where one can type on: the end of each paragraph. */
  readonly ends: readonly ItemId[];
};

/** Where and as whom a client comes. */
export type Seat = {
  readonly port: number;
  readonly path: string;
  readonly cookie: string | undefined;
  readonly document: string;
};

export type Server = {
  readonly kind: Kind;
  readonly port: number;
  /** Starts a story of these paragraphs; it is there (and stored) when this resolves. */
  readonly story: (paragraphs: readonly string[]) => Promise<Story>;
  /** The nth client: with us, a person of their own. */
  readonly connect: (document: string, n: number) => Promise<LeanClient>;
  readonly seat: (document: string, n: number) => Seat;
  /** So many clients will come: people are brought in before anything is measured. */
  readonly expect: (clients: number) => Promise<void>;
  /** Milliseconds of processor time so far, a durable store's own processes included. */
  readonly processorMs: () => number;
  /** Bytes in memory after a garbage collection. */
  readonly residentBytes: () => Promise<number>;
  /** Of those, the pages that its store keeps in memory: a cache of a set size, which what is read fills. */
  readonly pageCacheBytes: () => number;
  /** What it holds itself, of its JavaScript heap and beside it: without what the system's allocator keeps for later. */
  readonly usedBytes: () => Promise<number>;
  readonly cookie: (n: number) => string | undefined;
  /** kill -9: of the server's process, or of its store's processes with it. */
  readonly kill: (what: "process" | "everything") => Promise<void>;
  /** Starts it again on the same folder and port. */
  readonly restart: () => Promise<void>;
  /** Ends it in good order, so that it stores what it holds. */
  readonly end: () => Promise<void>;
  /** Ends it and takes its folder away. */
  readonly stop: () => Promise<void>;
};

export const root = join(import.meta.dirname, "../..");
const here = import.meta.dirname;
/** One folder below the root, as the built server is. */
const bundled = (program: "ours" | "storing") => join(root, "test-results", `bench-sync-${program}.mjs`);
const firstPort = Number(process.env["BENCH_SYNC_PORT"] ?? 4700);
let nextPort = firstPort;
/** The next port from BENCH_SYNC_PORT on at which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = (nextPort += 1);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    probe.close();
    if (isFree) return port;
  }
}
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export async function buildOurs(): Promise<void> {
  await mkdir(join(root, "test-results"), { recursive: true });
  await build({
    entryPoints: (["ours", "storing"] as const).map((program) => ({
      in: join(here, `${program}.ts`),
      out: `bench-sync-${program}`,
    })),
    outdir: join(root, "test-results"),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    tsconfig: join(root, "tsconfig.base.json"),
    sourcemap: true,
    logLevel: "warning",
  });
}

/** What `npm start` gives to Node. */
const startFlags = (
  JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly scripts: { readonly start: string };
  }
).scripts.start
  .split(" ")
  .filter((word) => word.startsWith("--"));

let profiles: string | undefined;
/** From now on each process of ours leaves a CPU profile in this folder when it ends in good order. */
export function profileOurs(folder: string): void {
  profiles = folder;
}

/** Of this process's environment a server sees the path, and whether ours is to keep its usual limits. */
const kept = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => ["PATH", "BENCH_SYNC_LIMITS"].includes(name)),
);

let asksForSaved = true;
/** From now on the clients of ours do not ask what is saved, as the stock provider does not. */
export function connectAsStock(): void {
  asksForSaved = false;
}

type Options = {
  /** Its clients ask what is saved, whatever was said for all. */
  readonly saved?: true;
  /** More settings for the process (DATABASE_URL, REDIS_URL, …). */
  readonly env?: Readonly<Record<string, string>>;
  /** Its people are those of this server: another process of the same newsroom. */
  readonly beside?: Server;
};

function programOf(
  kind: Kind,
  port: number,
  folder: string,
): { script: string; env: Record<string, string> } {
  const own = { PORT: String(port), HOST: "127.0.0.1" };
  switch (kind) {
    case "ours": {
      const env = { ...own, LINECHECK_DATA: folder, LINECHECK_LOG: "error", LINECHECK_DEMO: "0" };
      return { script: bundled("ours"), env };
    }
    case "y-websocket":
      return { script: join(here, "peers/node_modules/@y/websocket-server/src/server.js"), env: own };
    case "y-websocket+level":
      return {
        script: join(here, "peers/y-websocket-level.mjs"),
        env: { ...own, YPERSISTENCE: join(folder, "level") },
      };
    case "hocuspocus":
      return {
        script: join(here, "peers/hocuspocus.mjs"),
        env: { ...own, FILE: join(folder, "documents.db") },
      };
    case "limit":
      return { script: join(here, "peers/broadcaster.mjs"), env: own };
    case "storing-limit":
      return { script: bundled("storing"), env: { ...own, LINECHECK_DATA: folder } };
  }
}

export async function startServer(kind: Kind, options: Options = {}): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "linecheck-bench-"));
  const port = await freePort();
  const { script, env } = programOf(kind, port, folder);
  const dialect: Dialect = kind === "hocuspocus" ? hocuspocus : yWebsocket;
  let child = await start();
  let cookies: string[] = [];
  let stories = 0;

  async function start(): Promise<ChildProcess> {
    const started = fork(script, [], {
      cwd: root,
      env: { ...kept, NODE_ENV: "production", ...env, ...options.env },
      execArgv: [
        "--expose-gc",
        "--import",
        join(here, "peers/when-asked.mjs"),
        ...(kind === "ours" ? startFlags : []),
        ...(kind === "ours" && profiles !== undefined ? ["--cpu-prof", "--cpu-prof-dir", profiles] : []),
      ],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    running.add(started);
    started.once("exit", () => running.delete(started));
    await answersAt(port, started);
    return started;
  }

  const ask = askOver(() => child);
  const roots = () => [child.pid ?? 0, ...postmasterOf(folder)];

  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    // Hocuspocus stores and ends on SIGINT, ours on SIGTERM; the others just end.
    child.kill(kind === "hocuspocus" ? "SIGINT" : "SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(late);
  }

  const cookieOf = (n: number) => (options.beside ? options.beside.cookie(n) : cookies[n]);
  const seat = (document: string, n: number): Seat => ({
    port,
    path:
      kind === "ours"
        ? `/collab/${document}${options.saved || asksForSaved ? "?saved=1" : ""}`
        : `/${document}`,
    cookie: cookieOf(n),
    document,
  });
  const open = (document: string, n: number) =>
    openLeanClient({ ...seat(document, n), dialect, syncs: !keepsNoText(kind) });

  async function expectClients(clients: number): Promise<void> {
    if (options.beside) return options.beside.expect(clients);
    if (kind !== "ours" || clients <= cookies.length) return;
    const more = await ask<string[]>("people", { from: cookies.length, count: clients - cookies.length });
    cookies = [...cookies, ...more];
  }

  /** Peers get the text as a first client would bring it. */
  async function bring(document: string, state: Uint8Array): Promise<void> {
    const client = await open(document, 0);
    client.send(state);
    for (;;) {
      const reader = await open(document, 1);
      reader.leave();
      if (reader.state.length >= state.length) break;
    }
    client.leave();
  }

  return {
    kind,
    port,
    story: async (paragraphs) => {
      stories += 1;
      if (kind === "ours") {
        await expectClients(1);
        const document = await ask<string>("story", { cookie: cookies[0] ?? "", paragraphs });
        const reader = await open(document, 0);
        reader.leave();
        return storyOf(document, reader.state);
      }
      const document = `story-${String(stories)}`;
      const state = stateOf(paragraphs);
      if (!keepsNoText(kind)) await bring(document, state);
      return storyOf(document, state);
    },
    connect: open,
    seat,
    expect: expectClients,
    processorMs: () => processorMs(roots()),
    usedBytes: () => ask<number>("gc", {}),
    residentBytes: async () => {
      await ask("gc", {});
      return residentBytes(roots());
    },
    pageCacheBytes: () => pageCacheBytes(roots()),
    cookie: cookieOf,
    kill: async (what) => {
      const pids = what === "everything" ? pidsOf(roots()) : [];
      const died = once(child, "exit");
      child.kill("SIGKILL");
      for (const pid of pids) killIfThere(pid);
      await died;
    },
    restart: async () => {
      child = await start();
    },
    end,
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The embedded store's own process, if any: adopted after a kill -9 of the server, it is nobody's child here. */
export function postmasterOf(dataFolder: string): number[] {
  const file = join(dataFolder, "store", "postmaster.pid");
  if (!existsSync(file)) return [];
  return [Number(readFileSync(file, "utf8").split("\n", 1)[0])];
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended with its parent.
  }
}

/** Asks a child over its channel; answers carry the number of the question. */
function askOver(child: () => ChildProcess) {
  let asked = 0;
  return <Value>(what: string, given: object): Promise<Value> =>
    new Promise((resolve, reject) => {
      const id = (asked += 1);
      const to = child();
      const hear = (message: { answer?: number; value?: Value; error?: string }) => {
        if (message.answer !== id) return;
        to.off("message", hear);
        to.off("exit", gone);
        if (message.error === undefined) resolve(message.value as Value);
        else reject(new Error(message.error));
      };
      const gone = () => reject(new Error(`The server ended before it answered: ${what}`));
      to.on("message", hear);
      to.once("exit", gone);
      to.send({ ask: what, id, ...given });
    });
}

/** The server listens (and is open: ours listens last). */
async function answersAt(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`A server to measure did not start (${child.spawnargs.join(" ")})`);
    }
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The same blocks that our server makes of a story's text. */
function stateOf(paragraphs: readonly string[]): Uint8Array {
  const doc = new Y.Doc();
  let blocks = 0;
  const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });
  writeContent(
    doc,
    {
      headline: [paragraph("A story to be written together")],
      standfirst: [],
      body: paragraphs.map(paragraph),
    },
    () => `block-${String((blocks += 1))}`,
  );
  return Y.encodeStateAsUpdate(doc);
}

function storyOf(document: string, state: Uint8Array): Story {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  return { document, state, ends: paragraphEnds(doc) };
}
