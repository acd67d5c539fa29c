import type { Claim, ClaimStart } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { maySee, type MissingRight, mayOnStory } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import { committedTexts, makeAnchor } from "../body/anchors";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import { lockStory } from "../stories/story-row";
import { insertClaim } from "./claim-store";
import { withAuthors } from "./claim-authors";
import { claimById } from "./claims-of";

export type MarkRefusal = MissingRight | "no-such-story" | "quote-not-found" | "quote-ambiguous" | "no-words";

/** [CL1] Marks words of the committed text as a claim. Words that are not there, or not clearly one place, are refused. */
export async function markClaim(
  house: House,
  person: Person,
  storyId: string,
  given: ClaimStart,
): Promise<Claim | Refusal<MarkRefusal>> {
  const at = house.now();
  const id = house.newId();
  const marked = await house.db.transaction(async (tx) => {
    const story = await lockStory(tx, storyId);
    if (!story || !maySee(person, story)) return { refused: "no-such-story" } as const;
    const right = mayOnStory(person, "mark-claim", story);
    if (right !== true) return right;
    const text = await committedTexts(house).read(tx, storyId);
    if (!text) return { refused: "quote-not-found" } as const;
    const { kind, importance = "normal", note = null, ...select } = given;
    const anchor = await makeAnchor(tx, { storyId, ownerKind: "claim", ownerId: id, select }, text);
    if (isRefused(anchor)) return anchor;
    const origin = person.role === "reporter" ? "reporter" : "checker";
    await insertClaim(tx, {
      id,
      storyId,
      kind,
      importance,
      origin,
      note,
      quote: anchor.words,
      markedBy: person.id,
      markedAt: at,
    });
    const placed = await claimById(tx, id);
    const [claim] = placed ? await withAuthors(house, tx, story, [placed]) : [];
    if (!claim) throw new Error(`claim ${id} was not kept`);
    const detail = { kind, importance, field: given.field, quote: anchor.words, ...(note && { note }) };
    await recordAct(tx, { act: "claim-marked", personId: person.id, storyId, claimId: id, detail }, at);
    return claim;
  });
  if (!isRefused(marked)) house.bus.emit({ type: "claims", storyId, claimIds: [id] });
  return marked;
}
