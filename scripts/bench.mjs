/**
 * `npm run bench [NAME …] [-- OPTIONS]`: the measurements under bench/, each a folder with a run.ts; all of them without
 * a name. Options are those of the measurement (`--only`, `--repeats`, `--quick` of sync).
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./browser.mjs";
import { build, install, mustRun, needNode, root } from "./steps.mjs";

/** Those that drive a browser want the pages built. */
const inBrowser = ["typing"];

needNode();
install();
const all = readdirSync(join(root, "bench")).filter((name) =>
  existsSync(join(root, "bench", name, "run.ts")),
);
const given = process.argv.slice(2);
const firstOption = given.findIndex((word) => word.startsWith("-"));
const asked = firstOption === -1 ? given : given.slice(0, firstOption);
const options = firstOption === -1 ? [] : given.slice(firstOption);
const unknown = asked.find((name) => !all.includes(name));
if (unknown) {
  console.error(`There is no measurement called ${unknown}; there are: ${all.join(", ")}.`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n— ${name} —`);
  const runner = ["node_modules/tsx/dist/cli.mjs", join("bench", name, "run.ts"), ...options];
  if (inBrowser.includes(name)) await build();
  const env = inBrowser.includes(name) ? { LINECHECK_BROWSER: await findBrowser() } : {};
  mustRun(name, process.execPath, runner, env);
}
