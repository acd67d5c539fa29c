"use client";
import { autoUpdate, computePosition, flip, hide, offset, shift } from "@floating-ui/dom";
import { posToDOMRect } from "@tiptap/core";
import { Toolbar } from "radix-ui";
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { fields } from "@/domain/body/anchor-state";
import { Button } from "../ui/button";
import { headingActions, markActions } from "./format-actions";
import { ActionButtons } from "./format-toolbar";
import { LinkForm } from "./link-form";
import type { StoryText, WordRange } from "./story-text";

type SelectionToolbarProps = {
  readonly text: StoryText;
  readonly mayWrite: boolean;
  /** The question for a link's address is open. */
  readonly linking: boolean;
  readonly onLinking: (linking: boolean) => void;
  /** What else may be done with selected words. */
  readonly actions: ReactNode;
};

/** Floats at the selected words: their looks, their link, and what else may be done with them. */
export function SelectionToolbar({ text, mayWrite, linking, onLinking, actions }: SelectionToolbarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const range = useSelectedRange(text, bar, linking);
  const isShown = range !== null && (mayWrite || actions !== null);

  useLayoutEffect(() => {
    const element = bar.current;
    if (!isShown || !element) return;
    const { view } = text.editors[range.field];
    const words = {
      contextElement: view.dom,
      getBoundingClientRect: () => {
        const last = view.state.doc.content.size;
        return posToDOMRect(view, Math.min(range.from, last), Math.min(range.to, last));
      },
    };
    // A finger's selection has the browser's own menu above it.
    const byFinger = window.matchMedia("(pointer: coarse)").matches;
    const place = async () => {
      const { x, y, middlewareData } = await computePosition(words, element, {
        strategy: "fixed",
        placement: byFinger ? "bottom" : "top",
        middleware: [
          offset(byFinger ? 16 : 8),
          flip({ padding: { top: 100, bottom: 60 } }),
          shift({ padding: { top: 100, left: 8, right: 8, bottom: 8 }, crossAxis: true }),
          hide({ padding: { top: 100 } }),
        ],
      });
      const isAway = middlewareData.hide?.referenceHidden ?? false;
      element.style.visibility = isAway ? "hidden" : "visible";
      element.style.transform = `translate(${String(Math.round(x))}px, ${String(Math.round(y))}px)`;
    };
    return autoUpdate(words, element, () => void place());
  }, [isShown, range, text]);

  if (!isShown) return null;
  const editor = text.editors[range.field];
  return (
    <div
      ref={bar}
      data-selection-toolbar
      className="fixed top-0 left-0 z-20 w-max max-w-[calc(100vw-1rem)] animate-fade rounded-lg border bg-raised shadow-float"
    >
      {linking && mayWrite ? (
        <LinkForm key={range.field} editor={editor} onDone={() => onLinking(false)} />
      ) : (
        <Toolbar.Root aria-label="Selected words" className="flex flex-wrap items-center gap-0.5 p-1">
          {actions}
          {mayWrite && range.field !== "headline" ? (
            <>
              {actions ? (
                <Toolbar.Separator className="mx-1 h-5 w-px bg-line max-sm:mx-0 max-sm:my-0.5 max-sm:h-px max-sm:w-auto max-sm:basis-full" />
              ) : null}
              <ActionButtons
                editor={editor}
                groups={range.field === "body" ? [markActions, headingActions.slice(0, 2)] : [markActions]}
                onLink={() => onLinking(true)}
              />
            </>
          ) : null}
        </Toolbar.Root>
      )}
    </div>
  );
}

type SelectionActionProps = {
  readonly icon: ReactNode;
  readonly keys?: string;
  readonly onClick: () => void;
  readonly children: string;
};

/** A button for what may be done with selected words, among the others of the floating toolbar. */
export function SelectionAction({ icon, keys, onClick, children }: SelectionActionProps) {
  return (
    <Toolbar.Button asChild>
      <Button
        look="quiet"
        size="small"
        icon={icon}
        title={keys}
        // The words stay selected.
        onMouseDown={(event) => event.preventDefault()}
        onClick={onClick}
      >
        {children}
      </Button>
    </Toolbar.Button>
  );
}

/** The words selected in the editor that has the keyboard, once the pointer is up; null when there are none. */
function useSelectedRange(
  text: StoryText,
  bar: React.RefObject<HTMLElement | null>,
  linking: boolean,
): WordRange | null {
  const [range, setRange] = useState<WordRange | null>(null);
  useEffect(() => {
    let isPointerDown = false;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const { activeField: field, activeEditor: editor } = text;
      if (editor.isDestroyed) return;
      const isInUse = editor.isFocused || (bar.current?.contains(document.activeElement) ?? false);
      const { empty, from, to } = editor.state.selection;
      const hasWords = linking || (!empty && text.selectedWords() !== null);
      if (!hasWords || (!isInUse && !linking)) return setRange(null);
      setRange((before) =>
        before?.field === field && before.from === from && before.to === to ? before : { field, from, to },
      );
    };
    // After the event: a blur comes before the focus that follows it.
    const lookSoon = () => {
      clearTimeout(waiting);
      if (!isPointerDown) waiting = setTimeout(look, 0);
    };
    const down = (event: PointerEvent) => {
      isPointerDown = !(event.target instanceof Node && bar.current?.contains(event.target));
    };
    const up = () => {
      isPointerDown = false;
      lookSoon();
    };
    const hide = (event: KeyboardEvent) => {
      if (event.key === "Escape") setRange(null);
    };
    for (const field of fields) {
      for (const event of ["selectionUpdate", "focus", "blur"] as const)
        text.editors[field].on(event, lookSoon);
      text.editors[field].view.dom.addEventListener("keydown", hide);
    }
    document.addEventListener("pointerdown", down, true);
    document.addEventListener("pointerup", up, true);
    document.addEventListener("pointercancel", up, true);
    lookSoon();
    return () => {
      clearTimeout(waiting);
      for (const field of fields) {
        const editor = text.editors[field];
        for (const event of ["selectionUpdate", "focus", "blur"] as const) editor.off(event, lookSoon);
        if (!editor.isDestroyed) editor.view.dom.removeEventListener("keydown", hide);
      }
      document.removeEventListener("pointerdown", down, true);
      document.removeEventListener("pointerup", up, true);
      document.removeEventListener("pointercancel", up, true);
    };
  }, [text, bar, linking]);
  return range;
}
