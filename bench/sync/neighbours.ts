/** What many or bad neighbours cost the others, and what of it stays in memory afterwards. Ours alone: against itself before. */
import { openCrowd, type Comer, type Coming } from "./crowd";
import type { Finding, Measurement } from "./measurement";
import { startServer, type Seat, type Server, type Story } from "./servers";
import { digits, openHistogram } from "./statistics";
import { atPace, connectMany, openTypist, paragraphsOf, pause, typistsIn, until, watch } from "./typing";

/** A room that nobody has open leaves memory after 30 s. */
const leftMs = 34_000;
/** By then the collector and the connections to the store have given back what ten thousand rooms took. */
const settledMs = 90_000;
const pairs = 20;

type Calm = {
  /** Everybody types for a while; gives the p99 of all delays, in milliseconds. */
  readonly p99: (seconds: number) => Promise<number>;
  readonly leave: () => void;
};

/** Twenty stories, two people in each, two letters a second each. */
async function calmRooms(server: Server, first: number): Promise<Calm> {
  const stories: Story[] = [];
  for (let n = 0; n < pairs; n += 1) stories.push(await server.story(paragraphsOf(10)));
  const clients = await connectMany(
    server,
    stories.flatMap(({ document }) => [document, document]),
    first,
  );
  const rooms = stories.map((story, n) => {
    const two = clients.slice(2 * n, 2 * n + 2);
    const typists = typistsIn(story, two);
    return { typists, readers: watch(two, typists) };
  });
  const typists = rooms.flatMap((room) => room.typists);
  return {
    p99: async (seconds) => {
      for (const { readers } of rooms) readers.beginAnew();
      await atPace({ perSecond: 2 * typists.length, seconds }, (n) => typists[n % typists.length]?.type());
      if (!(await until(() => rooms.every(({ readers }) => readers.haveAll()), 30_000))) {
        throw new Error("A letter did not arrive.");
      }
      const all = openHistogram();
      for (const { readers } of rooms) all.addAll(readers.delays);
      return all.quantile(0.99);
    },
    leave: () => {
      for (const client of clients) client.leave();
    },
  };
}

const found = (what: string, values: readonly number[], atMost?: number): Finding => ({
  what,
  unit: "x",
  values,
  target: atMost === undefined ? undefined : { atMost },
});

/** Left alone after a crowd has gone. */
const goneMs = 5_000;
/** Each beside ten calm seconds just before it: one alone is eight letters of eight hundred. */
const storms = 3;

/**
 * Two thousand come back while others type, as stock clients (a socket each) and as pages of ours (two): within two
 * seconds, as our pages do, and all at the same moment; and again after a restart. Crowd, store and typists share the
 * processors with the server: what that alone does to the typists is measured with the same crowd at the door of another
 * server.
 */
