/** A story into which 100,000 updates were typed beside one with the same text in ten: the time until the first who opens it is synced. */
import type { Measurement } from "./measurement";
import { startServer, type Server } from "./servers";
import { digits, median } from "./statistics";
import { openTypist, paragraphsOf, pause, until } from "./typing";

const people = 10;
const openings = 10;
/** A room that nobody has open leaves memory after 30 s. */
const leftMs = 36_000;

/** Gives the story when every letter is stored. */
async function written(server: Server, updates: number, letters: string): Promise<string> {
  const story = await server.story(paragraphsOf(people));
  const clients = await Promise.all(
    Array.from({ length: people }, (_, n) => server.connect(story.document, n)),
  );
  for (const [n, client] of clients.entries()) {
    const end = story.ends[n];
    if (!end) throw new Error("Somebody has no paragraph.");
    let counted = 0;
    client.acknowledged = (count) => {
      counted = count;
    };
    const typist = openTypist(client, end);
    for (let update = 0; update < updates / people; update += 1) {
      typist.type(letters);
      const last = typist.numbers.at(-1) ?? 0;
      if (update % 200 === 0 && !(await until(() => last - counted < 400, 60_000))) {
        throw new Error("It was not stored.");
      }
    }
    const last = typist.numbers.at(-1) ?? 0;
    if (!(await until(() => counted >= last, 60_000))) throw new Error("It was not stored.");
    client.leave();
  }
  return story.document;
}

/** Milliseconds, in a process that has served others but not this story. */
async function firstOpening(server: Server, document: string, other: string): Promise<number> {
  await server.end();
  await server.restart();
  for (let n = 0; n < 3; n += 1) (await server.connect(other, n)).leave();
  await pause(300);
  const client = await server.connect(document, 0);
  client.leave();
  return client.syncedAfterMs;
}

export const longLog: Measurement = async ({ repeats, quick, say }) => {
  const updates = quick ? 10_000 : 100_000;
  const server = await startServer("ours", { saved: true });
  const ratios: number[] = [];
  try {
    await server.expect(people);
    const other = (await server.story(paragraphsOf(3))).document;
    const startedMs = performance.now();
    const long = await written(server, updates, "a");
    say(`${String(updates)} updates stored in ${digits((performance.now() - startedMs) / 1000)} s`);
    const short = await written(server, people, "a".repeat(updates / people));
    // What nobody has open is merged then.
    await pause(leftMs);
    for (let round = 0; round < repeats; round += 1) {
      const ofLong: number[] = [];
      const ofShort: number[] = [];
      for (let n = 0; n < openings; n += 1) {
        ofLong.push(await firstOpening(server, long, other));
        ofShort.push(await firstOpening(server, short, other));
      }
      ratios.push(median(ofLong) / median(ofShort));
      say(`${String(round + 1)} opened after ${digits(median(ofLong))} and ${digits(median(ofShort))} ms`);
    }
  } finally {
    await server.stop();
  }
  return {
    findings: [
      {
        what: `a story of ${String(updates)} updates: time to synced, over the same text in ${String(people)}`,
        unit: "x",
        values: ratios,
        target: { atMost: 1.2 },
      },
    ],
    figures: {},
  };
};
