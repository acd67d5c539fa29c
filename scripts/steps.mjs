/**
 * What start, test and check share: is everything installed, is the build that of these sources?
 * Plain JavaScript without dependencies: it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Runs a program in the project's folder, its output shown on standard error (standard output is for what was asked
 * for); ends this process with one line when it fails.
 */
export function mustRun(what, command, args, env = {}) {
  const { status, error, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: ["inherit", 2, "inherit"],
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  const why = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${String(status)}`);
  console.error(`${what} failed: ${why}.`);
  process.exit(1);
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths)
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, path)))
      .update("\0");
  return hash.digest("hex");
}

function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

const stampSays = (path, value) =>
  existsSync(join(root, path)) && readFileSync(join(root, path), "utf8") === value;

/** What was cut off half-way is no build of anything, also once the sources are again what they were. */
const takeStampAway = (path) => rmSync(join(root, path), { force: true });

/** Ends the process with one clear line on a Node that is too old. */
export function needNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Linecheck needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** `npm ci`, unless node_modules is already that of package-lock.json on this platform. */
export function install() {
  const wanted = `${hashOf(["package.json", "package-lock.json"])} ${process.platform} ${process.arch}`;
  const stamp = "node_modules/.linecheck-installed";
  if (stampSays(stamp, wanted)) return;
  takeStampAway(stamp);
  console.error("Installing what is missing (once) …");
  mustRun(
    "Installing",
    "npm",
    ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      NODE_ENV: "development",
    },
  );
  writeFileSync(join(root, stamp), wanted);
}

const isSource = (path) => !/\.test\.tsx?$|tsconfig.*\.json$/.test(path);
const settings = [
  "next.config.js",
  "postcss.config.mjs",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
];
const hashOfSources = (folders) =>
  hashOf([
    ...folders.flatMap(filesUnder).filter(isSource),
    ...settings.filter((path) => existsSync(join(root, path))),
  ]);

/** dist/main.js and dist/linecheck.js: our own code in one file each, packages stay where npm put them. */
export async function buildServer() {
  const wanted = hashOfSources(["domain", "server"]);
  const stamp = "dist/.server-built";
  if (stampSays(stamp, wanted)) return;
  takeStampAway(stamp);
  const { build: bundle } = await import("esbuild");
  await bundle({
    absWorkingDir: root,
    entryPoints: ["server/main.ts", "server/linecheck.ts"],
    outdir: "dist",
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
  writeFileSync(join(root, stamp), wanted);
}

/** Builds pages and server, unless dist/ and .next/ are already the build of these very sources. */
export async function build() {
  await buildServer();
  const wanted = hashOfSources(["app", "components", "domain"]);
  const stamp = "dist/.pages-built";
  if (stampSays(stamp, wanted) && existsSync(join(root, ".next/BUILD_ID"))) return;
  takeStampAway(stamp);
  console.error("Building the pages (once for these sources) …");
  mustRun("Building the pages", process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  writeFileSync(join(root, stamp), wanted);
}
