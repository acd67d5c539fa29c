"use client";
/** The claims beside the text (wide screens), or as a list in a sheet (phones). */
import { memo, type ReactNode } from "react";
import { mayOnStory } from "@/domain/people/rights";
import type { Claim } from "@/domain/claims/claim";
import { Sheet } from "../ui/sheet";
import { useLatest } from "../ui/use-latest";
import { ClaimCard } from "./claim-card";
import { ClaimsMargin } from "./claims-margin";
import { ClaimsPanel } from "./claims-panel";
import type { ClaimsDesk } from "./use-claims-desk";

function Panel({
  desk,
  children,
  className,
}: {
  desk: ClaimsDesk;
  children: React.ReactNode;
  className?: string;
}) {
  return (
    <ClaimsPanel
      claims={desk.claims}
      personId={desk.person.id}
      filter={desk.filter}
      onFilter={desk.setFilter}
      onStep={desk.step}
      mayMark={mayOnStory(desk.person, "mark-claim", desk.facts) === true}
      {...(className ? { className } : {})}
    >
      {children}
    </ClaimsPanel>
  );
}

/** Drawn anew only when something about its own claim is new, however many there are. */
const Card = memo(ClaimCard);

function useCards(desk: ClaimsDesk, leave: () => void): (claim: Claim) => ReactNode {
  const { activeId, person, facts, colleagues, acts } = desk;
  const onActivate = useLatest((claim: Claim) => desk.open(claim.id, { toCard: true }));
  const onLeave = useLatest(leave);
  const onFindInText = useLatest(desk.findInText);
  return (claim) => (
    <Card
      claim={claim}
      active={claim.id === activeId}
      {...{ person, facts, colleagues, acts, onActivate, onLeave, onFindInText }}
    />
  );
}

export function ClaimsColumn({ desk }: { readonly desk: ClaimsDesk }) {
  const card = useCards(desk, desk.leave);
  return (
    <Panel desk={desk}>
      {desk.text ? (
        <ClaimsMargin claims={desk.shown} activeId={desk.activeId} text={desk.text}>
          {card}
        </ClaimsMargin>
      ) : null}
    </Panel>
  );
}

type ClaimsSheetProps = {
  readonly desk: ClaimsDesk;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

export function ClaimsSheet({ desk, open, onOpenChange }: ClaimsSheetProps) {
  const leave = () => {
    onOpenChange(false);
    desk.leave();
  };
  const card = useCards(desk, leave);
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title="Claims">
      <Panel
        desk={desk}
        className="[&_[data-panel-title]]:sr-only [&>header]:static [&>header]:bg-raised [&>header]:pt-0"
      >
        <ol className="flex flex-col gap-2">
          {desk.shown.map((claim) => (
            <li key={claim.id}>{card(claim)}</li>
          ))}
        </ol>
      </Panel>
    </Sheet>
  );
}
