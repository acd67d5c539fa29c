/**
 * `npm run bench sync [-- --only NAME[,NAME] --repeats N --quick --stock --profile FOLDER]`: our sync server beside its peers, in interleaved
 * rounds. A table at the end; every figure in test-results/bench-sync.json.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { acknowledging } from "./acknowledging";
import { fiveHundredReaders, roomOfHundred, tenReaders } from "./delivering";
import { highestRate } from "./highest-rate";
import { loneKeystroke } from "./lone-keystroke";
import { longLog } from "./long-log";
import { lostAtKill } from "./lost-at-kill";
import { manyRooms } from "./many-rooms";
import type { Finding, Measured, Measurement } from "./measurement";
import { abandoned, flood, returning } from "./neighbours";
import { opening } from "./opening";
import { replay } from "./replay";
import { buildOurs, connectAsStock, profileOurs, root } from "./servers";
import { stockProviders } from "./stock-providers";
import { twoProcesses } from "./two-processes";
import { spreadOf, spreadText } from "./statistics";

/** Each with its rounds: five of what takes seconds, three of what takes minutes; one with --quick. */
const measurements: Readonly<Record<string, { measure: Measurement; rounds: number }>> = {
  providers: { measure: stockProviders, rounds: 1 },
  kill: { measure: lostAtKill, rounds: 5 },
  keystroke: { measure: loneKeystroke, rounds: 5 },
  room: { measure: roomOfHundred, rounds: 5 },
  readers: { measure: fiveHundredReaders, rounds: 5 },
  rooms: { measure: manyRooms, rounds: 3 },
  typing: { measure: tenReaders, rounds: 5 },
  replay: { measure: replay, rounds: 5 },
  opening: { measure: opening, rounds: 5 },
  rate: { measure: highestRate, rounds: 3 },
  acknowledged: { measure: acknowledging, rounds: 5 },
  processes: { measure: twoProcesses, rounds: 3 },
  longlog: { measure: longLog, rounds: 3 },
  flood: { measure: flood, rounds: 3 },
  returning: { measure: returning, rounds: 1 },
  abandoned: { measure: abandoned, rounds: 1 },
};

function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

const { values: given } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    repeats: { type: "string" },
    quick: { type: "boolean", default: false },
    profile: { type: "string" },
    stock: { type: "boolean", default: false },
  },
});
const names = given.only?.flatMap((some) => some.split(",")) ?? Object.keys(measurements);
const unknown = names.find((name) => !(name in measurements));
if (unknown !== undefined) {
  giveUp(`There is no measurement called ${unknown}; there are: ${Object.keys(measurements).join(", ")}.`);
}
const repeats = given.repeats === undefined ? undefined : Number(given.repeats);
if (repeats !== undefined && !(Number.isInteger(repeats) && repeats > 0))
  giveUp("--repeats wants a whole number.");
if (!existsSync("/proc/self/schedstat"))
  giveUp("Processor time is read from Linux's /proc: run this on Linux.");

installPeers();
await buildOurs();
if (given.stock) connectAsStock();
if (given.profile !== undefined) profileOurs(resolve(given.profile));
const results: Record<string, Measured> = {};
const startedMs = performance.now();
for (const name of names) {
  const beganMs = performance.now();
  const { measure, rounds } = measurements[name] ?? giveUp(`There is no ${name}.`);
  console.log(`\n${name}`);
  try {
    results[name] = await measure({
      repeats: repeats ?? (given.quick ? 1 : rounds),
      quick: given.quick,
      say: (line) => console.log(`  ${line}`),
    });
  } catch (error) {
    process.exitCode = 1;
    console.error(`  ${name} failed:`, error);
  }
  console.log(`  (${((performance.now() - beganMs) / 1000).toFixed(0)} s)`);
}
const findings = Object.values(results).flatMap((measured) => measured.findings);
await mkdir(join(root, "test-results"), { recursive: true });
const file = join(root, "test-results", "bench-sync.json");
await writeFile(
  file,
  JSON.stringify(
    {
      at: new Date().toISOString(),
      machine: { node: process.version, processors: cpus().map(({ model }) => model), bytes: totalmem() },
      quick: given.quick,
      results,
    },
    null,
    2,
  ),
);
console.log(`\nOurs beside its peers, median (lowest–highest) of the rounds; ratios round by round.\n`);
console.log("| | target | measured | |");
console.log("|---|---|---|---|");
for (const finding of findings) console.log(lineOf(finding));
console.log(`\n${((performance.now() - startedMs) / 60_000).toFixed(1)} minutes; every figure: ${file}`);
process.exit();

function lineOf({ what, unit, values, target }: Finding): string {
  const spread = spreadOf(values);
  const sign = unit === "x" ? "x" : ` ${unit}`;
  const wanted =
    target && ("atMost" in target ? `≤ ${String(target.atMost)}` : `≥ ${String(target.atLeast)}`);
  const isMet =
    target && ("atMost" in target ? spread.median <= target.atMost : spread.median >= target.atLeast);
  const verdict = isMet === undefined ? "" : isMet ? "met" : "missed";
  return `| ${what} | ${wanted === undefined ? "" : wanted + sign} | ${spreadText(spread)}${sign} | ${verdict} |`;
}

/** `npm ci` in the folder of the peers, unless its node_modules are already those of its lock file. */
function installPeers(): void {
  const folder = join(import.meta.dirname, "peers");
  const lock = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  const installed = join(folder, "node_modules", ".lock");
  if (existsSync(installed) && readFileSync(installed, "utf8") === lock) return;
  console.log("Installing the peers (once) …");
  const { status } = spawnSync(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: folder, stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, NODE_ENV: "development" } },
  );
  if (status !== 0) giveUp("The peers could not be installed.");
  writeFileSync(installed, lock);
}
