/**
 * Where one step of undo ends and the next begins. Pauses alone (`story-undo.ts`) would let a cut, a paste elsewhere
 * and a deletion be one step to somebody quick: a change begins a step of its own unless it touches the one before it,
 * and what is cut, pasted or dropped is always one.
 */
import { Extension } from "@tiptap/core";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import type { Transaction } from "@tiptap/pm/state";
import type * as Y from "yjs";
import type { Field } from "@/domain/body/anchor-state";

type Range = { readonly from: number; readonly to: number };
type LastChange = { readonly field: Field; readonly ranges: readonly Range[] };

/** The fields of a text share their undo, and so the place of the last change. */
const lastChanges = new WeakMap<Y.UndoManager, LastChange>();

export function undoSteps(field: Field, undoManager: Y.UndoManager) {
  const beginStep = () => {
    undoManager.lastChange = 0;
  };
  return Extension.create({
    name: "undoSteps",
    dispatchTransaction({ transaction, next }) {
      if (!transaction.docChanged) return next(transaction);
      const last = lastChanges.get(undoManager);
      if (isChangeOrigin(transaction)) {
        if (last?.field === field) {
          lastChanges.set(undoManager, { field, ranges: moved(last.ranges, transaction) });
        }
        return next(transaction);
      }
      const isAlone = transaction.getMeta("uiEvent") !== undefined;
      if (isAlone || last?.field !== field || !touches(transaction, last.ranges)) beginStep();
      next(transaction);
      if (isAlone) beginStep();
      lastChanges.set(undoManager, { field, ranges: changedBy(transaction) });
    },
  });
}

function touches({ mapping }: Transaction, ranges: readonly Range[]): boolean {
  let isTouching = false;
  mapping.maps[0]?.forEach((from, to) => {
    isTouching ||= ranges.some((range) => from <= range.to && to >= range.from);
  });
  return isTouching;
}

/** In the document as the transaction leaves it. */
function changedBy({ mapping }: Transaction): Range[] {
  const ranges: Range[] = [];
  mapping.maps.forEach((map, index) => {
    map.forEach((_from, _to, from, to) => {
      const later = mapping.slice(index + 1);
      ranges.push({ from: later.map(from, -1), to: later.map(to, 1) });
    });
  });
  return ranges;
}

function moved(ranges: readonly Range[], { mapping }: Transaction): Range[] {
  return ranges.map(({ from, to }) => ({ from: mapping.map(from, 1), to: mapping.map(to, -1) }));
}
