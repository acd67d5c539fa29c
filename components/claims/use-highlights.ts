"use client";
/** Keeps the underlined words of the editors in step with the claims. */
import type { Editor } from "@tiptap/core";
import { useEffect } from "react";
import type * as Y from "yjs";
import { fields, type Field } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import { showActiveHighlight, showHighlights } from "./claim-highlights";
import { rangesOf } from "./claim-places";

export type Editors = Readonly<Record<Field, Editor>>;

export function useHighlights(given: {
  readonly claims: readonly Claim[];
  readonly activeId: string | null;
  readonly doc: Y.Doc;
  readonly editors: Editors | null;
}): void {
  const { claims, activeId, doc, editors } = given;
  useEffect(() => {
    if (!editors) return;
    for (const field of fields) {
      const { view, isDestroyed } = editors[field];
      if (isDestroyed) continue;
      showHighlights(view, rangesOf(claims, field, doc.getXmlFragment(field), view.state.doc));
    }
  }, [claims, doc, editors]);
  useEffect(() => {
    if (!editors) return;
    for (const field of fields) {
      if (!editors[field].isDestroyed) showActiveHighlight(editors[field].view, activeId);
    }
  }, [activeId, claims, editors]);
}
