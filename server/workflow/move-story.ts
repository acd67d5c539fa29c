import { plainText } from "@/domain/body/content";
import { contentHash } from "@/domain/body/content-hash";
import type { Person } from "@/domain/people/person";
import type { Refusal } from "@/domain/refusal";
import type { Status } from "@/domain/stories/story";
import { keptClaim } from "@/domain/versions/kept-claim";
import { gate } from "@/domain/workflow/gate";
import { mayRelease, type Move, moveAsked, type MoveRefusal } from "@/domain/workflow/moves";
import type { Blocker, MoveGiven } from "@/domain/workflow/workflow";
import { fieldsOf } from "../body/committed-texts";
import { healStory } from "../body/heal-anchors";
import { readText } from "../body/read-text";
import { claimsOf } from "../claims/claims-of";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import { lockStory, setStatus } from "../stories/story-row";
import { keepVersion } from "../versions/keep-version";
import { type ApprovalEnd, endApproval, insertApproval, newestApproval } from "./approval-store";

/** What moving asks of a capability above: putting the approved version out. */
export type MoveFromAbove = {
  readonly publishVersion: (
    tx: Tx,
    given: {
      readonly storyId: string;
      readonly version: number;
      readonly approvedBy: string;
      readonly publishedBy: string;
      readonly at: Date;
    },
  ) => Promise<void>;
};

type Refused =
  | Refusal<MoveRefusal | "no-such-story" | "text-changed">
  | (Refusal<"gate-closed"> & { readonly blockers: readonly Blocker[] });

/**
 * [WF1][WF3] Moves the story, in one transaction under its row's lock. Content hash, places, freshness and gate are
 * computed anew from the store inside it. [WF4] Publishing puts out the version that was approved, byte for byte.
 * [WF6] A version is kept at every move.
 */
export async function moveStory(
  house: House,
  above: MoveFromAbove,
  person: Person,
  storyId: string,
  given: MoveGiven,
): Promise<{ readonly status: Status } | Refused> {
  const at = house.now();
  let healed: readonly string[];
  try {
    healed = await house.db.transaction(async (tx) => {
      const answer = await moveLocked(tx, house, above, { person, storyId, given, at });
      if ("refused" in answer) throw new RolledBack(answer);
      return answer.healed;
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.refusal;
    throw error;
  }
  house.bus.emit({ type: "story", storyId });
  house.bus.emit({ type: "versions", storyId });
  house.bus.emit({ type: "rights-changed", storyId });
  if (healed.length > 0) house.bus.emit({ type: "claims", storyId, claimIds: [...healed] });
  return { status: given.to };
}

/** No refusal changes anything: the places found while the gate was asked are taken back too. */
class RolledBack extends Error {
  constructor(readonly refusal: Refused) {
    super("rolled back");
  }
}

type Asked = {
  readonly person: Person;
  readonly storyId: string;
  readonly given: MoveGiven;
  readonly at: Date;
};

async function moveLocked(
  tx: Tx,
  house: House,
  above: MoveFromAbove,
  { person, storyId, given, at }: Asked,
): Promise<{ readonly healed: readonly string[] } | Refused> {
  const story = await lockStory(tx, storyId);
  if (!story) return { refused: "no-such-story" };
  const move = moveAsked(person, story, given);
  if ("refused" in move) return move;

  const text = await readText(tx, storyId);
  if (!text) throw new Error(`story ${storyId} has no text`);
  const details = { dateline: story.dateline, byline: [...story.byline] };
  const hash = contentHash({ content: text.content, ...details });
  if (move.asks === "open-gate" && given.contentHash !== hash) return { refused: "text-changed" };
  const healed = await healStory(tx, storyId, fieldsOf(text));
  const claims = await claimsOf(tx, storyId);
  if (move.asks === "open-gate") {
    const headline = plainText(text.content.headline);
    const may = mayRelease({
      seen: given.contentHash,
      contentHash: hash,
      gate: gate({ headline, ...details }, claims),
    });
    if (may !== true) return may;
  }
  const standing = await newestApproval(tx, storyId);
  if (move.name === "publish" && standing?.contentHash !== hash) return { refused: "text-changed" };

  const names = await namesOf(tx, story.writers);
  const version = await keepVersion(tx, {
    storyId,
    by: person.id,
    why: { cause: "move", to: move.to },
    at,
    content: text.content,
    logSeq: text.logSeq,
    ...details,
    claims: claims.map(keptClaim),
    authors: story.writers.map((id) => names.get(id) ?? { id, name: "" }),
  });
  if (move.name === "approve") {
    await insertApproval(tx, { id: house.newId(), storyId, contentHash: hash, version, by: person.id, at });
  }
  const ended = story.status === "approved" ? endOf(move) : null;
  if (ended) {
    const approval = await endApproval(tx, { storyId, ended, by: person.id, at });
    if (!approval) throw new Error(`story ${storyId} is approved without an approval`);
    if (move.name === "publish") {
      const { version: approved, by: approvedBy } = approval;
      await above.publishVersion(tx, { storyId, version: approved, approvedBy, publishedBy: person.id, at });
    }
  }
  await setStatus(tx, { storyId, status: move.to, by: person.id, at });
  const detail = {
    move: move.name,
    from: story.status,
    to: move.to,
    contentHash: hash,
    version,
    ...(given.reason && { reason: given.reason }),
  };
  await recordAct(tx, { act: "story-moved", personId: person.id, storyId, detail }, at);
  return { healed };
}

/** How a move that starts at an approved story ends its approval. */
function endOf(move: Move): ApprovalEnd | null {
  switch (move.name) {
    case "publish":
      return "published";
    case "withdraw-approval":
      return "withdrawn";
    case "send-back":
      return "sent-back";
    case "spike":
      return "spiked";
    case "send-to-checking":
    case "approve":
    case "revive":
      return null;
  }
}
