import type { PlacedClaim } from "../claims/claim";
import type { KeptClaim } from "./version";

/** [WF6] A claim as a version keeps it: its words, their place and what was found of them. */
export function keptClaim({ id, kind, anchor, verdict, freshness }: PlacedClaim): KeptClaim {
  const { field, start, end, state, words } = anchor;
  return {
    id,
    kind,
    field,
    start,
    end,
    state,
    words,
    verdict: verdict?.verdict ?? null,
    freshness: freshness.state,
  };
}
