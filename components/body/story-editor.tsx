"use client";
import type { AnyExtension } from "@tiptap/core";
import { Lock } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from "react";
import { fields, type Field } from "@/domain/body/anchor-state";
import { FormatToolbar } from "./format-toolbar";
import { SelectionToolbar } from "./selection-toolbar";
import type { StorySocket } from "./story-socket";
import type { StoryText } from "./story-text";
import { TextLength } from "./text-length";
import { useStoryText } from "./use-story-text";

export type StoryEditorProps = {
  /** [BO11] Of a text that has been told once. */
  readonly socket: StorySocket;
  readonly person: { readonly id: string; readonly name: string };
  readonly lang: string;
  /** Why this person may select but not write; null when they may write. */
  readonly readOnly: string | null;
  /** What others add to a field's editor, such as underlined claims. Read once. */
  readonly extensions?: (field: Field) => readonly AnyExtension[];
  /** Between standfirst and body: dateline and byline. */
  readonly underStandfirst?: ReactNode;
  /** Above the headline: what must be said about this text now. */
  readonly notices?: ReactNode;
  /** What else may be done with selected words: `SelectionAction`s. */
  readonly selectionActions?: ReactNode;
  /** Told once the editors stand, and null when they go. */
  readonly onText?: (text: StoryText | null) => void;
};

const noExtensions = () => [];

/** Headline, standfirst and body of one story, written together. */
export function StoryEditor(given: StoryEditorProps) {
  const {
    socket,
    person,
    lang,
    readOnly,
    extensions = noExtensions,
    selectionActions = null,
    onText,
  } = given;
  const mayWrite = readOnly === null;
  const column = useRef<HTMLDivElement>(null);
  const headline = useRef<HTMLDivElement>(null);
  const standfirst = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const places = { headline, standfirst, body };
  const text = useStoryText({ socket, person, lang, mayWrite, extensions, column, places });
  const field = useActiveField(text);
  const [linking, setLinking] = useState(false);
  const tellText = useEffectEvent((now: StoryText | null) => onText?.(now));
  useEffect(() => {
    tellText(text);
    return () => tellText(null);
  }, [text]);

  const hearKey = useEffectEvent((event: KeyboardEvent) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (isCommand && event.key.toLowerCase() === "k" && mayWrite && text?.activeField !== "headline") {
      event.preventDefault();
      setLinking(true);
    }
    if (event.altKey && event.key === "F10") {
      event.preventDefault();
      const floating = document.querySelector<HTMLElement>("[data-selection-toolbar] button");
      (floating ?? toolbar.current?.querySelector("button"))?.focus();
    }
  });
  useEffect(() => {
    const element = column.current;
    element?.addEventListener("keydown", hearKey);
    return () => element?.removeEventListener("keydown", hearKey);
  }, []);

  return (
    <div className="min-w-0">
      <div className="sticky top-13 z-10 -mx-2 mb-5 flex min-h-10 items-center justify-between gap-4 border-b bg-page/95 px-2 backdrop-blur-sm">
        {mayWrite ? (
          text ? (
            <FormatToolbar ref={toolbar} editor={text.editors[field]} onLink={() => setLinking(true)} />
          ) : null
        ) : (
          <p className="flex items-center gap-2 py-2 text-sm text-ink-soft">
            <Lock size={14} aria-hidden className="shrink-0" />
            {readOnly}
          </p>
        )}
        <div className="max-sm:hidden">{text ? <TextLength text={text} /> : null}</div>
      </div>
      {given.notices}
      <div ref={column} className="story-column relative">
        <div ref={headline} className="story-field" />
        <div ref={standfirst} className="story-field mt-3" />
        {given.underStandfirst}
        <div ref={body} className="story-field mt-6" />
      </div>
      {text ? (
        <SelectionToolbar
          text={text}
          mayWrite={mayWrite}
          linking={linking}
          onLinking={setLinking}
          actions={selectionActions}
        />
      ) : null}
    </div>
  );
}

/** The field that was last in use: the one the toolbar acts on. */
function useActiveField(text: StoryText | null): Field {
  const [field, setField] = useState<Field>("body");
  useEffect(() => {
    if (!text) return;
    const look = () => setField(text.activeField);
    for (const one of fields) text.editors[one].on("focus", look);
    return () => {
      for (const one of fields) text.editors[one].off("focus", look);
    };
  }, [text]);
  return field;
}
