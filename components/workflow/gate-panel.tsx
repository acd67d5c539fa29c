"use client";
/** The region “Ready to publish?”: each blocker as a sentence with a way to its words. */
import { CircleAlert, CircleCheck } from "lucide-react";
import { memo, useState } from "react";
import { toast } from "sonner";
import type { Person } from "@/domain/people/person";
import { mayOnStory, type StoryFacts } from "@/domain/people/rights";
import type { Blocker, Gate } from "@/domain/workflow/workflow";
import { Button } from "../ui/button";
import { Skeleton } from "../ui/skeleton";
import { useLatest } from "../ui/use-latest";
import { ReasonDialog } from "./reason-dialog";
import type { WorkflowActs } from "./use-gate";

type GatePanelProps = {
  readonly gate: Gate | undefined;
  readonly failed: boolean;
  readonly person: Person;
  readonly facts: StoryFacts;
  readonly acts: WorkflowActs;
  /** Goes to the words of a claim, or to the field that is missing. */
  readonly onJump: (blocker: Blocker) => void;
};

export function GatePanel({ gate, failed, person, facts, acts, onJump }: GatePanelProps) {
  const [waiving, setWaiving] = useState<Blocker | null>(null);
  const mayWaive = mayOnStory(person, "waive", facts) === true;
  const jump = useLatest(onJump);
  return (
    <section aria-labelledby="ready-to-publish">
      <h2 id="ready-to-publish" className="text-sm font-semibold">
        Ready to publish?
      </h2>
      <div aria-live="polite" className="mt-2">
        {gate === undefined ? (
          failed ? (
            <p className="text-sm text-red">The blockers could not be fetched. Reload the page.</p>
          ) : (
            <Skeleton className="h-5 w-48" />
          )
        ) : gate.open ? (
          <p className="flex items-center gap-2 text-sm text-good">
            <CircleCheck size={16} aria-hidden />
            Yes: nothing blocks it.
          </p>
        ) : (
          <p className="flex items-center gap-2 text-sm text-ink-soft">
            <CircleAlert size={16} aria-hidden className="text-amber" />
            {gate.blockers.length === 1
              ? "Not yet: one blocker."
              : `Not yet: ${gate.blockers.length} blockers.`}
          </p>
        )}
      </div>
      {gate && gate.blockers.length > 0 ? (
        <Blockers blockers={gate.blockers} mayWaive={mayWaive} onJump={jump} onWaive={setWaiving} />
      ) : null}
      {waiving?.claimId ? (
        <ReasonDialog
          title="Waive this blocker?"
          description={`${waiving.sentence} A waiver holds for these words only and is shown for good.${
            waiving.waiversAsked > 1
              ? " The claim is critical: it counts once a second editor has given it too."
              : ""
          }`}
          act="Waive"
          onGive={async (reason) => {
            const answer = await acts.waive(waiving.claimId ?? "", { rule: waiving.rule, reason });
            if ("problem" in answer) return answer.problem.title;
            toast("Waiver given");
            return null;
          }}
          onClose={() => setWaiving(null)}
        />
      ) : null}
    </section>
  );
}

/** More than this are listed only when asked for. */
const mostAtFirst = 100;

type BlockersProps = {
  readonly blockers: readonly Blocker[];
  readonly mayWaive: boolean;
  readonly onJump: (blocker: Blocker) => void;
  readonly onWaive: (blocker: Blocker) => void;
};

const Blockers = memo(function Blockers({ blockers, mayWaive, onJump, onWaive }: BlockersProps) {
  const [most, setMost] = useState(mostAtFirst);
  return (
    <>
      <ul aria-label="Blockers" className="mt-2 flex flex-col divide-y">
        {blockers.slice(0, most).map((blocker) => (
          <li key={`${blocker.rule} ${blocker.claimId ?? ""}`} className="flex items-start gap-2 py-2">
            <button
              type="button"
              onClick={() => onJump(blocker)}
              className="min-w-0 flex-1 rounded-sm text-left text-sm leading-5 break-words hover:text-accent hover:underline hover:underline-offset-2"
            >
              {blocker.sentence}
              {blocker.waiversGiven > 0 ? (
                <span className="block text-xs text-ink-faint">
                  Waived by {blocker.waiversGiven} of {blocker.waiversAsked} editors.
                </span>
              ) : null}
            </button>
            {mayWaive && blocker.waivable ? (
              <Button size="small" look="quiet" onClick={() => onWaive(blocker)}>
                Waive
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {blockers.length > most ? (
        <Button size="small" look="quiet" onClick={() => setMost(blockers.length)}>
          Show all {blockers.length} blockers
        </Button>
      ) : null}
    </>
  );
});
