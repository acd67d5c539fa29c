import type { Claim, CommentGiven } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { type MissingRight, mayOnStory } from "@/domain/people/rights";
import type { Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { insertComment } from "./claim-store";
import { onClaim } from "./on-claim";

/** Adds a comment to the claim's thread, or a reply to one of its comments. */
export function commentOnClaim(
  house: House,
  person: Person,
  claimId: string,
  given: CommentGiven,
): Promise<Claim | Refusal<MissingRight | "claim-removed" | "no-such-comment" | "no-such-claim">> {
  return onClaim<MissingRight | "claim-removed" | "no-such-comment">(
    house,
    person,
    claimId,
    async ({ tx, story, claim, at }) => {
      const right = mayOnStory(person, "comment", story);
      if (right !== true) return right;
      if (claim.removed) return { refused: "claim-removed" };
      if (given.replyTo !== undefined && !claim.thread.some((comment) => comment.id === given.replyTo)) {
        return { refused: "no-such-comment" };
      }
      const id = house.newId();
      const replyTo = given.replyTo ?? null;
      await insertComment(tx, { id, claimId, replyTo, text: given.text, by: person.id, at });
      const detail = { commentId: id, ...(replyTo && { replyTo }) };
      return { act: "comment-added", detail };
    },
  );
}
