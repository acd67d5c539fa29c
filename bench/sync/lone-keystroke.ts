/** How much later a lone letter reaches the other when it is stored first. */
import { type Measurement } from "./measurement";
import { nameOf, startServer, type Kind } from "./servers";
import { differences, digits, median } from "./statistics";
import { connectMany, paragraphsOf, pause, typistsIn } from "./typing";

const kinds: readonly Kind[] = ["ours", "y-websocket", "hocuspocus"];

/** Letter by letter, the servers take turns. */
export const loneKeystroke: Measurement = async ({ repeats, quick, say }) => {
  const servers = await Promise.all(kinds.map((kind) => startServer(kind)));
  try {
    const pairs = await Promise.all(
      servers.map(async (server) => {
        const story = await server.story(paragraphsOf(10));
        const [writer, reader] = await connectMany(server, [story.document, story.document]);
        const [typist] = writer ? typistsIn(story, [writer]) : [];
        if (!typist || !reader) throw new Error("no pair");
        return { typist, reader };
      }),
    );
    const p50 = new Map<Kind, number[]>(kinds.map((kind) => [kind, []]));
    for (let round = -1; round < repeats; round += 1) {
      const delays = kinds.map((): number[] => []);
      for (let letter = 0; letter < (quick ? 60 : 150); letter += 1) {
        for (const [n, { typist, reader }] of pairs.entries()) {
          const arrived = new Promise<number>((resolve) => {
            reader.hear = () => resolve(performance.now());
          });
          typist.type();
          const sentMs = typist.sentAtMs.at(-1) ?? Number.NaN;
          delays[n]?.push((await arrived) - sentMs);
          await pause(8 + ((letter * 7) % 11));
        }
      }
      // The first round only warms up.
      if (round < 0) continue;
      for (const [n, kind] of kinds.entries()) p50.get(kind)?.push(median(delays[n] ?? []));
      say(
        `${String(round + 1)} ${kinds.map((kind, n) => `${nameOf[kind]} ${digits(median(delays[n] ?? []))} ms`).join(", ")}`,
      );
    }
    const of = (kind: Kind) => p50.get(kind) ?? [];
    return {
      findings: [
        {
          what: "one lone letter, p50: later than through @y/websocket-server in memory",
          unit: "ms",
          values: differences(of("ours"), of("y-websocket")),
          target: { atMost: 3 },
        },
      ],
      figures: Object.fromEntries(kinds.map((kind) => [kind, { p50Ms: of(kind) }])),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
};
