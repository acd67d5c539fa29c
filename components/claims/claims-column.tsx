"use client";
/** The claims beside the text (wide screens), or as a list in a sheet (phones). */
import { mayOnStory } from "@/domain/people/rights";
import type { Claim } from "@/domain/claims/claim";
import { Sheet } from "../ui/sheet";
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

function Card({ desk, claim, onLeave }: { desk: ClaimsDesk; claim: Claim; onLeave: () => void }) {
  return (
    <ClaimCard
      claim={claim}
      active={claim.id === desk.activeId}
      person={desk.person}
      facts={desk.facts}
      colleagues={desk.colleagues}
      acts={desk.acts}
      onActivate={() => desk.open(claim.id, { toCard: true })}
      onLeave={onLeave}
      onFindInText={() => desk.findInText(claim)}
    />
  );
}

export function ClaimsColumn({ desk }: { readonly desk: ClaimsDesk }) {
  return (
    <Panel desk={desk}>
      {desk.text ? (
        <ClaimsMargin claims={desk.shown} activeId={desk.activeId} text={desk.text}>
          {(claim) => <Card desk={desk} claim={claim} onLeave={desk.leave} />}
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
  return (
    <Sheet open={open} onOpenChange={onOpenChange} title="Claims">
      <Panel desk={desk} className="[&>header]:static [&>header]:bg-raised">
        <ol className="flex flex-col gap-2">
          {desk.shown.map((claim) => (
            <li key={claim.id}>
              <Card desk={desk} claim={claim} onLeave={leave} />
            </li>
          ))}
        </ol>
      </Panel>
    </Sheet>
  );
}
