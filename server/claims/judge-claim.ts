import type { Claim, VerdictGiven } from "@/domain/claims/claim";
import { fold, foldVersion } from "@/domain/body/fold";
import { judge, type JudgeRefusal } from "@/domain/claims/judge";
import type { Person } from "@/domain/people/person";
import { isRefused, type Refusal } from "@/domain/refusal";
import { anchorsOf, committedTexts, noteJudged } from "../body/anchors";
import type { House } from "../house";
import { insertVerdict } from "./claim-store";
import { onClaim } from "./on-claim";

/** [CL2] Appends a verdict on the words as they stand; from now on these are the words that the anchor looks for. */
export function judgeClaim(
  house: House,
  person: Person,
  claimId: string,
  given: VerdictGiven,
): Promise<Claim | Refusal<JudgeRefusal | "no-such-claim">> {
  return onClaim<JudgeRefusal>(house, person, claimId, async ({ tx, story, claim, at }) => {
    const verdict = judge(person, story, claim, given);
    if (isRefused(verdict)) return verdict;
    const [anchor] = await anchorsOf(tx, { ownerIds: [claimId] });
    const id = house.newId();
    await insertVerdict(tx, {
      id,
      claimId,
      ...verdict,
      foldedWords: fold(verdict.words),
      sentence: anchor?.sentence ?? "",
      foldVersion,
      by: person.id,
      at,
    });
    await noteJudged(tx, { ownerId: claimId, words: verdict.words }, (storyId) =>
      committedTexts(house).read(tx, storyId),
    );
    const detail = {
      verdictId: id,
      verdict: verdict.verdict,
      words: verdict.words,
      ...(verdict.rationale && { rationale: verdict.rationale }),
      ...(verdict.replacement && { replacement: verdict.replacement }),
    };
    return { act: "verdict-given", detail };
  });
}
