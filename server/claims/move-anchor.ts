import { type ChangeRefusal, rewordClaim } from "@/domain/claims/change-claim";
import type { AnchorGiven, Claim } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { isRefused, type Refusal } from "@/domain/refusal";
import { committedTexts, moveAnchor as moveAnchorTo } from "../body/anchors";
import type { House } from "../house";
import { onClaim } from "./on-claim";

export type MoveAnchorRefusal =
  ChangeRefusal | "no-such-claim" | "quote-not-found" | "quote-ambiguous" | "no-words";

/** Puts the claim on its own words where they were found again, or [CL5] on other words. */
export function moveAnchor(
  house: House,
  person: Person,
  claimId: string,
  given: AnchorGiven,
): Promise<Claim | Refusal<MoveAnchorRefusal>> {
  return onClaim<MoveAnchorRefusal>(house, person, claimId, async ({ tx, story, claim }) => {
    const may = rewordClaim({ person, story }, claim, given);
    if (isRefused(may)) return may;
    const text = await committedTexts(house).read(tx, story.id);
    if (!text) return { refused: "quote-not-found" };
    const { reason, ...select } = given;
    const anchor = await moveAnchorTo(tx, { ownerId: claimId, select }, text);
    if (isRefused(anchor)) return anchor;
    const detail = {
      field: anchor.field,
      was: claim.anchor.words,
      now: anchor.words,
      sameWords: may.sameWords,
      ...(reason && { reason }),
    };
    return { act: "claim-reanchored", detail };
  });
}
