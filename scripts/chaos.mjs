/**
 * `npm run chaos -- WHAT …`: what `npm test` tries shortly, for long.
 *
 *     kills [--times N]  the server is killed N times (200) under load: nothing saved or seen is lost
 *     fuzz  [--times N]  N frames (100,000) that nobody honest sends, in rounds: the others write on
 *     all   [--seed N] [--minutes M] [--short]
 *                        rounds over several servers in which every part is cut, killed and held up, for M minutes (10;
 *                        with a seed: one round); each round has a seed of its own
 *
 * kills and fuzz take `--store embedded|postgres`; all has a PostgreSQL and a Redis of its own.
 */
import { parseArgs } from "node:util";
import { install, mustRun, needNode } from "./steps.mjs";

const stores = { embedded: "server on embedded", postgres: "server on PostgreSQL" };
const often =
  (test, setting, usual) =>
  ({ times, store }) => ({
    test,
    project: stores[store],
    settings: { [setting]: times ?? String(usual) },
  });
const whats = {
  kills: often("server/body/kill.test.ts", "LINECHECK_TEST_KILLS", 200),
  fuzz: often("server/body/fuzz.test.ts", "LINECHECK_TEST_FRAMES", 100_000),
  all: ({ seed, minutes, short }) => ({
    test: "server/chaos/chaos.test.ts",
    project: stores.postgres,
    settings: {
      LINECHECK_TEST_CHAOS_MINUTES: minutes ?? (seed === undefined ? "10" : "0"),
      ...(seed === undefined ? {} : { LINECHECK_TEST_CHAOS_SEED: seed }),
      ...(short ? { LINECHECK_TEST_CHAOS_SIZE: "short" } : {}),
    },
  }),
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    times: { type: "string" },
    store: { type: "string", default: "embedded" },
    seed: { type: "string" },
    minutes: { type: "string" },
    short: { type: "boolean", default: false },
  },
});
const [what] = positionals;
const areNumbers = [values.times, values.seed, values.minutes].every(
  (given) => !Number.isNaN(Number(given ?? 0)),
);
if (!Object.hasOwn(whats, what ?? "") || !Object.hasOwn(stores, values.store) || !areNumbers) {
  console.error("npm run chaos -- kills|fuzz [--times N] [--store embedded|postgres]");
  console.error("npm run chaos -- all [--seed N] [--minutes M] [--short]");
  process.exit(1);
}
const { test, project, settings } = whats[what](values);
needNode();
install();
mustRun(
  what,
  process.execPath,
  ["node_modules/vitest/vitest.mjs", "run", "--project", project, "--reporter=verbose", test],
  settings,
);
