/**
 * A key or a click moves the browser's caret; the `selectionchange` that tells ProseMirror comes later. When a
 * colleague's change is drawn in between, the old caret is put back and the person types in the wrong place
 * (y-prosemirror issue 146); a key that follows at once would act where the caret was before. So what the browser has
 * pending is read first: before each key and each incoming message, and before carets and claims are drawn anew.
 */
import { Extension } from "@tiptap/core";
import { Plugin } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { yCursorPluginKey } from "@tiptap/y-tiptap";

type PendingInput = { readonly forceFlush: () => void; readonly flush: () => void };

/** Reads what the browser has done and ProseMirror has not seen. Not its public interface: a test keeps watch. */
export function readPendingInput(view: EditorView): void {
  if (view.isDestroyed) return;
  const { domObserver } = view as unknown as { readonly domObserver?: PendingInput };
  domObserver?.forceFlush();
  domObserver?.flush();
}

/** Reads pending input before each key, and draws colleagues' carets on the state as it is once that is done. */
export const caretFlush = Extension.create({
  name: "caretFlush",
  priority: 1000,
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handleDOMEvents: {
          keydown: (view, event) => {
            if (!view.composing && !event.isComposing) readPendingInput(view);
            return false;
          },
        },
      },
    }),
  ],
  dispatchTransaction({ transaction, next }) {
    const carets: unknown = transaction.getMeta(yCursorPluginKey);
    if (!carets || transaction.docChanged) return next(transaction);
    if (this.editor.isDestroyed) return;
    readPendingInput(this.editor.view);
    const { state } = this.editor;
    next(
      transaction.before.eq(state.doc) && transaction.selection.eq(state.selection)
        ? transaction
        : state.tr.setMeta(yCursorPluginKey, carets),
    );
  },
});
