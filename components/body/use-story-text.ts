"use client";
import { Editor, type AnyExtension } from "@tiptap/core";
import { useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";
import { fields, type Field } from "@/domain/body/anchor-state";
import { readPendingInput } from "./caret-flush";
import { presenceOf } from "./other-carets";
import { fieldExtensions } from "./story-extensions";
import type { StorySocket } from "./story-socket";
import { StoryText } from "./story-text";
import { storyUndo } from "./story-undo";

type StoryTextSetting = {
  readonly socket: StorySocket;
  readonly person: { readonly id: string; readonly name: string };
  readonly lang: string;
  readonly mayWrite: boolean;
  /** What others add to the editor of a field. Read once, when the editors are made. */
  readonly extensions: (field: Field) => readonly AnyExtension[];
  readonly column: RefObject<HTMLElement | null>;
  readonly places: Readonly<Record<Field, RefObject<HTMLElement | null>>>;
};

/** Makes the three editors in their places once the text has been told, and takes them away with the socket. */
export function useStoryText(setting: StoryTextSetting): StoryText | null {
  const { socket, mayWrite, lang } = setting;
  const [text, setText] = useState<StoryText | null>(null);
  // Asked by the editors at every step; both may change while they stand.
  const now = useRef({ mayWrite, lang });

  const make = useEffectEvent(() => {
    const { person, extensions, column, places } = setting;
    if (!column.current) return null;
    const undoManager = storyUndo(socket.doc, () => now.current.mayWrite);
    const made = new Map<Field, Editor>();
    const order = [...fields];
    for (const field of order) {
      const element = places[field].current;
      if (!element) throw new Error(`There is no place for the ${field}`);
      const editor = new Editor({
        element,
        injectCSS: false,
        editorProps: {
          attributes: { class: fieldClasses[field] },
          scrollMargin: underTheBars,
          scrollThreshold: underTheBars,
        },
        extensions: [
          ...fieldExtensions({
            field,
            doc: socket.doc,
            awareness: socket.awareness,
            undoManager,
            presence: presenceOf(person),
            lang: () => now.current.lang,
            mayWrite: () => now.current.mayWrite,
            neighbour: (which) => {
              const next = order[order.indexOf(field) + (which === "next" ? 1 : -1)];
              return next ? made.get(next) : undefined;
            },
          }),
          ...extensions(field),
        ],
      });
      made.set(field, editor);
    }
    const get = (field: Field) => {
      const editor = made.get(field);
      if (!editor) throw new Error(`There is no editor for the ${field}`);
      return editor;
    };
    return new StoryText(
      socket.doc,
      { headline: get("headline"), standfirst: get("standfirst"), body: get("body") },
      undoManager,
      column.current,
    );
  });

  useEffect(() => {
    const made = make();
    if (!made) return;
    const stopFlushing = socket.beforeMessages(() => {
      for (const field of fields) readPendingInput(made.editors[field].view);
    });
    // Editors are things outside React, made in elements that only now exist and ended with the effect.
    // oxlint-disable-next-line react/set-state-in-effect
    setText(made);
    return () => {
      stopFlushing();
      setText(null);
      made.close();
    };
  }, [socket]);

  useEffect(() => {
    now.current = { mayWrite, lang };
    if (!text) return;
    // Their attributes and placeholders say who may write: drawn anew with an empty step.
    for (const field of fields) {
      const { view } = text.editors[field];
      if (view.isDestroyed) continue;
      readPendingInput(view);
      view.dispatch(view.state.tr.setMeta("addToHistory", false));
    }
  }, [text, mayWrite, lang]);
  return text;
}

/** The bars that cover the top of the page, and on a phone its bottom: the caret is kept clear of them. */
const underTheBars = { top: 130, bottom: 90, left: 0, right: 0 };

const fieldClasses: Readonly<Record<Field, string>> = {
  headline: "story-headline",
  standfirst: "story-standfirst",
  body: "story-text story-body",
};
