/** Some type, many read: processor time for each delivered letter. */
import { besidePeers, column, interleaved, type Measurement } from "./measurement";
import { nameOf, startServer, type Kind, type Server } from "./servers";
import { digits } from "./statistics";
import { atPace, connectMany, paragraphsOf, pause, typistsIn, until, watch } from "./typing";

type Load = {
  readonly what: string;
  readonly connections: number;
  /** So many of the connections type. */
  readonly typists: number;
  /** All of them together. */
  readonly perSecond: number;
  readonly seconds: number;
  readonly targets: readonly (readonly [Kind, number])[];
};

/** What a server does after the last letter counts too: Hocuspocus stores 2 s later, we project and heal. */
export const afterwardsMs = 2_500;

/** Until the compiler has done most of what it does in a server's first minute. */
const warmUpSeconds = 40;

type Cell = { readonly microseconds: number; readonly p50: number; readonly p99: number };

async function deliver(server: Server, load: Load, seconds: number): Promise<Cell> {
  const story = await server.story(paragraphsOf(Math.max(10, load.typists)));
  const clients = await connectMany(server, Array<string>(load.connections).fill(story.document));
  const typists = typistsIn(story, clients.slice(0, load.typists));
  const readers = watch(clients, typists);
  await pause(300);
  const before = server.processorMs();
  await atPace({ perSecond: load.perSecond, seconds }, (n) => typists[n % typists.length]?.type());
  const arrived = await until(readers.haveAll, 20_000);
  await pause(afterwardsMs);
  const used = server.processorMs() - before;
  for (const client of clients) client.leave();
  if (!arrived) throw new Error(`${server.kind}: not every letter arrived at everybody`);
  return {
    microseconds: (1000 * used) / readers.delivered(),
    p50: readers.delays.quantile(0.5),
    p99: readers.delays.quantile(0.99),
  };
}

/** Livelier than what is measured, so that a slow load too meets a server that has run for a while. */
const warmUp = (load: Load): Load => ({
  ...load,
  perSecond: Math.max(load.perSecond, Math.min(100, 5_000 / load.connections)),
});

const delivering =
  (load: Load): Measurement =>
  async ({ repeats, quick, say }) => {
    const kinds: Kind[] = ["ours", ...load.targets.map(([kind]) => kind), "storing-limit"];
    const servers = await Promise.all(kinds.map((kind) => startServer(kind)));
    try {
      for (const server of servers) await deliver(server, warmUp(load), quick ? 2 : warmUpSeconds);
      const found = await interleaved(servers, repeats, async (server, round) => {
        const cell = await deliver(server, load, quick ? load.seconds / 2 : load.seconds);
        say(
          `${String(round + 1)} ${nameOf[server.kind]}: ${digits(cell.microseconds)} µs a delivery, ` +
            `p50 ${digits(cell.p50)} ms, p99 ${digits(cell.p99)} ms`,
        );
        return cell;
      });
      const of = (kind: Kind) => column(found, kind, ({ microseconds }) => microseconds);
      const what = `${load.what}: processor time a delivered letter`;
      return {
        findings: besidePeers({ what, of }, load.targets),
        figures: Object.fromEntries(
          kinds.map((kind) => [
            kind,
            {
              microsecondsADelivery: of(kind),
              p50Ms: column(found, kind, ({ p50 }) => p50),
              p99Ms: column(found, kind, ({ p99 }) => p99),
            },
          ]),
        ),
      };
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  };

export const roomOfHundred = delivering({
  what: "100 letters/s by 20 people into a room of 100",
  connections: 100,
  typists: 20,
  perSecond: 100,
  seconds: 6,
  targets: [
    ["y-websocket", 1],
    ["hocuspocus", 0.85],
    ["limit", 1.5],
  ],
});

export const fiveHundredReaders = delivering({
  what: "one typist (8 letters/s) to 500 readers",
  connections: 501,
  typists: 1,
  perSecond: 8,
  seconds: 8,
  targets: [
    ["y-websocket", 0.95],
    ["hocuspocus", 0.75],
  ],
});

export const tenReaders = delivering({
  what: "one typist (5 letters/s) to 10 readers",
  connections: 11,
  typists: 1,
  perSecond: 5,
  seconds: 12,
  targets: [["hocuspocus", 1]],
});
