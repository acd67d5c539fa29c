/**
 * [BO4] The guard refuses characters that reorder what is read without being seen. They are taken out of whatever is
 * typed, pasted or dropped here before the change leaves the editor.
 */
import { combineTransactionSteps, Extension, getChangedRanges } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { Plugin } from "@tiptap/pm/state";
import { withoutBidiControls } from "@/domain/body/bidi-controls";

export const stripBidi = Extension.create({
  name: "stripBidi",
  addProseMirrorPlugins: () => [
    new Plugin({
      appendTransaction: (transactions, before, after) => {
        const own = transactions.some((tr) => tr.docChanged) && !transactions.some(isChangeOrigin);
        if (!own) return null;
        const unwanted: { from: number; to: number }[] = [];
        for (const { newRange } of getChangedRanges(combineTransactionSteps(before.doc, [...transactions]))) {
          const from = Math.max(0, newRange.from);
          const to = Math.min(after.doc.content.size, newRange.to);
          after.doc.nodesBetween(from, to, (node, position) => {
            const text = node.text;
            if (text === undefined || withoutBidiControls(text) === text) return;
            // All of them are single UTF-16 units.
            for (const [index, unit] of text.split("").entries()) {
              const at = position + index;
              if (withoutBidiControls(unit) === "") unwanted.push({ from: at, to: at + 1 });
            }
          });
        }
        if (unwanted.length === 0) return null;
        const tr = after.tr;
        const places = new Map(unwanted.map((range) => [range.from, range]));
        for (const { from, to } of [...places.values()].sort((a, b) => b.from - a.from)) tr.delete(from, to);
        return tr;
      },
    }),
  ],
});
