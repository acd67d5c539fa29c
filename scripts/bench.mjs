/** `npm run bench [NAME …]`: the measurements under bench/, each a folder with a run.ts; all of them without a name. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findBrowser } from "./browser.mjs";
import { build, install, mustRun, needNode, root } from "./steps.mjs";

needNode();
install();
await build();
const browser = await findBrowser();
const all = readdirSync(join(root, "bench")).filter((name) =>
  existsSync(join(root, "bench", name, "run.ts")),
);
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !all.includes(name));
if (unknown) {
  console.error(`There is no measurement called ${unknown}; there are: ${all.join(", ")}.`);
  process.exit(1);
}
for (const name of asked.length > 0 ? asked : all) {
  console.log(`\n— ${name} —`);
  mustRun(name, process.execPath, ["node_modules/tsx/dist/cli.mjs", join("bench", name, "run.ts")], {
    LINECHECK_BROWSER: browser,
  });
}
