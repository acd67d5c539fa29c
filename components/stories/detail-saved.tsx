import { Check } from "lucide-react";
import { Spinner } from "../ui/spinner";
import type { DetailState } from "./use-detail";

/** How it stands with what was typed into a field, in a word beside its label. */
export function DetailSaved({ state }: { readonly state: DetailState }) {
  return (
    <output className="flex items-center gap-1 text-xs text-ink-faint">
      {state === "saving" ? (
        <>
          <Spinner size={12} /> Saving
        </>
      ) : null}
      {state === "saved" ? (
        <>
          <Check size={12} aria-hidden /> Saved
        </>
      ) : null}
      {state === "refused" ? "Not saved" : null}
    </output>
  );
}
