/** Long histories of people who write at once, played to each server: processor time a transaction. */
import * as Y from "yjs";
import { seededChance, type Chance } from "@/domain/body/test-editing-peers";
import { afterwardsMs } from "./delivering";
import { besidePeers, column, interleaved, type Measurement } from "./measurement";
import { keepsNoText, nameOf, startServer, type Kind, type Server } from "./servers";
import { digits } from "./statistics";
import { connectMany, paragraphsOf, pause, until } from "./typing";
import { readEnds, wordsOf } from "./update-bytes";

/** What each person does at once in one round, from what all had before. */
type Round = readonly (readonly Uint8Array[])[];
type History = { readonly rounds: readonly Round[]; readonly transactions: number; readonly text: string };

const firstClientId = 500_000;
/** Long enough that what is deleted in two seconds of an accelerated history is no sweep (BO9). */
const paragraphs = 150;

/**
 * People in one text: mostly typing on where one is, some deleting, some moving elsewhere, now and then a new paragraph
 * or bold words. Each has a document of their own; they hear of one another after every round.
 */
function historyOf(
  state: Uint8Array,
  { seed, people, rounds }: { seed: number; people: number; rounds: number },
): History {
  const chance = seededChance(seed);
  const writers = Array.from({ length: people }, (_, n) => {
    const doc = new Y.Doc();
    doc.clientID = firstClientId + n;
    Y.applyUpdate(doc, state);
    const said: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "heard") said.push(update);
    });
    return { doc, said, act: openHand(doc, chance) };
  });
  let transactions = 0;
  const played = Array.from({ length: rounds }, (): Round => {
    for (const writer of writers) for (let n = chance.number(8); n >= 0; n -= 1) writer.act();
    const round = writers.map(({ said }) => said.splice(0));
    for (const [n, { doc }] of writers.entries()) {
      for (const [from, updates] of round.entries()) {
        if (from !== n) for (const update of updates) Y.applyUpdate(doc, update, "heard");
      }
    }
    transactions += round.reduce((sum, updates) => sum + updates.length, 0);
    return round;
  });
  return { rounds: played, transactions, text: textOf(writers[0]?.doc ?? new Y.Doc()) };
}

function openHand(doc: Y.Doc, chance: Chance): () => void {
  const body = doc.getXmlFragment("body");
  const texts = () =>
    body.toArray().flatMap((block) => {
      const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
      return text instanceof Y.XmlText ? [text] : [];
    });
  let text = chance.pick(texts());
  let at = chance.number(text.length + 1);
  return () => {
    const what = chance.number(100);
    at = Math.min(at, text.length);
    if (what < 72) {
      const typed = chance.pick(["a", "e", "t", "s", " ", "the "]);
      text.insert(at, typed);
      at += typed.length;
    } else if (what < 86 && at > 0) {
      text.delete(at - 1, 1);
      at -= 1;
    } else if (what < 89 && text.length > 30) {
      text.delete(chance.number(text.length - 12), 4 + chance.number(8));
    } else if (what < 91 && text.length > 30) {
      text.format(chance.number(text.length - 12), 6, { bold: {} });
    } else if (what < 93) {
      const block = new Y.XmlElement("paragraph");
      block.setAttribute(
        "id",
        `b${String(doc.clientID)}-${String(body.length)}-${String(chance.number(1e9))}`,
      );
      text = new Y.XmlText("New ");
      block.insert(0, [text]);
      body.insert(chance.number(body.length + 1), [block]);
      at = text.length;
    } else {
      text = chance.pick(texts());
      at = chance.number(text.length + 1);
      text.insert(at, "x");
      at += 1;
    }
  };
}

const textOf = (doc: Y.Doc) =>
  doc
    .getXmlFragment("body")
    .toArray()
    .map((block) => (block instanceof Y.XmlElement ? wordsOf(block) : ""))
    .join("\n");

/** Plays it as fast as the server takes it, keeping who knew what; gives microseconds of processor time a transaction. */
async function play(
  server: Server,
  { seed, people, rounds }: { seed: number; people: number; rounds: number },
) {
  const story = await server.story(paragraphsOf(paragraphs));
  const history = historyOf(story.state, { seed, people, rounds });
  const clients = await connectMany(server, Array<string>(people).fill(story.document));
  const heard = clients.map(() => new Map<number, number>());
  for (const [n, client] of clients.entries()) {
    client.hear = (update) =>
      readEnds(update, (id, end) => heard[n]?.set(id, Math.max(end, heard[n]?.get(id) ?? 0)));
  }
  const sent = new Map<number, number>();
  const allHeard = () =>
    heard.every((ends, n) =>
      [...sent].every(([id, end]) => id === firstClientId + n || (ends.get(id) ?? 0) >= end),
    );
  await pause(200);
  const before = server.processorMs();
  for (const round of history.rounds) {
    for (const [n, updates] of round.entries()) {
      for (const update of updates) {
        clients[n]?.send(update);
        readEnds(update, (id, end) => sent.set(id, Math.max(end, sent.get(id) ?? 0)));
      }
    }
    await heardSoon(allHeard);
  }
  await pause(afterwardsMs);
  const used = server.processorMs() - before;
  for (const client of clients) client.leave();
  if (!keepsNoText(server.kind)) {
    const after = await server.connect(story.document, 0);
    after.leave();
    const doc = new Y.Doc();
    Y.applyUpdate(doc, after.state);
    if (textOf(doc) !== history.text)
      throw new Error(`${server.kind} ended with another text (seed ${String(seed)})`);
  }
  return { microseconds: (1000 * used) / history.transactions, transactions: history.transactions };
}

async function heardSoon(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200 && !isSo(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  if (!isSo() && !(await until(isSo, 20_000))) throw new Error("not everybody heard of everything");
}

export const replay: Measurement = async ({ repeats, quick, say }) => {
  const kinds: readonly Kind[] = ["ours", "y-websocket", "hocuspocus", "storing-limit"];
  const servers = await Promise.all(kinds.map((kind) => startServer(kind)));
  try {
    const rounds = quick ? 200 : 800;
    // What the compiler does in the first seconds of a process would be a good part of what is measured.
    for (const server of servers)
      for (const seed of [1, 2]) await play(server, { seed, people: 2 + seed, rounds });
    const found = await interleaved(servers, repeats, async (server, round) => {
      const cell = await play(server, {
        seed: 10 + round,
        people: 3 + (round % 2),
        rounds,
      });
      say(
        `${String(round + 1)} ${nameOf[server.kind]}: ${digits(cell.microseconds)} µs a transaction ` +
          `(${String(cell.transactions)} transactions)`,
      );
      return cell;
    });
    const of = (kind: Kind) => column(found, kind, ({ microseconds }) => microseconds);
    const what = "replay of concurrent histories, 3–4 people: processor time a transaction";
    return {
      findings: besidePeers({ what, of }, [
        ["y-websocket", 0.9],
        ["hocuspocus", 0.7],
      ]),
      figures: Object.fromEntries(kinds.map((kind) => [kind, { microsecondsATransaction: of(kind) }])),
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
};
