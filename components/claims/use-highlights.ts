"use client";
/** Keeps the underlined words of the editors in step with the claims. */
import type { Transaction } from "@tiptap/pm/state";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { useEffect } from "react";
import { fields } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import { readPendingInput } from "../body/caret-flush";
import type { StoryText } from "../body/story-text";
import {
  highlightedRanges,
  reachesHighlights,
  showActiveHighlight,
  showHighlights,
  type HighlightRange,
} from "./claim-highlights";
import { lookOf } from "./claim-look";

const settleMs = 100;

/**
 * Underlines the claims' words, and does so again where a colleague's change took underlines away with it (two places
 * changed at once arrive as one replacement from the first to the last), cut them short, or brought the words that a
 * claim waited for. Returns what ends it.
 */
export function keepHighlights(text: StoryText, claims: readonly Claim[]): () => void {
  const inPlace = claims.filter((claim) => claim.anchor.start !== null).length;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  let isReached = false;

  const draw = () => {
    for (const field of fields) readPendingInput(text.editors[field].view);
    const places = claims.flatMap((claim) => {
      const range = text.rangeOf(claim.anchor);
      return range ? [{ ...range, claimId: claim.id, look: lookOf(claim) }] : [];
    });
    const found = new Set(places.map(({ claimId }) => claimId));
    for (const field of fields) {
      const { view } = text.editors[field];
      if (view.isDestroyed) continue;
      const here: readonly HighlightRange[] = places.filter((place) => place.field === field);
      // Words written anew (a paragraph made a heading) have no place until the server says it: they stay as they are.
      const asTheyAre = isReached
        ? highlightedRanges(view.state).filter(({ claimId }) => !found.has(claimId))
        : [];
      showHighlights(view, [...here, ...asTheyAre]);
    }
  };
  const drawn = () =>
    fields.reduce((sum, field) => sum + highlightedRanges(text.editors[field].state).length, 0);
  const drawAgain = () => {
    waiting = undefined;
    if (isReached || drawn() < inPlace) draw();
    isReached = false;
  };
  const watches = fields.map((field) => {
    const editor = text.editors[field];
    const look = ({ transaction }: { transaction: Transaction }) => {
      if (!transaction.docChanged || !isChangeOrigin(transaction)) return;
      isReached ||= reachesHighlights(editor.state, transaction);
      waiting ??= setTimeout(drawAgain, settleMs);
    };
    editor.on("transaction", look);
    return () => editor.off("transaction", look);
  });

  draw();
  return () => {
    clearTimeout(waiting);
    for (const stop of watches) stop();
  };
}

export function useHighlights(
  text: StoryText | null,
  claims: readonly Claim[],
  activeId: string | null,
): void {
  useEffect(() => (text ? keepHighlights(text, claims) : undefined), [text, claims]);

  useEffect(() => {
    if (!text) return;
    for (const field of fields) {
      const { view } = text.editors[field];
      if (!view.isDestroyed) showActiveHighlight(view, activeId);
    }
  }, [text, claims, activeId]);
}
