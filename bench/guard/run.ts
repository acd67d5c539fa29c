/**
 * What the guard costs a keystroke in a story of 20,000 words: the update read, inspected and tried on the room's
 * document, beside the same update only applied to another. Microseconds, median (lowest–highest) of the repeats.
 */
import * as Y from "yjs";
import { newFaithfulDoc } from "@/domain/body/faithful-doc";
import { inspectUpdate, tryUpdate } from "@/domain/body/guard";
import { changesNothing, scanUpdate } from "@/domain/body/scan-update";
import { seededChance } from "@/domain/body/test-editing-peers";

const repeats = Number(process.argv[2] ?? 7);
const paragraphs = 500;
const wordsInEach = 40;
const keystrokes = 4_000;

function writerOf(state: Uint8Array, clientId: number) {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  Y.applyUpdate(doc, state);
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const texts = doc
    .getXmlFragment("body")
    .toArray()
    .flatMap((block) => {
      const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
      return text instanceof Y.XmlText ? [text] : [];
    });
  return { texts, updates };
}

/** Typed on for a while in one place, now and then taken back, then elsewhere. */
function typed(state: Uint8Array, seed: number): Uint8Array[] {
  const chance = seededChance(seed);
  const { texts, updates } = writerOf(state, 1_000 + seed);
  let text = chance.pick(texts);
  let at = chance.number(text.length);
  while (updates.length < keystrokes) {
    if (chance.number(25) === 0) {
      text = chance.pick(texts);
      at = chance.number(text.length);
    }
    if (at > 0 && chance.number(8) === 0) text.delete((at -= 1), 1);
    else text.insert(at++, chance.pick(["a", "e", "t", " "]));
  }
  return updates;
}

function story(): Uint8Array {
  const doc = new Y.Doc();
  const body = doc.getXmlFragment("body");
  const blocks = Array.from({ length: paragraphs }, (_, n) => {
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.setAttribute("id", `p${String(n)}`);
    const words = Array.from({ length: wordsInEach }, (__, w) => `word${String((n * 31 + w * 7) % 997)}`);
    paragraph.insert(0, [new Y.XmlText(words.join(" "))]);
    return paragraph;
  });
  body.insert(0, blocks);
  return Y.encodeStateAsUpdate(doc);
}

function opened(state: Uint8Array): Y.Doc {
  const doc = newFaithfulDoc();
  for (const field of ["headline", "standfirst", "body"]) doc.getXmlFragment(field);
  Y.applyUpdate(doc, state);
  return doc;
}

function guarded(doc: Y.Doc, bytes: Uint8Array): void {
  const scan = scanUpdate(bytes);
  if (!scan || changesNothing(doc, scan)) throw new Error("A keystroke is no news.");
  const inspected = inspectUpdate(doc, { bytes, scan }, () => true);
  if (!("clients" in inspected)) throw new Error("A keystroke was not let through.");
  if ("refused" in tryUpdate(doc, bytes, inspected)) throw new Error("A keystroke was refused.");
}

function times(doc: Y.Doc, updates: readonly Uint8Array[], take: (doc: Y.Doc, bytes: Uint8Array) => void) {
  const each = updates.map((bytes) => {
    const startedMs = performance.now();
    take(doc, bytes);
    return 1000 * (performance.now() - startedMs);
  });
  const sorted = each.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return `${at(0.5).toFixed(1)} (${at(0).toFixed(1)}–${at(1).toFixed(1)})`;
}

const state = story();
const found = { guarded: [] as number[], applied: [] as number[], tail: [] as number[] };
for (let repeat = 0; repeat <= repeats; repeat += 1) {
  const updates = typed(state, repeat);
  const plain = times(opened(state), updates, (doc, bytes) => Y.applyUpdate(doc, bytes));
  const ours = times(opened(state), updates, guarded);
  // The first one warms up.
  if (repeat === 0) continue;
  found.guarded.push(ours.p50);
  found.tail.push(ours.p99);
  found.applied.push(plain.p50);
}
console.log(
  `${String(paragraphs * wordsInEach)} words, ${String(keystrokes)} keystrokes, ${String(repeats)} repeats; µs a keystroke`,
);
console.log("| | p50 |");
console.log("|---|---|");
console.log(`| read, inspected, tried | ${spread(found.guarded)} |`);
console.log(`| only applied | ${spread(found.applied)} |`);
console.log(
  `| over it | ${spread(found.guarded.map((us, n) => us - (found.applied[n] ?? 0)))} (target ≤ 100) |`,
);
console.log(`| read, inspected, tried, p99 | ${spread(found.tail)} |`);
