/** What was acknowledged, or seen by somebody else, and is gone after kill -9 of the server under load. */
import * as Y from "yjs";
import { seededChance } from "@/domain/body/test-editing-peers";
import type { Finding, Measurement } from "./measurement";
import { nameOf, startServer, type Kind, type Server, type Story } from "./servers";
import { wordsOf } from "./update-bytes";
import { atPace, connectMany, paragraphsOf, pause, typistsIn, watch } from "./typing";

const stories = 20;
const perSecond = 200;

type Lost = {
  readonly typed: number;
  readonly acknowledged: number;
  readonly lostAcknowledged: number;
  readonly lostSeen: number;
  /** Texts that cannot be read, or hold the first paragraphs not exactly once. */
  readonly broken: number;
};

async function killed(server: Server, round: number, quick: boolean): Promise<Lost> {
  const chance = seededChance(1_000 + round);
  // Hocuspocus stores after 2 s of quiet or 10 s of typing: both sides of that are met.
  const seconds = quick ? 1 + chance.number(3_000) / 1_000 : 4 + chance.number(11_000) / 1_000;
  const all: Story[] = [];
  for (let n = 0; n < stories; n += 1) all.push(await server.story(paragraphsOf(3)));
  const clients = await connectMany(
    server,
    all.flatMap(({ document }) => [document, document]),
  );
  const rooms = all.map((story, n) => {
    const [writer, reader] = clients.slice(2 * n, 2 * n + 2);
    const [typist] = writer ? typistsIn(story, [writer]) : [];
    if (!typist || !reader) throw new Error("nobody types");
    const room = { story, typist, acknowledged: 0, readers: watch([reader], [typist]) };
    typist.client.acknowledged = (count) => {
      while ((typist.numbers[room.acknowledged] ?? Infinity) <= count) room.acknowledged += 1;
    };
    return room;
  });
  await atPace({ perSecond, seconds }, (n) => rooms[n % rooms.length]?.typist.type());
  await server.kill(round % 2 === 0 ? "process" : "everything");
  await Promise.all(clients.map((client) => client.closed));
  await server.restart();
  // y-websocket over LevelDB answers the first who opens a text before it has read it, so another one opens it later.
  const first = await connectMany(
    server,
    all.map(({ document }) => document),
  );
  await pause(1_000);
  const lost = { typed: 0, acknowledged: 0, lostAcknowledged: 0, lostSeen: 0, broken: 0 };
  for (const { story, typist, acknowledged, readers } of rooms) {
    const again = await server.connect(story.document, 0);
    again.leave();
    const stored = Y.parseUpdateMeta(again.state).to.get(typist.id) ?? 0;
    lost.typed += typist.sentAtMs.length;
    lost.acknowledged += acknowledged;
    lost.lostAcknowledged += Math.max(0, acknowledged - stored);
    lost.lostSeen += Math.max(0, readers.delivered() - stored);
    if (!isWhole(again.state)) lost.broken += 1;
  }
  for (const client of first) client.leave();
  return lost;
}

/** The paragraphs it began with, each once and in order, whatever was typed behind them. */
function isWhole(state: Uint8Array): boolean {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const blocks = doc.getXmlFragment("body").toArray();
  const wanted = paragraphsOf(3);
  return (
    blocks.length === wanted.length &&
    blocks.every((block, n) => block instanceof Y.XmlElement && wordsOf(block).startsWith(wanted[n] ?? ""))
  );
}

export const lostAtKill: Measurement = async ({ repeats, quick, say }) => {
  const kinds: readonly Kind[] = ["ours", "hocuspocus", "y-websocket+level", "y-websocket"];
  const found = new Map<Kind, Lost[]>(kinds.map((kind) => [kind, []]));
  for (let round = 0; round < repeats; round += 1) {
    // Nothing is timed here: all at once.
    const one = async (kind: Kind) => {
      const server = await startServer(kind, { saved: true });
      try {
        const lost = await killed(server, round, quick);
        found.get(kind)?.push(lost);
        say(
          `${String(round + 1)} ${nameOf[kind]}: ${String(lost.typed)} typed; lost ${String(lost.lostAcknowledged)} of ` +
            `${String(lost.acknowledged)} acknowledged, ${String(lost.lostSeen)} seen by others; ${String(lost.broken)} texts broken`,
        );
      } finally {
        await server.stop();
      }
    };
    await Promise.all(kinds.map(one));
  }
  const none = { atMost: 0 };
  const finding = (what: string, read: (lost: Lost) => number): Finding => ({
    what: `${what} at kill -9, ours`,
    unit: "edits",
    values: (found.get("ours") ?? []).map(read),
    target: none,
  });
  return {
    findings: [
      finding("acknowledged and lost", ({ lostAcknowledged }) => lostAcknowledged),
      finding("seen by others and lost", ({ lostSeen }) => lostSeen),
      finding("texts broken", ({ broken }) => broken),
    ],
    figures: Object.fromEntries(
      kinds.map((kind) => {
        const all = found.get(kind) ?? [];
        const of = (read: (lost: Lost) => number) => all.map(read);
        return [
          kind,
          {
            typed: of(({ typed }) => typed),
            acknowledged: of(({ acknowledged }) => acknowledged),
            lostAcknowledged: of(({ lostAcknowledged }) => lostAcknowledged),
            lostSeen: of(({ lostSeen }) => lostSeen),
            broken: of(({ broken }) => broken),
          },
        ];
      }),
    ),
  };
};
