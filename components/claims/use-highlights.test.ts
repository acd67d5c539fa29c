// @vitest-environment happy-dom
import { Editor } from "@tiptap/core";
import { toBase64 } from "lib0/buffer";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { fields, type Field } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import { fieldText, positionAt } from "@/domain/body/plain-text";
import { claim } from "@/domain/claims/test-claims";
import { fieldExtensions } from "../body/story-extensions";
import { StoryText } from "../body/story-text";
import { storyUndo } from "../body/story-undo";
import { claimHighlights, highlightedRanges } from "./claim-highlights";
import { keepHighlights } from "./use-highlights";

const opened: { destroy: () => void }[] = [];
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const one of opened.splice(0)) one.destroy();
  document.body.replaceChildren();
  vi.useRealTimers();
});

const paragraphs = [
  "It began on Monday.",
  "KFOR has about 4,600 soldiers there.",
  "They come from 33 nations.",
];

/** A colleague's document, and a reader's text that follows it. */
function reading(): { readonly theirs: Y.Doc; readonly send: () => void; readonly text: StoryText } {
  const theirs = new Y.Doc();
  theirs.getXmlFragment("body").insert(
    0,
    paragraphs.map((words) => {
      const paragraph = new Y.XmlElement("paragraph");
      paragraph.insert(0, [new Y.XmlText(words)]);
      return paragraph;
    }),
  );
  const doc = new Y.Doc();
  const send = () => Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs, Y.encodeStateVector(doc)), "wire");
  send();
  const awareness = new Awareness(doc);
  const undoManager = storyUndo(doc);
  const open = (field: Field) => {
    const element = document.createElement("div");
    document.body.append(element);
    const editor = new Editor({
      element,
      injectCSS: false,
      extensions: [
        ...fieldExtensions({
          field,
          doc,
          awareness,
          undoManager,
          presence: { id: "p1", name: "Checker One", color: "#2a5aa8" },
          lang: () => "en",
          mayWrite: () => false,
          neighbour: () => undefined,
        }),
        claimHighlights(() => {}),
      ],
    });
    opened.push(editor);
    return editor;
  };
  const editors = { headline: open("headline"), standfirst: open("standfirst"), body: open("body") };
  opened.push(awareness);
  return { theirs, send, text: new StoryText(doc, editors, undoManager, document.body) };
}

/** A claim as the server says it. */
function claimOn(doc: Y.Doc, words: string): Claim {
  const field = fieldText(doc.getXmlFragment("body"));
  const start = field.text.indexOf(words);
  const end = start + words.length;
  const base64 = (bytes: Uint8Array | null) => bytes && toBase64(bytes);
  const relStart = base64(positionAt(field, start, "start"));
  const relEnd = base64(positionAt(field, end, "end"));
  return claim({
    id: words,
    anchor: { field: "body", start, end, state: "anchored", words, relStart, relEnd },
  });
}

function insertAt(doc: Y.Doc, paragraph: number, words: string): void {
  const element = doc.getXmlFragment("body").get(paragraph);
  const text = element instanceof Y.XmlElement ? element.get(0) : null;
  if (text instanceof Y.XmlText) text.insert(text.length, words);
}

const underlined = (text: StoryText): string[] => {
  const { state } = text.editors.body;
  return highlightedRanges(state).map(({ from, to }) => state.doc.textBetween(from, to));
};
const fieldsOf = (text: StoryText) =>
  fields.map((field) => highlightedRanges(text.editors[field].state).length);

test("[FR5] claims between two places that change at once stay underlined", () => {
  const { theirs, send, text } = reading();
  const stop = keepHighlights(text, [claimOn(theirs, "4,600 soldiers"), claimOn(theirs, "33 nations")]);
  expect(underlined(text)).toEqual(["4,600 soldiers", "33 nations"]);
  insertAt(theirs, 0, " So they say.");
  insertAt(theirs, 2, " So they say.");
  send();
  vi.advanceTimersByTime(200);
  expect(underlined(text)).toEqual(["4,600 soldiers", "33 nations"]);
  expect(fieldsOf(text)).toEqual([0, 0, 2]);
  stop();
});

test("[FR5] words made bold to beyond their claim stay underlined whole", () => {
  const { theirs, send, text } = reading();
  const stop = keepHighlights(text, [claimOn(theirs, "4,600 soldiers")]);
  const paragraph = theirs.getXmlFragment("body").get(1);
  const words = paragraph instanceof Y.XmlElement ? paragraph.get(0) : null;
  if (words instanceof Y.XmlText) words.format(21, 11, { bold: {} });
  send();
  vi.advanceTimersByTime(200);
  expect(text.editors.body.getHTML()).toContain("<strong>soldiers th</strong>");
  expect(underlined(text)).toEqual(["4,600 soldiers"]);
  stop();
});

test("[FR5] a claim whose words are not here yet is underlined when they come", () => {
  const { theirs, send, text } = reading();
  insertAt(theirs, 1, " In May 2,000 left.");
  const stop = keepHighlights(text, [claimOn(theirs, "2,000")]);
  expect(underlined(text)).toEqual([]);
  send();
  vi.advanceTimersByTime(200);
  expect(underlined(text)).toEqual(["2,000"]);
  stop();
});

test("[AN1] a claim whose words are deleted is not underlined", () => {
  const { theirs, send, text } = reading();
  const stop = keepHighlights(text, [claimOn(theirs, "4,600 soldiers"), claimOn(theirs, "33 nations")]);
  theirs.getXmlFragment("body").delete(1, 1);
  send();
  vi.advanceTimersByTime(200);
  expect(underlined(text)).toEqual(["33 nations"]);
  stop();
});
