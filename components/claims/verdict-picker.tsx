"use client";
/** The group “Verdict”: one button a verdict; what it needs is asked right there. */
import { useState } from "react";
import { toast } from "sonner";
import { verdictKinds, type Claim, type VerdictKind } from "@/domain/claims/claim";
import { mayJudge, needsRationale, needsReplacement } from "@/domain/claims/judge";
import type { Person } from "@/domain/people/person";
import type { StoryFacts } from "@/domain/people/rights";
import { Button } from "../ui/button";
import { classNames } from "../ui/class-names";
import { Field } from "../ui/field";
import { FormProblem } from "../ui/form-problem";
import { TextArea } from "../ui/text-input";
import { useAsking } from "../ui/use-asking";
import { verdictWords } from "./claim-look";
import type { ClaimActs } from "./use-claims";
import { useDraft } from "./use-draft";
import { whoseWords, whyNot } from "./why-not";

type VerdictPickerProps = {
  readonly claim: Claim;
  readonly person: Person;
  readonly facts: StoryFacts;
  readonly acts: ClaimActs;
};

export function VerdictPicker({ claim, person, facts, acts }: VerdictPickerProps) {
  const [choice, setChoice] = useDraft(claim.id, "verdict");
  const chosen = verdictKinds.find((verdict) => verdict === choice) ?? null;
  const [rationale, setRationale] = useDraft(claim.id, "rationale");
  const [replacement, setReplacement] = useDraft(claim.id, "replacement");
  /** A form that the card came back with leaves the keyboard where it is. */
  const [isAskedNow, setIsAskedNow] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { busy, ask } = useAsking();
  const may = mayJudge(person, facts, claim);

  /** `written` is what stands in the form; without the form nothing that was typed before is signed. */
  function give(
    verdict: VerdictKind,
    written: { readonly rationale?: string; readonly replacement?: string },
  ) {
    setProblem(null);
    ask(async () => {
      const answer = await acts.judge(claim.id, { verdict, words: claim.anchor.words, ...written });
      if ("problem" in answer) return setProblem(answer.problem.title);
      setChoice("");
      setRationale("");
      setReplacement("");
      toast(`Verdict given: ${verdictWords[verdict]}`);
    });
  }

  function choose(verdict: VerdictKind) {
    setProblem(null);
    if (chosen === verdict) return setChoice("");
    if (!needsRationale(verdict, claim.verdict, person) && !needsReplacement(verdict))
      return give(verdict, {});
    setIsAskedNow(true);
    setChoice(verdict);
  }

  const demanded = chosen !== null && needsRationale(chosen, claim.verdict, person);
  return (
    <div>
      <div role="group" aria-label="Verdict" className="flex flex-wrap gap-1.5">
        {verdictKinds.map((verdict) => (
          <button
            key={verdict}
            type="button"
            disabled={may !== true}
            aria-pressed={chosen === null ? claim.verdict?.verdict === verdict : chosen === verdict}
            aria-disabled={busy || undefined}
            onClick={() => {
              if (!busy) choose(verdict);
            }}
            className={classNames(
              "h-7 rounded-full border border-line-strong/60 bg-raised px-2.5 text-xs font-medium text-ink-soft transition-colors",
              "hover:bg-hover hover:text-ink disabled:pointer-events-none disabled:opacity-50 pointer-coarse:h-10 pointer-coarse:px-3.5",
              "aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-ink",
            )}
          >
            {verdictWords[verdict]}
          </button>
        ))}
      </div>
      {may === true ? null : (
        <p className="mt-2 text-xs text-ink-faint">
          {may.refused === "wrote-these-words" ? whoseWords(claim.authors, person.id) : whyNot(may.refused)}
        </p>
      )}
      {chosen === null ? null : (
        <form
          className="mt-3 flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            give(chosen, {
              ...(rationale.trim() ? { rationale: rationale.trim() } : {}),
              ...(needsReplacement(chosen) && replacement.trim() ? { replacement: replacement.trim() } : {}),
            });
          }}
        >
          {needsReplacement(chosen) ? (
            <Field label="The words should read">
              {(ties) => (
                <TextArea
                  {...ties}
                  rows={1}
                  autoFocus={isAskedNow}
                  required
                  maxLength={5000}
                  value={replacement}
                  onChange={(event) => setReplacement(event.target.value)}
                />
              )}
            </Field>
          ) : null}
          <Field
            label={demanded ? "Rationale" : "Rationale (optional)"}
            hint={
              claim.verdict && claim.verdict.by.id !== person.id
                ? `Over ${claim.verdict.by.name}’s verdict a rationale is needed.`
                : undefined
            }
          >
            {(ties) => (
              <TextArea
                {...ties}
                rows={2}
                autoFocus={isAskedNow && !needsReplacement(chosen)}
                required={demanded}
                maxLength={5000}
                value={rationale}
                onChange={(event) => setRationale(event.target.value)}
              />
            )}
          </Field>
          <FormProblem sentence={problem} />
          <div className="flex justify-end gap-2">
            <Button size="small" look="quiet" onClick={() => setChoice("")}>
              Cancel
            </Button>
            <Button size="small" look="primary" type="submit" busy={busy}>
              Give verdict: {verdictWords[chosen]}
            </Button>
          </div>
        </form>
      )}
      {chosen === null ? <FormProblem sentence={problem} /> : null}
    </div>
  );
}
