/**
 * The claims' words underlined in an editor: inline decorations, never marks in the text. The server says where they
 * stand; between two of its answers they follow what is typed, here or by a colleague.
 */
import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey, type EditorState, type Transaction } from "@tiptap/pm/state";
import { Mapping, StepMap } from "@tiptap/pm/transform";
import { Decoration, DecorationSet, type EditorView } from "@tiptap/pm/view";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import type { ClaimLook } from "./claim-look";

/** The words of one claim in one editor: ProseMirror positions, end exclusive. */
export type HighlightRange = {
  readonly claimId: string;
  readonly from: number;
  readonly to: number;
  readonly look: ClaimLook;
};

type HighlightState = { readonly decorations: DecorationSet; readonly activeId: string | undefined };
type HighlightMeta = {
  readonly off?: readonly Decoration[];
  readonly on?: readonly HighlightRange[];
  readonly activeId?: string | null;
};
type HighlightSpec = { readonly claimId: string; readonly look: ClaimLook };

const key = new PluginKey<HighlightState>("claimHighlights");

const specOf = (decoration: Decoration) => decoration.spec as HighlightSpec; // Only `decorate` makes them.

function decorate(range: HighlightRange, activeId: string | undefined): Decoration {
  const active = range.claimId === activeId;
  return Decoration.inline(
    range.from,
    range.to,
    {
      nodeName: "mark",
      class: `claim claim-${range.look}${active ? " claim-active" : ""}`,
      "data-claim": range.claimId,
      "aria-details": `claim-${range.claimId}`,
    },
    { claimId: range.claimId, look: range.look, inclusiveStart: false, inclusiveEnd: false },
  );
}

/**
 * What changed between two documents as one replacement. A colleague's change arrives as a replacement of everything,
 * which would drop every decoration; this keeps those outside the words that really differ.
 */
export function smallestChange(before: Node, after: Node): StepMap | undefined {
  const start = before.content.findDiffStart(after.content);
  const end = before.content.findDiffEnd(after.content);
  if (start === null || end === null) return undefined;
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  return new StepMap([start, end.a + overlap - start, end.b + overlap - start]);
}

function follow(set: DecorationSet, tr: Transaction, before: Node): DecorationSet {
  if (!tr.docChanged) return set;
  if (!tr.getMeta(ySyncPluginKey)) return set.map(tr.mapping, tr.doc);
  const change = smallestChange(before, tr.doc);
  return change ? set.map(new Mapping([change]), tr.doc) : set;
}

const toRange = (decoration: Decoration): HighlightRange => ({
  from: decoration.from,
  to: decoration.to,
  ...specOf(decoration),
});

/** The underlined words as they stand in this editor now, in the order of the text. */
export function highlightedRanges(state: EditorState): readonly HighlightRange[] {
  const found = key.getState(state)?.decorations.find() ?? [];
  return found.map(toRange).toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** Underlines these words and no others: what the server said. Those that stand so already are left alone. */
export function showHighlights(view: EditorView, ranges: readonly HighlightRange[]): void {
  const size = view.state.doc.content.size;
  const missing = new Map(
    ranges.filter(({ from, to }) => from >= 0 && from < to && to <= size).map((one) => [one.claimId, one]),
  );
  const off = (key.getState(view.state)?.decorations.find() ?? []).filter((decoration) => {
    const { claimId, look, from, to } = toRange(decoration);
    const wanted = missing.get(claimId);
    if (wanted?.from !== from || wanted.to !== to || wanted.look !== look) return true;
    missing.delete(claimId);
    return false;
  });
  if (off.length === 0 && missing.size === 0) return;
  const meta: HighlightMeta = { off, on: [...missing.values()] };
  view.dispatch(view.state.tr.setMeta(key, meta).setMeta("addToHistory", false));
}

/** Marks one claim's words as the ones looked at; null for none. */
export function showActiveHighlight(view: EditorView, claimId: string | null): void {
  if ((key.getState(view.state)?.activeId ?? null) === claimId) return;
  view.dispatch(
    view.state.tr.setMeta(key, { activeId: claimId } satisfies HighlightMeta).setMeta("addToHistory", false),
  );
}

/** Did this step change which words are underlined, or how? */
export function isHighlightChange(tr: Transaction): boolean {
  return tr.getMeta(key) !== undefined;
}

/** Did this step of a colleague's change anything at or in underlined words? They may be underlined in part only now. */
export function reachesHighlights(state: EditorState, { before, doc }: Transaction): boolean {
  const set = key.getState(state)?.decorations;
  let reaches = false;
  smallestChange(before, doc)?.forEach((_from, _to, from, to) => {
    reaches ||= (set?.find(from, to).length ?? 0) > 0;
  });
  return reaches;
}

/** The claims whose words enclose this position, the narrowest first. */
export function claimsAt(state: EditorState, position: number): readonly string[] {
  const set = key.getState(state)?.decorations;
  if (!set) return [];
  return set
    .find(position, position)
    .toSorted((a, b) => a.to - a.from - (b.to - b.from))
    .map((decoration) => specOf(decoration).claimId);
}

/** `onReach` is told the claims at the caret whenever that changes by the person's own doing. */
export function claimHighlights(onReach: (claimIds: readonly string[]) => void): Extension {
  return Extension.create({
    name: "claimHighlights",
    addProseMirrorPlugins: () => [
      new Plugin<HighlightState>({
        key,
        state: {
          init: () => ({ decorations: DecorationSet.empty, activeId: undefined }),
          apply: (tr, { decorations, activeId }, before) => {
            const meta = tr.getMeta(key) as HighlightMeta | undefined; // Only this file sets it.
            const followed = follow(decorations, tr, before.doc);
            if (!meta)
              return followed === decorations
                ? { decorations, activeId }
                : { decorations: followed, activeId };
            const active = meta.activeId === undefined ? activeId : (meta.activeId ?? undefined);
            if (meta.off && meta.on) {
              const made = meta.on.map((range) => decorate(range, active));
              const left = followed.remove([...meta.off]);
              return { decorations: left.add(tr.doc, made), activeId: active };
            }
            const changed = followed.find(undefined, undefined, (spec) =>
              [activeId, active].includes((spec as HighlightSpec).claimId),
            );
            const redrawn = changed.map((one) => decorate(toRange(one), active));
            return { decorations: followed.remove(changed).add(tr.doc, redrawn), activeId: active };
          },
        },
        props: { decorations: (state) => key.getState(state)?.decorations ?? null },
        view: () => ({
          update: (view, previous) => {
            if (view.state.selection.eq(previous.selection) || !view.hasFocus()) return;
            onReach(claimsAt(view.state, view.state.selection.from));
          },
        }),
      }),
    ],
  });
}
