/**
 * The open text of a story, as the rest of the page uses it: the editors, what is selected, where words stand in the
 * document and on the screen.
 */
import type { Editor } from "@tiptap/core";
import { TextSelection } from "@tiptap/pm/state";
import { fromBase64, toBase64 } from "lib0/buffer";
import type * as Y from "yjs";
import { fields, type Field } from "@/domain/body/anchor-state";
import { fieldText, positionAt, resolvePosition, type FieldText, type Side } from "@/domain/body/plain-text";
import { readPendingInput } from "./caret-flush";
import { offsetAt, positionOf, textMapOf } from "./text-map";

/** ProseMirror positions in one field's editor, end exclusive. */
export type WordRange = { readonly field: Field; readonly from: number; readonly to: number };

/** What `POST …/claims` asks of selected words; white space at the edges is left out. */
export type SelectedWords = WordRange & {
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
  /** Base64 of encoded Yjs relative positions. */
  readonly relStart: string | undefined;
  readonly relEnd: string | undefined;
};

/** Where words stand, as the server says it. */
export type PlaceSaid = {
  readonly field: Field;
  readonly start: number | null;
  readonly end: number | null;
  readonly relStart: string | null;
  readonly relEnd: string | null;
};

const contextLength = 32;

export class StoryText {
  /** The field that was last in use. */
  activeField: Field = "body";
  private readonly texts = new Map<Field, FieldText>();

  constructor(
    readonly doc: Y.Doc,
    readonly editors: Readonly<Record<Field, Editor>>,
    readonly undoManager: Y.UndoManager,
    /** What the editors stand in: vertical places are counted from its top. */
    readonly column: HTMLElement,
  ) {
    doc.on("afterTransaction", this.forget);
    for (const field of fields) {
      editors[field].on("focus", () => {
        this.activeField = field;
      });
    }
    undoManager.on("stack-item-popped", ({ changedParentTypes }) => {
      const undone = fields.find((field) =>
        [...changedParentTypes.keys()].some((type) => Object.is(type, doc.getXmlFragment(field))),
      );
      // What was taken back may stand in another field than the caret: go and see.
      if (undone && undone !== this.activeField && this.activeEditor.isFocused)
        editors[undone].commands.focus();
    });
  }

  private readonly forget = () => this.texts.clear();

  get activeEditor(): Editor {
    return this.editors[this.activeField];
  }

  /** The field's plain text (BO12) with the way to Yjs positions, of the text as it stands now. */
  fieldText(field: Field): FieldText {
    const before = this.texts.get(field);
    if (before) return before;
    const read = fieldText(this.doc.getXmlFragment(field));
    this.texts.set(field, read);
    return read;
  }

  /** Null when nothing is selected that holds a letter or digit (CL1). */
  selectedWords(): SelectedWords | null {
    const field = this.activeField;
    // The key that asks may be quicker than the editor is told of the selection that the key before it made.
    readPendingInput(this.editors[field].view);
    const { selection, doc } = this.editors[field].state;
    if (selection.empty) return null;
    const map = textMapOf(doc);
    const selected = map.text.slice(offsetAt(map, selection.from), offsetAt(map, selection.to));
    if (!/[\p{L}\p{N}]/u.test(selected)) return null;
    const start = offsetAt(map, selection.from) + selected.length - selected.trimStart().length;
    const end = start + selected.trim().length;
    const text = this.fieldText(field);
    // The two are the same text, unless a change is on its way from one to the other: then the quote must do.
    const isSame = text.text === map.text;
    const relative = (offset: number, side: Side) => {
      const position = isSame ? positionAt(text, offset, side) : null;
      return position ? toBase64(position) : undefined;
    };
    return {
      field,
      from: positionOf(map, start, "start"),
      to: positionOf(map, end, "end"),
      quote: map.text.slice(start, end),
      prefix: map.text.slice(Math.max(0, start - contextLength), start),
      suffix: map.text.slice(end, end + contextLength),
      relStart: relative(start, "start"),
      relEnd: relative(end, "end"),
    };
  }

  /**
   * Where these words are in the text as it stands here: by their relative positions, which follow what was typed
   * since, else by the offsets. Null when they have no place.
   */
  rangeOf({ field, start, end, relStart, relEnd }: PlaceSaid): WordRange | null {
    const map = textMapOf(this.editors[field].state.doc);
    const offsets =
      relStart !== null && relEnd !== null
        ? { start: this.offsetOf(field, relStart), end: this.offsetOf(field, relEnd) }
        : { start, end };
    if (offsets.start === null || offsets.end === null || offsets.start >= offsets.end) return null;
    if (offsets.end > map.text.length) return null;
    return {
      field,
      from: positionOf(map, offsets.start, "start"),
      to: positionOf(map, offsets.end, "end"),
    };
  }

  private offsetOf(field: Field, relative: string): number | null {
    const place = resolvePosition(this.fieldText(field), fromBase64(relative));
    return place?.offset ?? null;
  }

  /** Brings the words to the middle of the screen and selects them; `focus` also moves the keyboard there. */
  showWords({ field, from, to }: WordRange, { focus = true }: { readonly focus?: boolean } = {}): void {
    const { view } = this.editors[field];
    const { state } = view;
    const last = state.doc.content.size;
    if (focus) {
      view.dispatch(
        state.tr.setSelection(TextSelection.create(state.doc, Math.min(from, last), Math.min(to, last))),
      );
      view.focus();
    }
    const { node } = view.domAtPos(Math.min(from, last));
    const element = node instanceof Element ? node : node.parentElement;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    element?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  /** The top of the line that the words start on, in pixels from the column's top; null when not drawn. */
  topOf({ field, from }: Pick<WordRange, "field" | "from">): number | null {
    const { view } = this.editors[field];
    if (view.isDestroyed || from > view.state.doc.content.size) return null;
    return view.coordsAtPos(from).top - this.column.getBoundingClientRect().top;
  }

  /** Told whenever words may have moved on the screen: after each change of the text and each change of the width. */
  onLayout(listener: () => void): () => void {
    for (const field of fields) this.editors[field].on("update", listener);
    const watcher = new ResizeObserver(listener);
    watcher.observe(this.column);
    return () => {
      for (const field of fields) this.editors[field].off("update", listener);
      watcher.disconnect();
    };
  }

  close(): void {
    this.doc.off("afterTransaction", this.forget);
    for (const field of fields) this.editors[field].destroy();
  }
}
