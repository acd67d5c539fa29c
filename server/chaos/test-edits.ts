/**
 * What peers do to a text. Two paragraphs, "Notes …", and the standfirst take the words that are counted: nobody
 * deletes, moves or undoes there. Everything else may be taken apart in any way that an editor's binding knows.
 */
import * as Y from "yjs";
import { seededChance } from "@/domain/body/test-editing-peers";
import type { EditName } from "./test-plan";

/** Only what comes from this is undone. */
export const playOrigin = Symbol("play");

export const notes = ["Notes of the morning:", "Notes of the evening:"] as const;
const paragraphs = [
  "KFOR has about 4,600 troops from 28 nations in Kosovo.",
  "The minister said on Monday that the mission would stay.",
  "Not all of them came on 24 March 1999, a spokesman said.",
  "In Zvecan 93 soldiers were hurt near the northern bridge.",
  "The mission costs €24.5 million a year, 12 % more than in 2008.",
];
export const startOfText = [notes[0], ...paragraphs, notes[1]].join("\n\n");
/** Words that claims are marked on. */
export const quotes = ["4,600 troops", "28 nations", "on Monday", "24 March 1999", "93 soldiers", "12 %"];

const textOf = (block: unknown): Y.XmlText | undefined => {
  const first = block instanceof Y.XmlElement ? block.get(0) : undefined;
  return first instanceof Y.XmlText ? first : undefined;
};
const plain = (text: Y.XmlText) => text.toString().replace(/<[^>]*>/g, "");
const isNotes = (block: unknown) => {
  const text = textOf(block);
  return text !== undefined && notes.some((label) => plain(text).startsWith(label));
};

/** Is the text there, so that an editor would be shown? */
export const hasNotes = (doc: Y.Doc) => doc.getXmlFragment("body").toArray().some(isNotes);

/** Writes the word at the beginning or the end of a place that keeps it; false where there is no text yet. */
export function writeWord(doc: Y.Doc, word: string, seed: number): boolean {
  const chance = seededChance(seed);
  const places = doc.getXmlFragment("body").toArray().filter(isNotes);
  const summary = doc.getXmlFragment("standfirst").get(0);
  const place = chance.happens(0.2) && textOf(summary) ? summary : places[chance.number(places.length)];
  const text = textOf(place);
  if (!text) return false;
  const label = notes.find((one) => plain(text).startsWith(one))?.length ?? 0;
  text.insert(chance.happens(0.5) ? label : text.length, word);
  return true;
}

/** The index, or one before it where it would cut a character in halves: editors never do. */
function wholeCharacters(words: string, index: number): number {
  return /[\uDC00-\uDFFF]/.test(words.charAt(index)) && /[\uD800-\uDBFF]/.test(words.charAt(index - 1))
    ? index - 1
    : index;
}

function newBlock(name: string, words: string): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(0, [new Y.XmlText(words)]);
  return element;
}

/** One edit outside the notes. */
export function editText(doc: Y.Doc, edit: EditName, seed: number): void {
  const chance = seededChance(seed);
  const body = doc.getXmlFragment("body");
  const blocks = body.toArray();
  const free = blocks.flatMap((block, at) => (isNotes(block) ? [] : [at]));
  doc.transact(() => {
    const at = free[chance.number(free.length)];
    const block = at === undefined ? undefined : blocks[at];
    const text = textOf(block);
    if (at === undefined || edit === "insert") {
      const where = chance.number(body.length + 1);
      return body.insert(where, [newBlock(chance.pick(["paragraph", "heading"]), chance.pick(paragraphs))]);
    }
    if (!text) {
      // A list, or what two people emptied together.
      return body.delete(at, 1);
    }
    const words = plain(text);
    const to = (wanted: number) => wholeCharacters(words, Math.min(wanted, text.length));
    const from = to(chance.number(text.length + 1));
    switch (edit) {
      case "type":
        return text.insert(from, chance.pick(["NATO ", "4,600 ", "not ", "🙂", "x", "on Monday "]));
      case "delete":
        return text.delete(from, to(from + chance.number(12)) - from);
      case "bold":
        return text.format(from, to(from + 9) - from, { bold: chance.happens(0.7) ? {} : null });
      case "italic":
        return text.format(from, to(from + 9) - from, { italic: {} });
      case "split":
        text.delete(from, text.length - from);
        return body.insert(at + 1, [newBlock("paragraph", words.slice(from))]);
      case "list": {
        const item = new Y.XmlElement("listItem");
        item.insert(0, [newBlock("paragraph", words)]);
        const list = new Y.XmlElement("bulletList");
        list.insert(0, [item]);
        body.delete(at, 1);
        return body.insert(at, [list]);
      }
      case "move":
        body.delete(at, 1);
        return body.insert(chance.number(body.length + 1), [newBlock("paragraph", words)]);
    }
  }, playOrigin);
}
