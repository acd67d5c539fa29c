"use client";
/** The region “Claims”: what is left, which ones are shown, the way from one to the next; below it the cards. */
import { ChevronDown, ChevronUp } from "lucide-react";
import type { ReactNode } from "react";
import type { Claim } from "@/domain/claims/claim";
import { isLeft } from "@/domain/claims/progress";
import { classNames } from "../ui/class-names";
import { IconButton } from "../ui/icon-button";
import { claimFilters, claimsShown, type ClaimFilter } from "./claim-order";

const filterWords: Readonly<Record<ClaimFilter, string>> = {
  attention: "Needs attention",
  mine: "Mine",
  all: "All",
};

type ClaimsPanelProps = {
  readonly claims: readonly Claim[];
  readonly personId: string;
  readonly filter: ClaimFilter;
  readonly onFilter: (filter: ClaimFilter) => void;
  readonly onStep: (step: 1 | -1) => void;
  /** Whether claims can be marked by this person: decides what the empty list says. */
  readonly mayMark: boolean;
  readonly className?: string;
  readonly children: ReactNode;
};

export function ClaimsPanel(given: ClaimsPanelProps) {
  const { claims, personId, filter, onFilter, onStep, mayMark, className, children } = given;
  const left = claims.filter((claim) => isLeft(claim.progress)).length;
  const counts = {
    attention: left,
    mine: claimsShown(claims, "mine", personId).length,
    all: claims.length,
  };
  const isEmpty = counts[filter] === 0;
  return (
    <section aria-label="Claims" className={className}>
      <header className="sticky top-13 z-10 flex flex-col gap-2 bg-page pt-2 pb-3">
        <div className="flex items-center justify-between gap-2">
          <h2 className="text-sm font-semibold">
            <span data-panel-title className="mr-2">
              Claims
            </span>
            <span className="font-normal text-ink-faint" aria-live="polite">
              {claims.length === 0
                ? "none yet"
                : left === 0
                  ? "all checked"
                  : `${left} of ${claims.length} left`}
            </span>
          </h2>
          <div className="flex">
            <IconButton
              size="small"
              label="Previous claim"
              keys="Shift F8"
              disabled={isEmpty}
              icon={<ChevronUp size={16} aria-hidden />}
              onClick={() => onStep(-1)}
            />
            <IconButton
              size="small"
              label="Next claim"
              keys="F8"
              disabled={isEmpty}
              icon={<ChevronDown size={16} aria-hidden />}
              onClick={() => onStep(1)}
            />
          </div>
        </div>
        <div role="group" aria-label="Show" className="flex gap-1">
          {claimFilters.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={filter === one}
              onClick={() => onFilter(one)}
              className={classNames(
                "h-7 rounded-full px-2.5 text-xs font-medium text-ink-soft hover:bg-hover hover:text-ink",
                "aria-pressed:bg-accent-soft aria-pressed:text-accent-ink pointer-coarse:h-10 pointer-coarse:px-3.5",
              )}
            >
              {filterWords[one]}
              <span className="ml-1.5 font-normal tabular-nums opacity-80">{counts[one]}</span>
            </button>
          ))}
        </div>
      </header>
      {isEmpty ? <NothingShown filter={filter} none={claims.length === 0} mayMark={mayMark} /> : children}
    </section>
  );
}

function NothingShown(given: {
  readonly filter: ClaimFilter;
  readonly none: boolean;
  readonly mayMark: boolean;
}) {
  const { filter, none, mayMark } = given;
  const sentence = none
    ? mayMark
      ? "Select words that can be checked (a number, a date, a quote, a title) and choose Add claim."
      : "Nobody has marked a claim in this story yet."
    : filter === "attention"
      ? "Nothing needs attention: every claim is checked or waived."
      : "None of these claims is yours.";
  return <p className="py-2 text-sm leading-5 text-ink-faint">{sentence}</p>;
}
