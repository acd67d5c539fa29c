/**
 * `npm run chaos -- WHAT [--times N] [--store embedded|postgres]`: what `npm test` tries shortly, for long.
 *
 *     kills  the server is killed N times (200) under load: nothing saved or seen is lost
 *     fuzz   N frames (100,000) that nobody honest sends, in rounds: the others write on
 */
import { parseArgs } from "node:util";
import { install, mustRun, needNode } from "./steps.mjs";

const whats = {
  kills: { test: "server/body/kill.test.ts", setting: "LINECHECK_TEST_KILLS", times: 200 },
  fuzz: { test: "server/body/fuzz.test.ts", setting: "LINECHECK_TEST_FRAMES", times: 100_000 },
};
const stores = { embedded: "server on embedded", postgres: "server on PostgreSQL" };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: "string" }, store: { type: "string", default: "embedded" } },
});
const [what] = positionals;
if (!Object.hasOwn(whats, what ?? "") || !Object.hasOwn(stores, values.store)) {
  console.error("npm run chaos -- kills|fuzz [--times N] [--store embedded|postgres]");
  process.exit(1);
}
const { test, setting, times } = whats[what];
needNode();
install();
mustRun(
  what,
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--project", stores[values.store], "--reporter=verbose", test],
  { [setting]: values.times ?? String(times) },
);
