import type { Claim, EvidenceGiven } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { type MissingRight, mayOnStory } from "@/domain/people/rights";
import type { Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { insertEvidence } from "./claim-store";
import { onClaim } from "./on-claim";

/** Puts a source under the claim. The record keeps that it was done, not what the source is called. */
export function addEvidence(
  house: House,
  person: Person,
  claimId: string,
  given: EvidenceGiven,
): Promise<Claim | Refusal<MissingRight | "claim-removed" | "no-such-claim">> {
  return onClaim<MissingRight | "claim-removed">(house, person, claimId, async ({ tx, story, claim, at }) => {
    const right = mayOnStory(person, "add-evidence", story);
    if (right !== true) return right;
    if (claim.removed) return { refused: "claim-removed" };
    const id = house.newId();
    const { type, name, url = null, reliability = null, origin = null } = given.source;
    await insertEvidence(tx, {
      source: { id: house.newId(), type, name, url, reliability, origin },
      evidence: {
        id,
        claimId,
        relation: given.relation,
        excerpt: given.excerpt ?? null,
        locator: given.locator ?? null,
        by: person.id,
        at,
      },
    });
    const detail = { evidenceId: id, relation: given.relation, type };
    return { act: "evidence-added", detail };
  });
}
