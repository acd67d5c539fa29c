/**
 * `npm test`: installs what is missing, then checks, unit and server tests (on both stores), build, browser tests;
 * ends with a plain count.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, install, needNode, root } from "./steps.mjs";
import { findBrowser } from "./browser.mjs";

const results = join(root, "test-results");
const counts = { passed: 0, failed: 0, skipped: 0 };
const add = (more) => {
  for (const key of Object.keys(counts)) counts[key] += more[key] ?? 0;
};
const node = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } }).status;
const reportOf = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined);

needNode();
install();
const browser = await findBrowser();
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

console.log("\n— Checks —");
add(node(["scripts/check.mjs"]) === 0 ? { passed: 1 } : { failed: 1 });

console.log("\n— Unit and server tests —");
const vitestReport = join(results, "vitest.json");
const vitestStatus = node([
  "node_modules/vitest/vitest.mjs",
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${vitestReport}`,
]);
const vitest = reportOf(vitestReport);
add({
  passed: vitest?.numPassedTests ?? 0,
  failed: vitest?.numFailedTests ?? 0,
  skipped: (vitest?.numPendingTests ?? 0) + (vitest?.numTodoTests ?? 0),
});
if (vitestStatus !== 0 && !vitest?.numFailedTests) add({ failed: 1 });

console.log("\n— Browser tests —");
await build();
add(node(["scripts/check-size.mjs"]) === 0 ? { passed: 1 } : { failed: 1 });
const playwrightReport = join(results, "playwright.json");
const playwrightStatus = node(
  [
    "node_modules/@playwright/test/cli.js",
    "test",
    "--config",
    "e2e/playwright.config.ts",
    "--reporter=list,json",
  ],
  { LINECHECK_BROWSER: browser, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport },
);
const playwright = reportOf(playwrightReport)?.stats;
add({
  passed: (playwright?.expected ?? 0) + (playwright?.flaky ?? 0),
  failed: playwright?.unexpected ?? 0,
  skipped: playwright?.skipped ?? 0,
});
if (playwrightStatus !== 0 && !playwright?.unexpected) add({ failed: 1 });

console.log(
  `\n${String(counts.passed)} passed, ${String(counts.failed)} failed, ${String(counts.skipped)} skipped`,
);
process.exit(counts.failed === 0 ? 0 : 1);
