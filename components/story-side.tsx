"use client";
import { ExternalLink } from "lucide-react";
import type { ReactNode } from "react";
import { mayOnStory } from "@/domain/people/rights";
import type { Person } from "@/domain/people/person";
import { storyFactsOf } from "@/domain/stories/story-facts";
import type { Story } from "@/domain/stories/story";
import type { Blocker } from "@/domain/workflow/workflow";
import type { StorySocket } from "./body/story-socket";
import { useSeenHash } from "./body/use-seen-hash";
import { StoryRecord } from "./record/story-record";
import { StoryDetails } from "./stories/story-details";
import { TimeAgo } from "./ui/time-ago";
import { Tabs } from "./ui/tabs";
import { VersionsPanel } from "./versions/versions-panel";
import { GatePanel } from "./workflow/gate-panel";
import { MoveButtons } from "./workflow/move-buttons";
import { useGate, useWorkflowActs } from "./workflow/use-gate";

type GateSectionProps = {
  readonly story: Story;
  readonly person: Person;
  readonly socket: StorySocket;
  readonly onJump: (blocker: Blocker) => void;
};

/** Where the story stands on its way out, what keeps it, and the steps this person may take. */
export function GateSection({ story, person, socket, onJump }: GateSectionProps) {
  const gate = useGate(story.id);
  const acts = useWorkflowActs(story.id);
  const contentHash = useSeenHash(socket, story);
  const facts = storyFactsOf(story);
  return (
    <div className="flex flex-col gap-4">
      <GatePanel
        gate={gate.data}
        failed={gate.isError}
        person={person}
        facts={facts}
        acts={acts}
        onJump={onJump}
      />
      <MoveButtons person={person} facts={facts} gate={gate.data} contentHash={contentHash} acts={acts} />
      <WayOut story={story} />
    </div>
  );
}

/** What was approved, what took the approval away, what is public. */
function WayOut({ story: { approval, lapsed, publication, status } }: { readonly story: Story }) {
  return (
    <>
      {lapsed && !approval && status !== "published" ? (
        <Said>
          The approval by {lapsed.approvedBy.name} lapsed <TimeAgo at={lapsed.at} />
          {lapsed.by ? `, when ${lapsed.by.name} changed the story` : ""}:{" "}
          {lapsed.was ? <del className="text-ink">{lapsed.was}</del> : null}
          {lapsed.was && lapsed.now ? " → " : null}
          {lapsed.now ? <ins className="font-medium text-ink no-underline">{lapsed.now}</ins> : null}
        </Said>
      ) : null}
      {approval && status === "approved" ? (
        <Said>
          Approved by {approval.by.name} <TimeAgo at={approval.at} />, as version {approval.version}. The next
          change of the text takes the approval away.
        </Said>
      ) : null}
      {publication ? (
        <Said>
          Published by {publication.by.name} <TimeAgo at={publication.at} />.{" "}
          <a
            href={`/read/${publication.slug}`}
            target="_blank"
            rel="noopener"
            className="inline-flex items-center gap-1 font-medium text-accent underline underline-offset-2"
          >
            Public page
            <ExternalLink size={13} aria-hidden />
          </a>
        </Said>
      ) : null}
    </>
  );
}

const Said = ({ children }: { readonly children: ReactNode }) => (
  <p className="rounded-md bg-sunken px-3 py-2.5 text-sm leading-5 text-ink-soft">{children}</p>
);

export type SideTab = "details" | "versions" | "history";

/** What stands beside the story, and what became of it. */
export function StoryTabs(given: {
  readonly story: Story;
  readonly person: Person;
  readonly tab: SideTab;
  readonly onTab: (tab: SideTab) => void;
}) {
  const { story, person, tab, onTab } = given;
  const mayRestore = mayOnStory(person, "restore-version", storyFactsOf(story)) === true;
  return (
    <Tabs
      label="About this story"
      value={tab}
      onChange={(value) => onTab(sideTabs.find((one) => one.value === value)?.value ?? "details")}
      tabs={sideTabs}
    >
      {tab === "details" ? <StoryDetails story={story} /> : null}
      {tab === "versions" ? (
        <VersionsPanel storyId={story.id} lang={story.lang} mayRestore={mayRestore} />
      ) : null}
      {tab === "history" ? <StoryRecord storyId={story.id} /> : null}
    </Tabs>
  );
}

const sideTabs: readonly { readonly value: SideTab; readonly label: string }[] = [
  { value: "details", label: "Details" },
  { value: "versions", label: "Versions" },
  { value: "history", label: "History" },
];
