/** How long an author waits until the letter is counted as saved: 200 letters a second over 20 stories. */
import { column, interleaved, type Measurement } from "./measurement";
import { startServer, type Server } from "./servers";
import { digits, openHistogram } from "./statistics";
import { atPace, connectMany, paragraphsOf, pause, typistsIn, until } from "./typing";

const stories = 20;
const perSecond = 200;

async function acknowledge(server: Server, seconds: number) {
  const all = [];
  for (let n = 0; n < stories; n += 1) all.push(await server.story(paragraphsOf(10)));
  const clients = await connectMany(
    server,
    all.map(({ document }) => document),
  );
  const typists = all.flatMap((story, n) => typistsIn(story, clients.slice(n, n + 1)));
  const delays = openHistogram();
  for (const { client, numbers, sentAtMs } of typists) {
    let saved = 0;
    client.acknowledged = (count) => {
      const now = performance.now();
      for (; (numbers[saved] ?? Infinity) <= count; saved += 1) delays.add(now - (sentAtMs[saved] ?? now));
    };
  }
  await pause(300);
  const before = server.processorMs();
  await atPace({ perSecond, seconds }, (n) => typists[n % typists.length]?.type());
  const all200 = await until(() => delays.count() === Math.round(perSecond * seconds), 10_000);
  const used = server.processorMs() - before;
  for (const client of clients) client.leave();
  if (!all200) throw new Error("not every letter was counted as saved");
  return { p50: delays.quantile(0.5), p99: delays.quantile(0.99), processorMsALetter: used / delays.count() };
}

export const acknowledging: Measurement = async ({ repeats, quick, say }) => {
  const server = await startServer("ours", { saved: true });
  try {
    await acknowledge(server, 2);
    const found = await interleaved([server], repeats, async (one, round) => {
      const cell = await acknowledge(one, quick ? 4 : 8);
      say(`${String(round + 1)} saved after p50 ${digits(cell.p50)} ms, p99 ${digits(cell.p99)} ms`);
      return cell;
    });
    const p50Ms = column(found, "ours", ({ p50 }) => p50);
    const p99Ms = column(found, "ours", ({ p99 }) => p99);
    const what = "200 letters/s over 20 stories, counted as saved";
    return {
      findings: [
        { what: `${what}: p50`, unit: "ms", values: p50Ms, target: { atMost: 5 } },
        { what: `${what}: p99`, unit: "ms", values: p99Ms, target: { atMost: 40 } },
      ],
      figures: {
        ours: {
          p50Ms,
          p99Ms,
          processorMsALetter: column(found, "ours", ({ processorMsALetter }) => processorMsALetter),
        },
      },
    };
  } finally {
    await server.stop();
  }
};
