/**
 * Seeded chaos: people of every role write, check and approve over several servers, while connections are cut and every
 * part is killed, stopped and held up; then all comes up, comes to rest, and every promise is looked after.
 *
 * `npm run chaos -- all [--seed N] [--minutes M]` runs longer rounds, a fresh seed each.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasRedis } from "../events/test-redis";
import { bundleMain, type MainProgram } from "../test-main";
import { checks } from "./test-checks";
import { makePlan, type Size } from "./test-plan";
import { runRound, type Round } from "./test-round";

const { LINECHECK_TEST_CHAOS_MINUTES: givenMinutes, LINECHECK_TEST_CHAOS_SEED: givenSeed } = process.env;
/** Undefined: as `npm test` runs it. */
const minutes = givenMinutes === undefined ? undefined : Number(givenMinutes);
const size: Size = process.env["LINECHECK_TEST_CHAOS_SIZE"] === "short" ? "short" : "long";
const canRun = await hasRedis();
// One listener for each peer, by the stock provider.
process.setMaxListeners(0);

let main: MainProgram;
beforeAll(async () => {
  main = await bundleMain();
});
afterAll(() => main.remove());

const repeatedBy = (seed: number, of: Size) =>
  `It is repeated by: npm run chaos -- all --seed ${String(seed)}${of === "short" ? " --short" : ""}`;

const pinned = 227;

function shortRound(): void {
  let round: Round;
  let isTold = false;
  beforeAll(async () => {
    console.log(`Chaos with seed ${String(pinned)}. ${repeatedBy(pinned, "short")}`);
    round = await runRound(main, makePlan(pinned, "short"));
    console.log(round.summary());
  }, 300_000);
  afterAll(() => round?.close(), 120_000);

  for (const { title, faults } of checks) {
    test(title, { timeout: 120_000 }, async () => {
      const found = await faults(round);
      if (found.length > 0 && !isTold) {
        isTold = true;
        console.error(`${round.report()}\n${repeatedBy(pinned, "short")}`);
      }
      expect(found).toEqual([]);
    });
  }
}

function longRounds(untilMinutes: number): void {
  test(
    "every promise is kept in every round",
    async () => {
      const endMs = Date.now() + untilMinutes * 60_000;
      const broken: number[] = [];
      for (let n = 0; n === 0 || Date.now() < endMs; n += 1) {
        const seed = givenSeed === undefined ? Date.now() % 2 ** 31 : Number(givenSeed) + n;
        process.stdout.write(`\nround ${String(n + 1)}: seed ${String(seed)}\n`);
        const found = await faultsOf(seed);
        if (found.length > 0) broken.push(seed);
      }
      expect(broken, "seeds of the rounds with faults").toEqual([]);
    },
    (untilMinutes + 20) * 60_000,
  );

  async function faultsOf(seed: number): Promise<readonly string[]> {
    const begunMs = Date.now();
    const tell = (words: string) => process.stdout.write(words);
    try {
      const round = await runRound(main, makePlan(seed, size));
      try {
        const found: string[] = [];
        for (const { title, faults } of checks) {
          found.push(...(await faults(round)).map((fault) => `${title}: ${fault}`));
        }
        tell(`${round.summary()}: ${found.length === 0 ? "every promise kept" : "BROKEN"}`);
        tell(` (${String(Math.round((Date.now() - begunMs) / 1000))} s)\n`);
        if (found.length > 0) tell(`${round.report()}\n${found.join("\n")}\n${repeatedBy(seed, size)}\n`);
        return found;
      } finally {
        await round.close();
      }
    } catch (error) {
      tell(
        `FAILED ${error instanceof Error ? `${error.message} (${String(error.cause)})` : String(error)}\n`,
      );
      tell(`${repeatedBy(seed, size)}\n`);
      return [String(error)];
    }
  }
}

if (minutes === undefined) describe.skipIf(!canRun)(`a short round (seed ${String(pinned)})`, shortRound);
else describe.skipIf(!canRun)("rounds", () => longRounds(minutes));
