import { contentHash, type HashedContent } from "@/domain/body/content-hash";
import { keptClaim } from "@/domain/versions/kept-claim";
import { lapsedWords } from "@/domain/workflow/lapsed-words";
import { claimsOf } from "../claims/claims-of";
import { namesOf } from "../people/known-people";
import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import { lockStory, setStatus } from "../stories/story-row";
import { keepVersion } from "../versions/keep-version";
import { endApproval } from "./approval-store";

/**
 * [WF1][WF2] Takes the approval away and puts the story back to checking, in the transaction that stores the change:
 * an act, recorded with the words that did it and their writer. Only the first change of the content hash does so;
 * false when the hash is the same or nothing is approved. [WF6] Keeps what was approved, with its claims, once more.
 *
 * Takes the story's lock (or finds it held) and the record's: a transaction that stores into several stories locks
 * all of them before it calls this. Whoever opened the transaction emits `story` and `versions` after it.
 */
export async function lapse(
  tx: Tx,
  change: {
    readonly storyId: string;
    /** The writer; null for the server's own edits. */
    readonly by: string | null;
    readonly at: Date;
    readonly before: HashedContent;
    readonly after: HashedContent;
  },
): Promise<boolean> {
  const { storyId, by, at, before, after } = change;
  const wasHash = contentHash(before);
  const nowHash = contentHash(after);
  if (wasHash === nowHash) return false;
  const story = await lockStory(tx, storyId);
  if (story?.status !== "approved") return false;

  const words = lapsedWords(before, after);
  const approval = await endApproval(tx, { storyId, ended: "lapsed", by, at, lapsed: words });
  if (!approval) throw new Error(`story ${storyId} is approved without an approval`);
  await setStatus(tx, { storyId, status: "checking", by, at });
  const names = await namesOf(tx, story.writers);
  const version = await keepVersion(tx, {
    storyId,
    by,
    why: { cause: "move", to: "checking" },
    at,
    ...before,
    logSeq: story.logSeq,
    claims: (await claimsOf(tx, storyId)).map(keptClaim),
    authors: story.writers.map((id) => names.get(id) ?? { id, name: "" }),
  });
  const detail = {
    ...words,
    approvedBy: approval.by,
    approvedVersion: approval.version,
    contentHash: nowHash,
    version,
  };
  await recordAct(tx, { act: "approval-lapsed", personId: by, storyId, detail }, at);
  return true;
}
