/** Which claims the list shows, and in which order. */
import { fields } from "@/domain/body/anchor-state";
import type { Claim } from "@/domain/claims/claim";
import { isLeft } from "@/domain/claims/progress";

export const claimFilters = ["attention", "mine", "all"] as const;
export type ClaimFilter = (typeof claimFilters)[number];

/** `attention` is all that is left to do; `mine` what I marked or what is assigned to me. Text order, gone ones first. */
export function claimsShown(
  claims: readonly Claim[],
  filter: ClaimFilter,
  personId: string,
): readonly Claim[] {
  return claims
    .filter((claim) => {
      switch (filter) {
        case "attention":
          return isLeft(claim.progress);
        case "mine":
          return claim.assignee?.id === personId || claim.markedBy.id === personId;
        case "all":
          return true;
      }
    })
    .toSorted(
      (a, b) =>
        (a.anchor.start === null ? -1 : fields.indexOf(a.anchor.field)) -
          (b.anchor.start === null ? -1 : fields.indexOf(b.anchor.field)) ||
        (a.anchor.start ?? 0) - (b.anchor.start ?? 0) ||
        (a.anchor.end ?? 0) - (b.anchor.end ?? 0),
    );
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
