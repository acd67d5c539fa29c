/** A story of 100,000 words: the first who opens it, the next, and two hundred at once. */
import { createHash } from "node:crypto";
import * as Y from "yjs";
import { seededChance } from "@/domain/body/test-editing-peers";
import { ratios, digits, median } from "./statistics";
import type { Finding, Measurement } from "./measurement";
import { nameOf, startServer, type Kind, type Server, type Story } from "./servers";
import { paragraphsOf, pause } from "./typing";
import { wordsOf } from "./update-bytes";

const openings = 15;

/** Refuses a state that is not the whole of it. */
type LongStory = { readonly document: string; readonly mustHold: (state: Uint8Array) => void };
type Cell = { readonly coldMs: number; readonly openMs: number; readonly crowdMs: number };

async function open(
  server: Server,
  stories: { readonly long: LongStory; readonly short: Story },
  crowd: number,
) {
  const { long, short } = stories;
  let coldMs = Number.NaN;
  // What keeps nothing has no first opening.
  if (server.kind !== "y-websocket") {
    await server.end();
    await server.restart();
    // The process has served somebody before, only not this story.
    for (let n = 0; n < 3; n += 1) (await server.connect(short.document, n)).leave();
    await pause(300);
    const first = await server.connect(long.document, 0);
    coldMs = first.syncedAfterMs;
    if (server.kind !== "y-websocket+level") long.mustHold(first.state);
  }
  const stays = await server.connect(long.document, 1);
  await pause(1_000);
  const opened: number[] = [];
  for (let n = 0; n < openings; n += 1) {
    const next = await server.connect(long.document, 2 + n);
    long.mustHold(next.state);
    opened.push(next.syncedAfterMs);
    next.leave();
    await pause(20);
  }
  const before = server.processorMs();
  const all = await Promise.all(
    Array.from({ length: crowd }, (_, n) => server.connect(long.document, 2 + n)),
  );
  await pause(300);
  const crowdMs = server.processorMs() - before;
  for (const client of all) long.mustHold(client.state);
  for (const client of [stays, ...all]) client.leave();
  return { coldMs, openMs: median(opened), crowdMs };
}

/**
 * As a story of this length is after people wrote in it: four authors, each with words put in and taken out all over,
 * so that the state is over a megabyte of thousands of pieces.
 */
async function longStory(server: Server): Promise<LongStory> {
  const story = await server.story(paragraphsOf(1_250, 80));
  const doc = new Y.Doc();
  Y.applyUpdate(doc, story.state);
  for (let author = 0; author < 4; author += 1) {
    const client = await server.connect(story.document, author);
    client.send(worksOver(doc, 900_000 + author));
    await holds(server, story.document, 900_000 + author);
    client.leave();
  }
  return { document: story.document, mustHold: holdsOf(doc) };
}

/** Waits until a newcomer is told of this author's words. */
async function holds(server: Server, document: string, clientId: number): Promise<void> {
  for (;;) {
    await pause(200);
    const reader = await server.connect(document, 4);
    reader.leave();
    if (Y.parseUpdateMeta(reader.state).to.has(clientId)) return;
  }
}

/** One author's edits in this document, as one update. */
function worksOver(doc: Y.Doc, clientId: number): Uint8Array {
  const chance = seededChance(clientId);
  const before = Y.encodeStateVector(doc);
  doc.clientID = clientId;
  const blocks = doc.getXmlFragment("body").toArray();
  doc.transact(() => {
    for (let edit = 0; edit < 4_000; edit += 1) {
      const block = chance.pick(blocks);
      const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
      if (!(text instanceof Y.XmlText)) continue;
      text.insert(
        chance.number(text.length),
        chance.pick(["rather ", "not ", "(see below) ", "x", "on Monday, "]),
      );
      text.delete(chance.number(text.length - 8), 1 + chance.number(7));
    }
  });
  return Y.encodeStateAsUpdate(doc, before);
}

/** Everything that was written, however the server puts it into bytes; equal bytes are read once. */
function holdsOf(doc: Y.Doc): LongStory["mustHold"] {
  const wanted = bodyOf(doc);
  const known = new Set<string>();
  return (state) => {
    const hash = createHash("sha256").update(state).digest("base64");
    if (known.has(hash)) return;
    const told = new Y.Doc();
    Y.applyUpdate(told, state);
    if (bodyOf(told) !== wanted) throw new Error("A client was told that it is synced, and was not.");
    known.add(hash);
  };
}

const bodyOf = (doc: Y.Doc) =>
  doc
    .getXmlFragment("body")
    .toArray()
    .map((block) => (block instanceof Y.XmlElement ? wordsOf(block) : ""))
    .join("\n");

export const opening: Measurement = async ({ repeats, quick, say }) => {
  const kinds: readonly Kind[] = ["ours", "y-websocket", "y-websocket+level", "hocuspocus"];
  const crowd = quick ? 50 : 200;
  const cells = new Map<Kind, Cell[]>(kinds.map((kind) => [kind, []]));
  const begun: { server: Server; stories: { long: LongStory; short: Story } }[] = [];
  try {
    for (const kind of kinds) {
      const server = await startServer(kind);
      await server.expect(crowd + 2);
      const short = await server.story(paragraphsOf(10));
      begun.push({ server, stories: { short, long: await longStory(server) } });
    }
    for (let round = 0; round < repeats; round += 1) {
      for (const { server, stories } of begun) {
        const cell = await open(server, stories, crowd);
        cells.get(server.kind)?.push(cell);
        say(
          `${String(round + 1)} ${nameOf[server.kind]}: first ${digits(cell.coldMs)} ms, open ${digits(cell.openMs)} ms, ` +
            `${String(crowd)} at once ${digits(cell.crowdMs)} ms of processor time`,
        );
      }
    }
  } finally {
    for (const { server } of begun) await server.stop();
  }
  const of = (kind: Kind, read: (cell: Cell) => number) => (cells.get(kind) ?? []).map(read);
  const over = (what: string, kind: Kind, read: (cell: Cell) => number, atMost: number): Finding => ({
    what: `100,000 words, ${what}, over ${nameOf[kind]}`,
    unit: "x",
    values: ratios(of("ours", read), of(kind, read)),
    target: { atMost },
  });
  const cold = ({ coldMs }: Cell) => coldMs;
  const next = ({ openMs }: Cell) => openMs;
  const many = ({ crowdMs }: Cell) => crowdMs;
  const crowded = `${String(crowd)} at once: processor time`;
  return {
    findings: [
      over("the first person: time to synced", "hocuspocus", cold, 0.5),
      over("already open: time to synced", "hocuspocus", next, 0.2),
      over("already open: time to synced", "y-websocket", next, 0.2),
      over(crowded, "hocuspocus", many, 0.2),
      over(crowded, "y-websocket", many, 0.2),
    ],
    figures: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        { firstMs: of(kind, cold), openMs: of(kind, next), crowdProcessorMs: of(kind, many) },
      ]),
    ),
  };
};
