/** Reading claims, as of one moment, for who may see their story. */
import type { Claim, ClaimWhole } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { maySee } from "@/domain/people/rights";
import type { House } from "../house";
import type { Tx } from "../store/db";
import { storyFacts, type KnownStory } from "../stories/story-row";
import { withAuthors } from "./claim-authors";
import { claimById, claimsOf, type WhichClaims, withHistory } from "./claims-of";

const asOfOneMoment = { isolationLevel: "repeatable read", accessMode: "read only" } as const;

async function visibleStory(tx: Tx, person: Person, storyId: string): Promise<KnownStory | null> {
  const story = await storyFacts(tx, storyId);
  return story && maySee(person, story) ? story : null;
}

/** In the order of the text; ids of no claim of the story are left out. Null when there is no such story for this person. */
export function readClaims(
  house: House,
  person: Person,
  storyId: string,
  which: WhichClaims = {},
): Promise<readonly Claim[] | null> {
  return house.db.transaction(async (tx) => {
    const story = await visibleStory(tx, person, storyId);
    return story && withAuthors(house, tx, story, await claimsOf(tx, storyId, which));
  }, asOfOneMoment);
}

/** With its history; a removed claim can be read too. Null when there is no such claim for this person. */
export function readClaim(house: House, person: Person, claimId: string): Promise<ClaimWhole | null> {
  return house.db.transaction(async (tx) => {
    const placed = await claimById(tx, claimId);
    const story = placed && (await visibleStory(tx, person, placed.storyId));
    if (!placed || !story) return null;
    const [claim] = await withAuthors(house, tx, story, [placed]);
    return claim ? withHistory(tx, claim) : null;
  }, asOfOneMoment);
}