export const returning: Measurement = async ({ repeats, quick, say }) => {
  const people = quick ? 400 : 2_000;
  const kept: number[] = [];
  const delayed: number[] = [];
  const delayedElsewhere: number[] = [];
  const delayedAtOnce: number[] = [];
  const delayedByStock: number[] = [];
  const delayedByStockAtOnce: number[] = [];
  for (let round = 0; round < repeats; round += 1) {
    const server = await startServer("ours");
    const another = await startServer("ours");
    const crowd = openCrowd();
    try {
      const seats = await seatsAt(server, people, 2 * pairs);
      const seatsElsewhere = await seatsAt(another, people);
      // As on any day before: a door that nobody came through yet is slow for the first of them.
      for (const all of [seats, seatsElsewhere]) {
        await crowd.come(all, "at-once");
        crowd.leave();
      }
      await pause(leftMs);
      const before = await server.residentBytes();

      const calm = await calmRooms(server, people);
      await calm.p99(10);
      const storm = async (all: readonly Seat[], how: Coming, what: string, as: Comer = "page") => {
        const undisturbed = await calm.p99(10);
        const startedMs = performance.now();
        const inMs = crowd.come(all, how, as).then(() => performance.now() - startedMs);
        const disturbed = await calm.p99(10);
        const allInMs = await inMs;
        crowd.leave();
        await pause(goneMs);
        const who = as === "page" ? "people" : "stock clients";
        say(
          `${String(round + 1)} ${String(people)} ${who} ${what}: the others' p99 ${digits(undisturbed)} → ` +
            `${digits(disturbed)} ms, all in after ${digits(allInMs / 1000)} s`,
        );
        return disturbed / undisturbed;
      };
      for (let n = 0; n < storms; n += 1) {
        delayedByStock.push(await storm(seats, "spread", "come back", "stock"));
        delayedByStockAtOnce.push(await storm(seats, "at-once", "come at one moment", "stock"));
        delayedElsewhere.push(await storm(seatsElsewhere, "spread", "come to another server"));
        delayed.push(await storm(seats, "spread", "come back"));
        delayedAtOnce.push(await storm(seats, "at-once", "come at one moment"));
      }
      calm.leave();
      await server.end();
      const restartedMs = performance.now();
      await server.restart();
      await crowd.come(seats, "at-once");
      const backMs = performance.now() - restartedMs;
      crowd.leave();
      await pause(leftMs);
      const after = await server.residentBytes();
      kept.push(after / before);
      say(
        `${String(round + 1)} after a restart all are in within ${digits(backMs / 1000)} s; ` +
          `memory ${digits(before / 2 ** 20)} → ${digits(after / 2 ** 20)} MB`,
      );
    } finally {
      crowd.end();
      await server.stop();
      await another.stop();
    }
  }
  const who = `${String(people)} people`;
  const stock = `${String(people)} stock clients`;
  return {
    findings: [
      found(`${stock} come back within two seconds: the others' p99, over before`, delayedByStock, 2),
      found(`${stock} come at one moment: the others' p99, over before`, delayedByStockAtOnce, 2),
      found(`${who} come back within two seconds: the others' p99, over before`, delayed, 2),
      found(`the same, where they come to another server of this machine`, delayedElsewhere),
      found(`${who} come at one moment: the others' p99, over before`, delayedAtOnce, 2),
      found(`${who} come at one moment after a restart and leave: memory, over before`, kept, 1.1),
    ],
    figures: {},
  };
};

/** In forty stories that somebody opened before. */
async function seatsAt(server: Server, people: number, others = 0): Promise<readonly Seat[]> {
  await server.expect(people + others);
  const stories: string[] = [];
  for (let n = 0; n < 40; n += 1) stories.push((await server.story(paragraphsOf(50))).document);
  for (const client of await connectMany(server, stories)) client.leave();
  return Array.from({ length: people }, (_, n) => server.seat(stories[n % stories.length] ?? "", n));
}

async function memoryOf(server: Server): Promise<{ readonly all: number; readonly own: number }> {
  const all = await server.residentBytes();
  return { all, own: all - server.pageCacheBytes() };
}

