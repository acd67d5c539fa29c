/**
 * The steps of a story's way.
 *
 * [WF1] The table; a move that does not start here is `not-from-here`. "Ready" is no status: it is an open gate.
 * [WF2] The lapse of an approval is no move that anyone asks for: the server makes it (`server/workflow/lapse.ts`).
 */
import type { Person } from "../people/person";
import { type MissingRight, mayOnStory, type StoryAct, type StoryFacts } from "../people/rights";
import type { Refusal } from "../refusal";
import type { Status } from "../stories/story";
import type { Gate, MoveGiven } from "./workflow";

export type MoveName =
  "send-to-checking" | "send-back" | "approve" | "withdraw-approval" | "publish" | "spike" | "revive";

export type Move = {
  readonly name: MoveName & StoryAct;
  readonly from: readonly Status[];
  readonly to: Status;
  readonly asks: "nothing" | "reason" | "open-gate";
};

/** [WF1] A move's name is the right that it asks. From one status at most one of them leads to another. */
export const moves: readonly Move[] = [
  { name: "send-to-checking", from: ["draft"], to: "checking", asks: "nothing" },
  { name: "send-back", from: ["checking", "approved"], to: "draft", asks: "reason" },
  { name: "approve", from: ["checking"], to: "approved", asks: "open-gate" },
  { name: "withdraw-approval", from: ["approved"], to: "checking", asks: "reason" },
  { name: "publish", from: ["approved"], to: "published", asks: "open-gate" },
  { name: "spike", from: ["draft", "checking", "approved"], to: "spiked", asks: "reason" },
  { name: "revive", from: ["spiked"], to: "draft", asks: "nothing" },
];

export type MoveRefusal = MissingRight | "not-from-here" | "needs-reason" | "needs-content-hash";

/** The moves that this person may make from where the story stands: the buttons. */
export function movesOf(person: Person, story: StoryFacts): readonly Move[] {
  return moves.filter(
    (move) => move.from.includes(story.status) && mayOnStory(person, move.name, story) === true,
  );
}

/** Whoever could make the move from where it starts lacks no right: it only does not start here. */
function whyNotFromHere(person: Person, story: StoryFacts, to: Status): Refusal<MoveRefusal> {
  const answers = moves
    .filter((move) => move.to === to)
    .flatMap((move) => move.from.map((status) => mayOnStory(person, move.name, { ...story, status })));
  if (answers.includes(true)) return { refused: "not-from-here" };
  return answers.find((answer) => answer !== true) ?? { refused: "not-from-here" };
}

/**
 * [WF1] The move that the person asks for, when it starts here, is theirs to make and has all it asks for; its gate
 * and hash are asked of `mayRelease` afterwards, under the story's lock. The right comes before everything.
 */
export function moveAsked(person: Person, story: StoryFacts, given: MoveGiven): Move | Refusal<MoveRefusal> {
  if (mayOnStory(person, "read-story", story) !== true) return { refused: "not-visible" };
  const move = moves.find((one) => one.to === given.to && one.from.includes(story.status));
  if (!move) return whyNotFromHere(person, story, given.to);
  const right = mayOnStory(person, move.name, story);
  if (right !== true) return right;
  if (move.asks === "reason" && !given.reason) return { refused: "needs-reason" };
  if (move.asks === "open-gate" && !given.contentHash) return { refused: "needs-content-hash" };
  return move;
}

/**
 * [WF3] May these words be released? `seen` is the content hash that the person saw; the rest is computed from the
 * store inside the transaction that moves the story.
 */
export function mayRelease(given: {
  readonly seen: string | undefined;
  readonly contentHash: string;
  readonly gate: Gate;
}): true | Refusal<"text-changed"> | (Refusal<"gate-closed"> & Pick<Gate, "blockers">) {
  if (given.seen !== given.contentHash) return { refused: "text-changed" };
  if (!given.gate.open) return { refused: "gate-closed", blockers: given.gate.blockers };
  return true;
}
