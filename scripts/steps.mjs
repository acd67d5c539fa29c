/**
 * What start, test and check share: is everything installed, is the build that of these sources?
 * Plain JavaScript without dependencies: it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a program in the project's folder with its output shown; ends this process with one line when it fails. */
export function mustRun(what, command, args, env = {}) {
  const { status, error, signal } = spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
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
  console.log("Installing what is missing (once) …");
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

const sources = ["app", "components", "domain", "server"];
const settings = [
  "next.config.js",
  "postcss.config.mjs",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.base.json",
];

/** Builds pages and server, unless dist/ and .next/ are already the build of these very sources. */
export async function build() {
  const files = sources.flatMap(filesUnder).filter((path) => !/\.test\.tsx?$|tsconfig.*\.json$/.test(path));
  const wanted = hashOf([...files, ...settings.filter((path) => existsSync(join(root, path)))]);
  const stamp = "dist/.built";
  if (stampSays(stamp, wanted) && existsSync(join(root, ".next/BUILD_ID"))) return;
  console.log("Building (once for these sources) …");
  await bundleServer();
  mustRun("Building the pages", process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  });
  writeFileSync(join(root, stamp), wanted);
}

/** dist/main.js and dist/linecheck.js: our own code in one file each, packages stay where npm put them. */
async function bundleServer() {
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
}
