/**
 * An editor for those who may select but not write: the caret moves and Shift with the arrows selects, yet nothing
 * that changes the text goes through. A courtesy to the reader; the guarantee is the server's refusal.
 */
import { Extension } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { Plugin } from "@tiptap/pm/state";

export type ReadOnlyOptions = {
  /** Asked at every step: the right to write can come and go while the text is open. */
  readonly mayWrite: () => boolean;
  readonly label: string;
  readonly lang: () => string;
};

export const readOnlyGate = Extension.create<ReadOnlyOptions>({
  name: "readOnlyGate",
  priority: 20_000,
  addOptions: () => ({ mayWrite: () => false, label: "", lang: () => "en" }),
  addProseMirrorPlugins() {
    const { mayWrite, label, lang } = this.options;
    const cancel = (_view: unknown, event: Event) => {
      if (mayWrite()) return false;
      event.preventDefault();
      return true;
    };
    return [
      new Plugin({
        filterTransaction: (tr) => !tr.docChanged || mayWrite() || isChangeOrigin(tr),
        props: {
          handleDOMEvents: {
            beforeinput: cancel,
            paste: cancel,
            cut: cancel,
            drop: cancel,
            dragstart: cancel,
          },
          attributes: (): Record<string, string> => ({
            "aria-label": label,
            "aria-multiline": "true",
            lang: lang(),
            spellcheck: mayWrite() ? "true" : "false",
            ...(mayWrite() ? {} : { "aria-readonly": "true", inputmode: "none" }),
          }),
        },
      }),
    ];
  },
});
