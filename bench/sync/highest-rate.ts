/** The highest rate into a hundred readers at which 99 of 100 letters arrive within 100 ms. */
import { column, interleaved, type Finding, type Measurement } from "./measurement";
import { nameOf, startServer, type Kind, type Server } from "./servers";
import { digits, ratios } from "./statistics";
import { atPace, connectMany, paragraphsOf, pause, typistsIn, until, watch } from "./typing";

const readers = 100;
const writers = 10;
/** So many of the readers are timed; the rest are asked at the end whether everything came. */
const timed = 10;
const withinMs = 100;
const mostBreaths = 10;
const firstRate = 250;
const lastRate = 80_000;

async function keepsUp(server: Server, perSecond: number, seconds: number): Promise<boolean> {
  const story = await server.story(paragraphsOf(writers));
  const clients = await connectMany(server, Array<string>(readers + writers).fill(story.document));
  const typists = typistsIn(story, clients.slice(0, writers));
  const sampled = watch(clients.slice(-timed), typists);
  const type = (n: number) => typists[n % typists.length]?.type();
  await pause(200);
  await atPace({ perSecond, seconds: 1 }, type);
  sampled.beginAnew();
  await atPace({ perSecond, seconds }, type);
  // One letter more of each, after all the others.
  const everybody = watch(clients.slice(writers), typists);
  for (const typist of typists) typist.type();
  const arrived = await until(everybody.haveAll, 5_000);
  for (const client of clients) client.leave();
  await pause(200);
  return arrived && sampled.delays.quantile(0.99) < withinMs;
}

type Search = {
  readonly from: number;
  readonly step: number;
  readonly seconds: number;
  readonly tries: number;
};

/** Asked again before it counts as no: something else on the machine may have been in the way. */
async function keeps(server: Server, perSecond: number, { seconds, tries }: Search): Promise<boolean> {
  for (let n = 0; n < tries; n += 1) {
    if (await keepsUp(server, perSecond, seconds)) return true;
    await breathesAgain(server);
  }
  return false;
}

/** Who could not keep up may go on working at it for minutes, and lets nobody in meanwhile. */
async function breathesAgain(server: Server): Promise<void> {
  for (let n = 0; ; n += 1) {
    try {
      await server.story(paragraphsOf(1));
      return;
    } catch (error) {
      if (n === mostBreaths) throw error;
      await pause(1_000);
    }
  }
}

/** Upward from a rate it surely keeps, then once between the last two. */
async function highest(server: Server, search: Search): Promise<number> {
  const { from, step } = search;
  let kept = 0;
  let rate = from;
  while (rate <= lastRate && (await keeps(server, rate, search))) {
    kept = rate;
    rate *= step;
  }
  if (kept === 0) return from > firstRate ? highest(server, { ...search, from: from / step ** 3 }) : 0;
  const between = Math.sqrt(kept * rate);
  return rate <= lastRate && (await keeps(server, between, search)) ? between : kept;
}

export const highestRate: Measurement = async ({ repeats, quick, say }) => {
  const kinds: readonly Kind[] = ["ours", "y-websocket", "hocuspocus"];
  const step = quick ? 2.25 : 1.5;
  const servers = await Promise.all(kinds.map((kind) => startServer(kind)));
  const last = new Map<Kind, number>();
  try {
    for (const server of servers) await keepsUp(server, firstRate, 2);
    const found = await interleaved(servers, repeats, async (server, round) => {
      const before = last.get(server.kind);
      const from = before === undefined ? firstRate : Math.max(firstRate, before / step ** 2);
      const rate = await highest(server, { from, step, seconds: quick ? 1 : 2, tries: quick ? 1 : 2 });
      last.set(server.kind, rate);
      say(`${String(round + 1)} ${nameOf[server.kind]}: ${digits(rate)} letters/s`);
      return rate;
    });
    const of = (kind: Kind) => column(found, kind, (rate) => rate);
    return {
      findings: (["y-websocket", "hocuspocus"] as const).map((kind): Finding => ({
        what: `highest rate into 100 readers with p99 under 100 ms, over ${nameOf[kind]}`,
        unit: "x",
        values: ratios(of("ours"), of(kind)),
        target: { atLeast: 1 },
      })),
      figures: Object.fromEntries(kinds.map((kind) => [kind, { lettersPerSecond: of(kind) }])),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
};
