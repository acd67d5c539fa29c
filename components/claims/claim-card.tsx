"use client";
/** One claim beside its words: closed a summary, open (the active one) everything about it. */
import { ArrowRight, MessageSquare, Paperclip } from "lucide-react";
import type { KeyboardEvent, Ref } from "react";
import { fold } from "@/domain/body/fold";
import type { Claim } from "@/domain/claims/claim";
import { inQuotes } from "@/domain/claims/words-quoted";
import type { Colleague, Person } from "@/domain/people/person";
import { mayOnStory, type StoryFacts } from "@/domain/people/rights";
import { Avatar } from "../ui/avatar";
import { Button } from "../ui/button";
import { classNames } from "../ui/class-names";
import { Field } from "../ui/field";
import { Select } from "../ui/select";
import { ClaimHistory } from "./claim-history";
import { kindWords, verdictWords } from "./claim-look";
import { ClaimMenu } from "./claim-menu";
import { ClaimStatus } from "./claim-status";
import { ClaimThread } from "./claim-thread";
import { EvidenceList } from "./evidence-list";
import type { ClaimActs } from "./use-claims";
import { VerdictPicker } from "./verdict-picker";

export type ClaimCardProps = {
  readonly claim: Claim;
  readonly active: boolean;
  readonly person: Person;
  readonly facts: StoryFacts;
  readonly colleagues: readonly Colleague[];
  readonly acts: ClaimActs;
  readonly onActivate: (claim: Claim) => void;
  /** Back to the claim's words in the text. */
  readonly onLeave: () => void;
  /** Puts an orphaned claim on the words selected in the text; answers with a sentence when that cannot be. */
  readonly onFindInText: (claim: Claim) => void;
  readonly ref?: Ref<HTMLElement> | undefined;
};

export function ClaimCard(given: ClaimCardProps) {
  const { claim, active, onActivate, onLeave, ref } = given;
  const leaveOnEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    onLeave();
  };
  return (
    <article
      ref={ref}
      id={`claim-${claim.id}`}
      aria-label={nameOf(claim)}
      aria-current={active || undefined}
      tabIndex={-1}
      onKeyDown={active ? leaveOnEscape : undefined}
      className={classNames(
        "rounded-lg border bg-raised transition-shadow outline-offset-2",
        active ? "border-accent/50 shadow-float" : "shadow-raised hover:border-line-strong/60",
      )}
    >
      {active ? <OpenCard {...given} /> : <ClosedCard claim={claim} onActivate={onActivate} />}
    </article>
  );
}

/** Its quote, and the words now where they are others: whoever looks for the claim knows one or the other. */
function nameOf({ quote, anchor: { words } }: Claim): string {
  return fold(quote) === fold(words) ? words : `${quote}, now ${words}`;
}

function Words({ claim }: { readonly claim: Claim }) {
  return (
    <span className="font-serif text-[0.9375rem] leading-5 text-ink break-words">
      {inQuotes(claim.anchor.words)}
    </span>
  );
}

function Tags({ claim }: { readonly claim: Claim }) {
  return (
    <span className="text-xs text-ink-faint">
      {kindWords[claim.kind]}
      {claim.importance === "critical" ? (
        <strong className="font-semibold text-ink"> · Critical</strong>
      ) : null}
      {claim.importance === "low" ? " · Low" : null}
    </span>
  );
}

function ClosedCard({ claim, onActivate }: Pick<ClaimCardProps, "claim" | "onActivate">) {
  return (
    <button
      type="button"
      onClick={() => onActivate(claim)}
      aria-expanded={false}
      className="flex w-full flex-col gap-1.5 rounded-lg px-3 py-2.5 text-left"
    >
      <span className="flex items-center justify-between gap-2">
        <ClaimStatus claim={claim} />
        <Tags claim={claim} />
      </span>
      <span className="line-clamp-2">
        <Words claim={claim} />
      </span>
      {claim.evidence.length + claim.thread.length > 0 || claim.assignee ? (
        <span className="flex items-center gap-3 text-xs text-ink-faint">
          {claim.evidence.length > 0 ? (
            <span className="inline-flex items-center gap-1">
              <Paperclip size={12} aria-hidden />
              {claim.evidence.length}
              <span className="sr-only"> sources</span>
            </span>
          ) : null}
          {claim.thread.length > 0 ? (
            <span className="inline-flex items-center gap-1">
              <MessageSquare size={12} aria-hidden />
              {claim.thread.length}
              <span className="sr-only"> comments</span>
            </span>
          ) : null}
          {claim.assignee ? (
            <span className="ml-auto">
              <Avatar person={claim.assignee} size="small" />
            </span>
          ) : null}
        </span>
      ) : null}
    </button>
  );
}

