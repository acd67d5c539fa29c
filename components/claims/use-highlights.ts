"use client";
/** Keeps the underlined words of the editors in step with the claims. */
import { useEffect } from "react";
import { fields } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import type { StoryText } from "../body/story-text";
import { showActiveHighlight, showHighlights } from "./claim-highlights";
import { lookOf } from "./claim-look";

export function useHighlights(
  text: StoryText | null,
  claims: readonly Claim[],
  activeId: string | null,
): void {
  useEffect(() => {
    if (!text) return;
    const places = claims.flatMap((claim) => {
      const range = text.rangeOf(claim.anchor);
      return range ? [{ ...range, claimId: claim.id, look: lookOf(claim) }] : [];
    });
    for (const field of fields) {
      const { view } = text.editors[field];
      if (view.isDestroyed) continue;
      showHighlights(
        view,
        places.filter((place) => place.field === field),
      );
    }
  }, [text, claims]);

  useEffect(() => {
    if (!text) return;
    for (const field of fields) {
      const { view } = text.editors[field];
      if (!view.isDestroyed) showActiveHighlight(view, activeId);
    }
  }, [text, claims, activeId]);
}
