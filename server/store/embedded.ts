/**
 * The embedded store: PostgreSQL's own programs on a private socket inside the data folder.
 *
 * It lives on when this process is killed and is adopted by the next; when it is killed itself it is started again.
 * Its folder is `store` in the data folder; its own words go to `store.log` beside it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, constants, fchownSync, openSync } from "node:fs";
import {
  access,
  chmod,
  chown,
  lstat,
  mkdir,
  readFile,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
} from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import type { Logger } from "pino";
import { isRefused } from "@/domain/refusal";
import {
  findBinaries,
  postgresEnvironment,
  runnerFor,
  type Binaries,
  type Runner,
} from "./postgres-binaries";
import { fileErrorOf, refuseStore, type StoreRefusal } from "./refuse-store";

const postgresVersion = "18";
const startWithinMs = 60_000;
const stopWithinMs = 30_000;
const watchEveryMs = 500;
/** A Unix socket's path holds 107 bytes on Linux, 103 on macOS. */
const maxSocketPathBytes = 103;
const maxLogBytes = 5_000_000;

export type Embedded = {
  readonly connection: ClientConfig & { readonly host: string; readonly port: number };
  /** Did this process start the server (and not find it running)? */
  readonly started: boolean;
  /** Stops watching and leaves the server running for whoever else uses it. */
  readonly leave: () => void;
  /** Stops the server cleanly. */
  readonly stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  /** Also listens on 127.0.0.1 at this port: for tests. */
  readonly tcpPort?: number | undefined;
  /** More settings of PostgreSQL: for tests. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
};

type Place = {
  readonly dataFolder: string;
  readonly storeFolder: string;
  readonly socketFolder: string;
  readonly port: number;
  readonly runner: Runner;
  readonly binaries: Binaries;
  readonly options: EmbeddedOptions;
};

/** Is there an embedded store in this folder? */
export const hasStore = (dataFolder: string) => exists(join(dataFolder, "store", "PG_VERSION"));

/** Opens the store of this folder: makes it, starts it, or finds it running. */
export async function openEmbedded(
  dataFolder: string,
  log: Logger,
  options: EmbeddedOptions = {},
): Promise<Embedded | StoreRefusal> {
  const storeFolder = join(dataFolder, "store");
  const refused = await mayUse(dataFolder, storeFolder);
  if (refused) return refused;
  const runner = await runnerFor(storeFolder);
  if (runner && process.platform !== "linux") {
    return refuseStore(
      "cannot-start",
      "The embedded store does not run as root here: start Linecheck as an ordinary user, or set DATABASE_URL.",
    );
  }
  const binaries = await findBinaries(runner);
  if (isRefused(binaries)) return binaries;
  const socketFolder = await socketFolderFor(storeFolder, runner);
  if (socketFolder === null) {
    return refuseStore(
      "cannot-start",
      "The embedded store finds no folder for its socket: LINECHECK_DATA is too long a path.",
    );
  }
  const place: Place = {
    dataFolder,
    storeFolder,
    socketFolder,
    port: options.tcpPort ?? 5432,
    runner,
    binaries,
    options,
  };
  const made = await makeStore(place);
  if (made) return made;
  const running = await ensureRunning(place);
  if (isRefused(running)) return running;
  return watched(place, running, log);
}

async function mayUse(dataFolder: string, storeFolder: string): Promise<StoreRefusal | null> {
  const no = (why: string) =>
    refuseStore(
      "no-permission",
      `Linecheck cannot write in its data folder ${dataFolder} (${why}): set LINECHECK_DATA to a folder of your own.`,
    );
  try {
    await mkdir(dataFolder, { recursive: true });
    await access(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    return no(fileErrorOf(error) ?? String(error));
  }
  try {
    const version = (await readFile(join(storeFolder, "PG_VERSION"), "utf8")).trim();
    if (version !== postgresVersion) {
      return refuseStore(
        "newer-store",
        `The store in ${dataFolder} was made by PostgreSQL ${version}; this Linecheck brings ${postgresVersion}.`,
      );
    }
    const { uid } = await stat(storeFolder);
    const self = process.getuid?.() ?? uid;
    if (self !== 0 && uid !== self) return no("its store belongs to another user");
  } catch (error) {
    if (fileErrorOf(error) !== "ENOENT") return no(fileErrorOf(error) ?? String(error));
  }
  return null;
}

/** Inside the store, unless that path is too long for a socket: then a short private folder in /tmp. */
async function socketFolderFor(storeFolder: string, runner: Runner): Promise<string | null> {
  if (Buffer.byteLength(join(storeFolder, ".s.PGSQL.65535")) <= maxSocketPathBytes) return storeFolder;
  const name = createHash("sha256").update(storeFolder).digest("hex").slice(0, 16);
  const short = join("/tmp", `linecheck-${name}`);
  const uid = runner?.uid ?? process.getuid?.();
  try {
    await mkdir(short, { mode: 0o700 });
    if (runner) await chown(short, runner.uid, runner.gid);
  } catch (error) {
    if (fileErrorOf(error) !== "EEXIST") return null;
  }
  const found = await lstat(short);
  return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0 ? short : null;
}

/**
 * Run by root, the other user may be unable to walk to the folder (a private home). It need not: it is started in
 * the folder and calls it by that name.
 */
const seenFrom = (place: Place, folder: string) => (place.runner ? "/proc/self/cwd" : folder);

/** A new store is made beside its place and moved there whole, so that a start cut short leaves no half of one. */
async function makeStore(place: Place): Promise<StoreRefusal | null> {
  for (const name of await readdir(place.dataFolder)) {
    const pid = /^\.store-new-(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      // What still writes there has outlived its process for a moment: the next start clears it away.
      await rm(join(place.dataFolder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
  if (await hasStore(place.dataFolder)) return null;
  const fresh = join(place.dataFolder, `.store-new-${String(process.pid)}`);
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await chmod(fresh, 0o700);
  if (place.runner) await chown(fresh, place.runner.uid, place.runner.gid);
  const child = spawn(
    place.binaries.initdb,
    [
      `--pgdata=${seenFrom(place, fresh)}`,
      "--username=linecheck",
      "--auth=trust",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      "--no-instructions",
    ],
    { cwd: fresh, env: postgresEnvironment, stdio: ["ignore", "ignore", "pipe"], ...place.runner },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const [code]: unknown[] = await once(child, "close");
  if (code !== 0) {
    await rm(fresh, { recursive: true, force: true });
    return refuseStore(
      "cannot-start",
      `The store could not be made in ${place.dataFolder}: ${lastLine(said)}`,
    );
  }
  try {
    await rename(fresh, place.storeFolder);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    // Another process was quicker: its store is as good.
    if (!(await hasStore(place.dataFolder))) throw error;
  }
  return null;
}

type Running = {
  readonly pid: number;
  /** Null: it was found running. */
  readonly child: ChildProcess | null;
};

async function ensureRunning(place: Place): Promise<Running | StoreRefusal> {
  const deadlineMs = performance.now() + startWithinMs;
  let failures = 0;
  let why = "it did not answer in time";
  while (performance.now() < deadlineMs) {
    const pid = await pidInFile(place);
    if (pid !== null && (await answers(place))) return { pid, child: null };
    if (pid !== null && (await servesHere(place, pid))) {
      // Starting, recovering or stopping.
      await sleep(50);
      continue;
    }
    const release = await startingAlone(place);
    if (release === null) {
      why = "another process is starting it";
      await sleep(50);
      continue;
    }
    try {
      if (pid !== null) await forgetStranger(place, pid);
      const attempt = await startOnce(place, deadlineMs);
      if ("child" in attempt) return attempt;
      why = attempt.why;
    } finally {
      release();
    }
    // After kill -9 of the server its last workers need a moment; a second process may be starting it just now.
    const passes = /shared memory block|lock file|already in use|could not bind/i.test(why);
    failures += 1;
    if (!passes && failures >= 3) break;
    await sleep(200);
  }
  return refuseStore("cannot-start", `The embedded store in ${place.dataFolder} does not start: ${why}`);
}

async function startOnce(place: Place, deadlineMs: number): Promise<Running | { readonly why: string }> {
  const logPath = join(place.dataFolder, "store.log");
  const sizeBefore = await sizeOfLog(logPath);
  const logFile = openSync(logPath, "a", 0o600);
  // Whoever owns the store may start it without root the next time.
  if (place.runner) fchownSync(logFile, place.runner.uid, place.runner.gid);
  const settings = {
    listen_addresses: place.options.tcpPort === undefined ? "" : "127.0.0.1",
    port: String(place.port),
    unix_socket_directories:
      place.socketFolder === place.storeFolder ? seenFrom(place, place.storeFolder) : place.socketFolder,
    unix_socket_permissions: "0700",
    max_connections: "60",
    shared_buffers: "64MB",
    jit: "off",
    // Every commit waits for the disk itself and the pages are few: who only looks, several times a second, need not.
    wal_writer_delay: "10s",
    bgwriter_lru_maxpages: "0",
    bgwriter_delay: "10s",
    log_checkpoints: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    ...place.options.settings,
  };
  const child = spawn(
    place.binaries.postgres,
    [
      "-D",
      seenFrom(place, place.storeFolder),
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      cwd: place.storeFolder,
      env: postgresEnvironment,
      stdio: ["ignore", logFile, logFile],
      // A group of its own: Ctrl-C is this process's to answer.
      detached: true,
      ...place.runner,
    },
  );
  closeSync(logFile);
  child.unref();
  let failed: string | undefined;
  child.once("error", (error) => (failed = error.message));
  while (performance.now() < deadlineMs) {
    if (failed !== undefined) return { why: failed };
    if (child.exitCode !== null || child.signalCode !== null) {
      const said = (await readFile(logPath, "utf8")).slice(sizeBefore);
      return {
        why: lastLine(
          said
            .split("\n")
            .filter((line) => /FATAL|PANIC|ERROR/.test(line))
            .join("\n") || said,
        ),
      };
    }
    if (child.pid !== undefined && (await answers(place))) return { pid: child.pid, child };
    await sleep(20);
  }
  return { why: "it did not answer in time" };
}

async function watched(place: Place, first: Running, log: Logger): Promise<Embedded> {
  let running = first;
  let over = false;
  let restarting: Promise<void> | null = null;
  const restart = async () => {
    log.warn({ pid: running.pid }, "the embedded store ended; starting it again");
    const again = await ensureRunning(place);
    if (isRefused(again)) log.error(again.sentence);
    else running = again;
  };
  let timer: NodeJS.Timeout | undefined;
  /** Its end is told where it was started here; of one that was found running it is looked up. */
  function watch(): void {
    if (over) return;
    const { child } = running;
    if (child && child.exitCode === null && child.signalCode === null) child.once("exit", look);
    else timer = setTimeout(look, watchEveryMs).unref();
  }
  function look(): void {
    if (over) return;
    if (isAlive(running.pid)) return watch();
    restarting = restart()
      .catch((error: unknown) => log.error(error, "the embedded store was not started again"))
      .finally(() => {
        restarting = null;
        watch();
      });
  }
  watch();
  const leave = () => {
    over = true;
    clearTimeout(timer);
  };
  return {
    connection: { host: place.socketFolder, port: place.port, user: "linecheck", database: "postgres" },
    started: first.child !== null,
    leave,
    stop: async () => {
      leave();
      await restarting;
      if (await servesHere(place, running.pid)) await stopServer(running.pid);
      if (place.socketFolder !== place.storeFolder) await rmdir(place.socketFolder).catch(() => undefined);
    },
  };
}

/** Cleanly; where that takes too long, at once (the next start recovers). */
async function stopServer(pid: number): Promise<void> {
  for (const [signal, withinMs] of [
    ["SIGINT", stopWithinMs],
    ["SIGQUIT", 5000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (fileErrorOf(error) === "ESRCH") return;
      throw error;
    }
    const deadlineMs = performance.now() + withinMs;
    while (performance.now() < deadlineMs) {
      if (!isAlive(pid)) return;
      await sleep(20);
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return fileErrorOf(error) === "EPERM";
  }
}

async function pidInFile(place: Place): Promise<number | null> {
  const text = await readFile(join(place.storeFolder, "postmaster.pid"), "utf8").catch(() => "");
  const pid = Number(text.split("\n")[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Is this living process the server of this folder? After a reboot its number may be anybody's. */
async function servesHere(place: Place, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    return (await readlink(`/proc/${String(pid)}/cwd`)) === (await realpath(place.storeFolder));
  } catch {
    return false;
  }
}

/**
 * One start at a time: a name in Linux's abstract socket space, which the system frees when its holder dies. Null
 * while another process has it. Elsewhere PostgreSQL's own lock files must do (and nothing is forgotten, see below).
 */
async function startingAlone(place: Place): Promise<(() => void) | null> {
  if (process.platform !== "linux") return () => undefined;
  const name = createHash("sha256").update(place.storeFolder).digest("hex").slice(0, 32);
  const server = createServer();
  server.unref();
  return new Promise((resolve) => {
    server.once("error", () => resolve(null));
    server.listen(`\0linecheck-start-${name}`, () => resolve(() => server.close()));
  });
}

/**
 * PostgreSQL takes the number in its lock files for its own, still running, when a stranger carries it by now (after
 * a reboot, in a container always). A number that nobody carries it forgets by itself.
 */
async function forgetStranger(place: Place, pid: number): Promise<void> {
  if (process.platform !== "linux" || !isAlive(pid)) return;
  if ((await pidInFile(place)) !== pid || (await servesHere(place, pid))) return;
  await rm(join(place.storeFolder, "postmaster.pid"), { force: true });
  await rm(join(place.socketFolder, `.s.PGSQL.${String(place.port)}.lock`), { force: true });
}

async function answers(place: Place): Promise<boolean> {
  const client = new Client({
    host: place.socketFolder,
    port: place.port,
    user: "linecheck",
    database: "postgres",
    connectionTimeoutMillis: 3000,
  });
  client.on("error", () => {
    // The server may end while it is being asked: the answer is then no.
  });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function sizeOfLog(path: string): Promise<number> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size <= maxLogBytes) return size;
  await truncate(path, 0);
  return 0;
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
