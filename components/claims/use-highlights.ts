"use client";
/** Keeps the underlined words of the editors in step with the claims. */
import type { Transaction } from "@tiptap/pm/state";
import { isChangeOrigin } from "@tiptap/extension-collaboration";
import { useEffect } from "react";
import { fields } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import type { StoryText } from "../body/story-text";
import { highlightedRanges, showActiveHighlight, showHighlights } from "./claim-highlights";
import { lookOf } from "./claim-look";

const settleMs = 100;

/**
 * Underlines the claims' words, and does so again where a colleague's change took underlines away with it (two places
 * changed at once arrive as one replacement from the first to the last) or brought the words that a claim waited for.
 * Returns what ends it.
 */
export function keepHighlights(text: StoryText, claims: readonly Claim[]): () => void {
  const inPlace = claims.filter((claim) => claim.anchor.start !== null).length;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const placesNow = () =>
    claims.flatMap((claim) => {
      const range = text.rangeOf(claim.anchor);
      return range ? [{ ...range, claimId: claim.id, look: lookOf(claim) }] : [];
    });
  const draw = (places: ReturnType<typeof placesNow>) => {
    for (const field of fields) {
      const { view } = text.editors[field];
      if (view.isDestroyed) continue;
      showHighlights(
        view,
        places.filter((place) => place.field === field),
      );
    }
  };
  const drawn = () =>
    fields.reduce((sum, field) => sum + highlightedRanges(text.editors[field].state).length, 0);
  const drawWhatIsLost = () => {
    waiting = undefined;
    if (drawn() >= inPlace) return;
    const places = placesNow();
    if (places.length > drawn()) draw(places);
  };
  const look = ({ transaction }: { transaction: Transaction }) => {
    if (transaction.docChanged && isChangeOrigin(transaction))
      waiting ??= setTimeout(drawWhatIsLost, settleMs);
  };

  draw(placesNow());
  for (const field of fields) text.editors[field].on("transaction", look);
  return () => {
    clearTimeout(waiting);
    for (const field of fields) text.editors[field].off("transaction", look);
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
