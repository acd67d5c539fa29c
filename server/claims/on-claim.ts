import type { Claim } from "@/domain/claims/claim";
import type { Act, ActWord } from "@/domain/record/act";
import { maySee } from "@/domain/people/rights";
import type { Person } from "@/domain/people/person";
import type { Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import { lockStory, type LockedStory } from "../stories/story-row";
import { storyIdOfClaim } from "./claim-store";
import { withAuthors } from "./claim-authors";
import { claimById } from "./claims-of";

/** A claim as it stands while its story's row is locked. */
export type HeldClaim = {
  readonly tx: Tx;
  readonly story: LockedStory;
  readonly claim: Claim;
  readonly at: Date;
};

/** What was done to the claim, for the record. */
export type DoneToClaim = { readonly act: ActWord; readonly detail: Act["detail"] };

/**
 * One act on a claim, in one transaction under its story's lock. `act` refuses before it saves anything, and says what
 * it did: that is recorded last, in the same transaction; `"nothing"` changed nothing. The claim as it stands
 * afterwards comes back, and open pages are told. A claim of a story that the person may not see is `no-such-claim`.
 */
export async function onClaim<Word extends string>(
  house: House,
  person: Person,
  claimId: string,
  act: (held: HeldClaim) => Promise<DoneToClaim | "nothing" | Refusal<Word>>,
): Promise<Claim | Refusal<Word | "no-such-claim">> {
  const at = house.now();
  type Done = Claim | Refusal<Word | "no-such-claim">;
  const { done, changed } = await house.db.transaction(
    async (tx): Promise<{ readonly done: Done; readonly changed: boolean }> => {
      const storyId = await storyIdOfClaim(tx, claimId);
      const story = storyId === null ? null : await lockStory(tx, storyId);
      const placed = story && maySee(person, story) ? await claimById(tx, claimId) : null;
      const [claim] = story && placed ? await withAuthors(house, tx, story, [placed]) : [];
      if (!story || !claim) return { done: { refused: "no-such-claim" }, changed: false };
      const answer = await act({ tx, story, claim, at });
      if (answer === "nothing") return { done: claim, changed: false };
      if ("refused" in answer) return { done: answer, changed: false };
      const changed = await claimById(tx, claimId);
      const [after] = changed ? await withAuthors(house, tx, story, [changed]) : [];
      if (!after) throw new Error(`claim ${claimId} is gone`);
      await recordAct(tx, { ...answer, personId: person.id, storyId: story.id, claimId }, at);
      return { done: after, changed: true };
    },
  );
  if (changed && "storyId" in done) {
    house.bus.emit({ type: "claims", storyId: done.storyId, claimIds: [claimId] });
  }
  return done;
}
