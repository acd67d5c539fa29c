/** Which claims the list shows, and in which order. */
import { fields } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import { isLeft } from "@/domain/claims/progress";

export const claimFilters = ["attention", "mine", "all"] as const;
export type ClaimFilter = (typeof claimFilters)[number];

/** `attention` is all that is left to do; `mine` what I marked or what is assigned to me. In the order given. */
export function claimsShown(
  claims: readonly Claim[],
  filter: ClaimFilter,
  personId: string,
): readonly Claim[] {
  return claims.filter((claim) => {
    switch (filter) {
      case "attention":
        return isLeft(claim.progress);
      case "mine":
        return claim.assignee?.id === personId || claim.markedBy.id === personId;
      case "all":
        return true;
    }
  });
}

type Place = { readonly from: number; readonly to: number };

/**
 * Text order, gone ones first. `placeOf` says where a claim's words are by now: what the server said of claims that were
 * fetched at different times cannot be compared.
 */
export function inTextOrder(
  claims: readonly Claim[],
  placeOf: (claim: Claim) => Place | null,
): readonly Claim[] {
  return claims
    .map((claim) => {
      const { field, start, end } = claim.anchor;
      const place = start === null ? null : (placeOf(claim) ?? { from: start, to: end ?? start });
      return { claim, field: place ? fields.indexOf(field) : -1, from: place?.from ?? 0, to: place?.to ?? 0 };
    })
    .toSorted((a, b) => a.field - b.field || a.from - b.from || a.to - b.to)
    .map(({ claim }) => claim);
}

/** The claim after (or before) this one, around the end; the first (or last) when none is active. */
export function neighbourOf(
  claims: readonly Claim[],
  activeId: string | null,
  step: 1 | -1,
): Claim | undefined {
  if (claims.length === 0) return undefined;
  const at = claims.findIndex((claim) => claim.id === activeId);
  if (at < 0) return step === 1 ? claims[0] : claims.at(-1);
  return claims.at((at + step) % claims.length);
}
