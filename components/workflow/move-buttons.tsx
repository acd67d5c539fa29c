"use client";
/** The steps that this person may take from where the story stands. */
import { useState } from "react";
import { toast } from "sonner";
import type { Person } from "@/domain/people/person";
import type { StoryFacts } from "@/domain/people/rights";
import { movesOf, type Move, type MoveName } from "@/domain/workflow/moves";
import type { Gate } from "@/domain/workflow/workflow";
import { Button } from "../ui/button";
import { classNames } from "../ui/class-names";
import { useAsking } from "../ui/use-asking";
import { ReasonDialog } from "./reason-dialog";
import type { WorkflowActs } from "./use-gate";

const moveWords: Readonly<
  Record<MoveName, { readonly act: string; readonly done: string; readonly means: string }>
> = {
  "send-to-checking": {
    act: "Send to checking",
    done: "Sent to checking",
    means: "The checkers see it on the desk as theirs to work on.",
  },
  "send-back": {
    act: "Send back",
    done: "Sent back to draft",
    means: "The story goes back to draft, and its writers see why.",
  },
  approve: { act: "Approve", done: "Approved", means: "Exactly these words are approved." },
  "withdraw-approval": {
    act: "Withdraw approval",
    done: "Approval withdrawn",
    means: "The story goes back to checking; approving again is an act of its own.",
  },
  publish: { act: "Publish", done: "Published", means: "The approved words become public." },
  spike: {
    act: "Spike",
    done: "Spiked",
    means: "The story leaves the work of the desk. Nothing is deleted; an editor can revive it.",
  },
  revive: { act: "Revive", done: "Back in draft", means: "The story goes back to draft." },
};

type MoveButtonsProps = {
  readonly person: Person;
  readonly facts: StoryFacts;
  readonly gate: Gate | undefined;
  /** The content hash of what is on screen, once it is saved; undefined while it is not. */
  readonly contentHash: string | undefined;
  readonly acts: WorkflowActs;
  readonly className?: string;
};

export function MoveButtons({ person, facts, gate, contentHash, acts, className }: MoveButtonsProps) {
  const [asking, setAsking] = useState<Move | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();

  async function make(move: Move, reason?: string): Promise<string | null> {
    const answer = await acts.move({
      to: move.to,
      ...(move.asks === "open-gate" && contentHash ? { contentHash } : {}),
      ...(reason ? { reason } : {}),
    });
    if ("problem" in answer) return answer.problem.title;
    toast(moveWords[move.name].done);
    return null;
  }

  const available = movesOf(person, facts);
  if (available.length === 0) return null;
  const waits = (move: Move) => move.asks === "open-gate" && contentHash === undefined;
  const closed = (move: Move) => move.asks === "open-gate" && gate?.open !== true;
  return (
    <div className={classNames("flex flex-col gap-2", className)}>
      <div className="flex flex-wrap gap-2">
        {available
          .toSorted((a, b) => weight(a) - weight(b))
          .map((move) => (
            <Button
              key={move.name}
              look={weight(move) === 0 ? "primary" : "secondary"}
              busy={busy}
              disabled={closed(move) || waits(move)}
              title={moveWords[move.name].means}
              onClick={() => {
                setProblem(null);
                if (move.asks === "reason") return setAsking(move);
                ask(async () => setProblem(await make(move)));
              }}
            >
              {moveWords[move.name].act}
            </Button>
          ))}
      </div>
      {available.some((move) => !closed(move) && waits(move)) ? (
        <p className="text-xs text-ink-faint">Waits until everything is saved.</p>
      ) : null}
      <p role="alert" className="text-sm text-red empty:hidden">
        {problem}
      </p>
      {asking ? (
        <ReasonDialog
          title={`${moveWords[asking.name].act}?`}
          description={moveWords[asking.name].means}
          act={moveWords[asking.name].act}
          danger={asking.name === "spike"}
          onGive={(reason) => make(asking, reason)}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}

/** The way forward first. */
function weight(move: Move): number {
  if (["send-to-checking", "approve", "publish", "revive"].includes(move.name)) return 0;
  return move.name === "spike" ? 2 : 1;
}