function OpenCard(given: ClaimCardProps) {
  const { claim, person, facts, colleagues, acts, onFindInText } = given;
  const mayAdd = claim.removed === null && mayOnStory(person, "add-evidence", facts) === true;
  return (
    <div className="flex flex-col gap-4 p-4">
      <header className="flex flex-col gap-2">
        <div className="flex items-center justify-between gap-2">
          <ClaimStatus claim={claim} />
          <ClaimMenu claim={claim} person={person} facts={facts} acts={acts} />
        </div>
        <Words claim={claim} />
        <Tags claim={claim} />
        {claim.note ? <p className="text-sm leading-5 text-ink-soft">{claim.note}</p> : null}
        <WhatChanged claim={claim} />
        {claim.freshness.state === "orphaned" && mayAdd ? (
          <div className="flex flex-col items-start gap-2 rounded-md bg-violet-soft p-3 text-sm">
            <p className="leading-5 text-ink">
              These words are gone from the text. If they stand there in another form, select them and attach
              the claim.
            </p>
            <Button size="small" onClick={() => onFindInText(claim)}>
              Find in text
            </Button>
          </div>
        ) : null}
      </header>
      {claim.freshness.state === "orphaned" ? null : (
        <VerdictPicker claim={claim} person={person} facts={facts} acts={acts} />
      )}
      <StandingVerdict claim={claim} />
      <EvidenceList claim={claim} mayAdd={mayAdd} acts={acts} />
      <Waivers claim={claim} />
      <ClaimThread claim={claim} mayComment={mayAdd} acts={acts} />
      <Field label="Assigned to">
        {(ties) => (
          <Select
            {...ties}
            value={claim.assignee?.id ?? ""}
            disabled={!mayAdd}
            onChange={(event) => void acts.assign(claim.id, event.target.value || null)}
            options={[
              { value: "", label: "Nobody" },
              ...colleagues
                .filter((one) => (one.active && one.role !== "admin") || one.id === claim.assignee?.id)
                .map((one) => ({ value: one.id, label: one.name })),
            ]}
          />
        )}
      </Field>
      <ClaimHistory claimId={claim.id} />
    </div>
  );
}

function WhatChanged({ claim }: { readonly claim: Claim }) {
  const { state, reason, was, now } = claim.freshness;
  if (state !== "stale" || !claim.verdict) {
    return claim.contextChanged && state === "current" ? (
      <p className="text-xs text-ink-faint">The rest of its sentence has changed since the verdict.</p>
    ) : null;
  }
  return (
    <div className="rounded-md bg-orange-soft px-3 py-2 text-sm leading-5">
      <p className="font-medium text-orange">
        {reason === "context" ? "Its sentence changed since the verdict" : "Changed since the verdict"}
        {reason && reason !== "context" && reason !== "words" ? `: ${reason}` : ""}
      </p>
      {was === undefined && now === undefined ? null : (
        <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-ink">
          <del className="break-words">
            <span className="sr-only">was </span>
            {was}
          </del>
          <ArrowRight size={14} aria-hidden className="shrink-0" />
          <ins className="font-medium break-words no-underline">
            <span className="sr-only">now </span>
            {now}
          </ins>
        </p>
      )}
    </div>
  );
}

function StandingVerdict({ claim }: { readonly claim: Claim }) {
  const { verdict } = claim;
  if (!verdict) return null;
  return (
    <div className="text-sm leading-5">
      <p className="text-xs text-ink-faint">
        <span className="font-medium text-ink">{verdictWords[verdict.verdict]}</span> by {verdict.by.name}
      </p>
      {verdict.replacement ? (
        <p className="mt-1">
          Should read <strong className="font-medium">{inQuotes(verdict.replacement)}</strong>
        </p>
      ) : null}
      {verdict.rationale ? (
        <p className="mt-1 text-ink-soft break-words whitespace-pre-wrap">{verdict.rationale}</p>
      ) : null}
    </div>
  );
}

function Waivers({ claim }: { readonly claim: Claim }) {
  if (claim.waivers.length === 0) return null;
  return (
    <section aria-label="Waivers">
      <h3 className="text-xs font-semibold text-ink-soft">Waivers</h3>
      <ul className="mt-1 flex flex-col gap-1">
        {claim.waivers.map((waiver) => (
          <li key={waiver.id} className="text-xs leading-4 text-ink-soft break-words">
            <span className="font-medium text-ink">{waiver.by.name}</span> waived “{waiver.rule}”:{" "}
            {waiver.reason}
          </li>
        ))}
      </ul>
    </section>
  );
}