/** Ten thousand stories, each opened and left, then each once more. */
export const abandoned: Measurement = async ({ repeats, quick, say }) => {
  const stories = quick ? 500 : 10_000;
  const atOnce = 50;
  const kept: number[] = [];
  const keptWithCache: number[] = [];
  const used: number[] = [];
  const grown: number[] = [];
  for (let round = 0; round < repeats; round += 1) {
    const server = await startServer("ours");
    try {
      await server.expect(atOnce);
      const documents: string[] = [];
      for (let n = 0; n < stories; n += 1) documents.push((await server.story(paragraphsOf(5))).document);
      const openAll = async (some: readonly string[]) => {
        for (let from = 0; from < some.length; from += atOnce) {
          const now = some.slice(from, from + atOnce);
          const clients = await Promise.all(now.map((document, n) => server.connect(document, n)));
          for (const client of clients) client.leave();
        }
      };
      await server.end();
      await server.restart();
      await openAll(documents.slice(0, 10 * atOnce));
      await pause(quick ? leftMs : settledMs);
      const usedBefore = await server.usedBytes();
      const before = await memoryOf(server);
      const startedMs = performance.now();
      await openAll(documents);
      const openedMs = performance.now() - startedMs;
      const open = await memoryOf(server);
      await pause(quick ? leftMs : settledMs);
      const usedAfter = await server.usedBytes();
      const after = await memoryOf(server);
      await openAll(documents);
      await pause(quick ? leftMs : settledMs);
      const again = await memoryOf(server);
      used.push(usedAfter / usedBefore);
      kept.push(after.own / before.own);
      keptWithCache.push(after.all / before.all);
      grown.push(again.all / after.all);
      const mb = (bytes: number) => digits(bytes / 2 ** 20);
      const inAll = ({ own, all }: typeof before) => `${mb(own)} (with the store's page cache ${mb(all)})`;
      say(
        `${String(round + 1)} ${String(stories)} stories opened and left within ${digits(openedMs / 1000)} s: ` +
          `memory ${[before, open, after].map(inAll).join(" → ")} MB, once more → ${inAll(again)} MB; ` +
          `used by the process itself ${mb(usedBefore)} → ${mb(usedAfter)} MB`,
      );
    } finally {
      await server.stop();
    }
  }
  return {
    findings: [
      found(
        `${String(stories)} stories opened and left: memory that the process uses, over before`,
        used,
        1.1,
      ),
      found("the same: memory resident, without the store's page cache, over before", kept, 1.1),
      found("the same: with that cache, which fills to its size, over before", keptWithCache),
      found(`${String(stories)} stories opened and left once more: memory, over the first time`, grown, 1.1),
    ],
    figures: {},
  };
};

/** Three people send as fast as their sockets take it, with the usual limits. */
export const flood: Measurement = async ({ repeats, quick, say }) => {
  const seconds = quick ? 6 : 20;
  const flooders = 3;
  const delayed: number[] = [];
  const server = await startServer("ours", { env: { BENCH_SYNC_LIMITS: "default" }, saved: true });
  try {
    await server.expect(flooders + 2 * pairs);
    const calm = await calmRooms(server, flooders);
    await calm.p99(5);
    for (let round = 0; round < repeats; round += 1) {
      const undisturbed = await calm.p99(seconds);
      const story = await server.story(paragraphsOf(flooders));
      const clients = await Promise.all(
        Array.from({ length: flooders }, (_, n) => server.connect(story.document, n)),
      );
      const counts = clients.map((client, n) => {
        const count = { sent: 0, counted: 0 };
        client.acknowledged = (counted) => {
          count.counted = counted;
        };
        const end = story.ends[n];
        if (!end) throw new Error("A flooder has no paragraph.");
        const typist = openTypist(client, end);
        // What people send within minutes; beyond it, it waits to be read, and the more of it the longer.
        for (let letter = 0; letter < 3_000; letter += 1) typist.type();
        count.sent = typist.numbers.at(-1) ?? 0;
        return count;
      });
      const disturbed = await calm.p99(seconds);
      const delayedYet = counts.reduce((sum, { sent, counted }) => sum + Math.max(0, sent - counted), 0);
      const isWhole = await until(() => counts.every(({ sent, counted }) => counted >= sent), 120_000);
      if (!isWhole) throw new Error(`Something of the flood was dropped: ${JSON.stringify(counts)}`);
      for (const client of clients) client.leave();
      delayed.push(disturbed / undisturbed);
      say(
        `${String(round + 1)} the others' p99 ${digits(undisturbed)} → ${digits(disturbed)} ms, ` +
          `${String(delayedYet)} letters of the flood delayed by then, in the end all stored`,
      );
    }
    calm.leave();
  } finally {
    await server.stop();
  }
  return { findings: [found("three people flood: the others' p99, over before", delayed, 2)], figures: {} };
};
