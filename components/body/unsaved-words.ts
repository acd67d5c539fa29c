import * as Y from "yjs";
import { fields, type Field } from "@/domain/body/anchor-state";

/** A block of text that holds words which only this device has. */
export type UnsavedBlock = {
  readonly field: Field;
  /** The whole block as it stands here. */
  readonly text: string;
  /** The runs of it that are not in the store, in the order of the text. */
  readonly added: readonly string[];
};

/**
 * [BO4][BO11] The words to offer when they could not be sent: every block in which this session put in words from
 * the clock `sinceClock` of its client id on. Empty when only deletions are unsaved.
 */
export function unsavedWords(doc: Y.Doc, sinceClock: number): readonly UnsavedBlock[] {
  const found: UnsavedBlock[] = [];
  const walk = (field: Field, parent: Y.XmlFragment) => {
    const children = parent.toArray();
    const texts = children.filter((child) => child instanceof Y.XmlText);
    const added = texts.flatMap((text) => unsavedRuns(text, doc.clientID, sinceClock));
    if (added.length > 0) found.push({ field, text: texts.map(plain).join(""), added });
    for (const child of children) if (child instanceof Y.XmlElement) walk(field, child);
  };
  for (const field of fields) walk(field, doc.getXmlFragment(field));
  return found;
}

function unsavedRuns(text: Y.XmlText, clientId: number, sinceClock: number): string[] {
  const runs: string[] = [];
  let open = false;
  // Yjs offers no public walk over the items of a text with their ids.
  // oxlint-disable-next-line no-underscore-dangle
  for (let item = text._start; item; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const savedLength = Math.max(0, Math.min(item.length, sinceClock - item.id.clock));
    if (item.id.client !== clientId || savedLength === item.length) {
      open = false;
      continue;
    }
    const words = item.content.str.slice(savedLength);
    const before = open && savedLength === 0 ? runs.pop() : undefined;
    runs.push((before ?? "") + words);
    open = true;
  }
  return runs;
}

function plain(text: Y.XmlText): string {
  const pieces: { readonly insert: unknown }[] = text.toDelta();
  return pieces.map(({ insert }) => (typeof insert === "string" ? insert : "")).join("");
}

/** What goes to the clipboard: the blocks, a blank line between them. */
export const wordsToCopy = (blocks: readonly UnsavedBlock[]): string =>
  blocks.map(({ text }) => text).join("\n\n");
