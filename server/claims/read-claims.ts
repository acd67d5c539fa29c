/** Reading claims, as of one moment, for who may see their story. */
import type { Claim, ClaimWhole } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { maySee } from "@/domain/people/rights";
import type { House } from "../house";
import type { Tx } from "../store/db";
import { storyFacts } from "../stories/story-row";
import { claimById, claimsOf, type WhichClaims, withHistory } from "./claims-of";

const asOfOneMoment = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

async function isThere(tx: Tx, person: Person, storyId: string): Promise<boolean> {
  const story = await storyFacts(tx, storyId);
  return story !== null && maySee(person, story);
}

/** In the order of the text; ids of no claim of the story are left out. Null when there is no such story for this person. */
export function readClaims(
  house: House,
  person: Person,
  storyId: string,
  which: WhichClaims = {},
): Promise<readonly Claim[] | null> {
  return house.db.transaction(
    async (tx) => ((await isThere(tx, person, storyId)) ? claimsOf(tx, storyId, which) : null),
    asOfOneMoment,
  );
}

/** With its history; a removed claim can be read too. Null when there is no such claim for this person. */
export function readClaim(house: House, person: Person, claimId: string): Promise<ClaimWhole | null> {
  return house.db.transaction(async (tx) => {
    const claim = await claimById(tx, claimId);
    return claim && (await isThere(tx, person, claim.storyId)) ? withHistory(tx, claim) : null;
  }, asOfOneMoment);
}
