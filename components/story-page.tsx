"use client";
/** The story page: it stands above all capabilities and puts them together. */
import { ChevronLeft, CircleCheckBig, Info, Lock, PanelRight, Plus, SquareCheckBig } from "lucide-react";
import Link from "next/link";
import { useEffect, useEffectEvent, useMemo, useRef, useState, type ReactNode } from "react";
import type { Claim } from "@/domain/claims/claim";
import { isLeft } from "@/domain/claims/progress";
import { rightSentence } from "@/domain/people/right-sentences";
import { mayOnStory } from "@/domain/people/rights";
import { isRefused } from "@/domain/refusal";
import { storyFactsOf } from "@/domain/stories/story-facts";
import type { Story } from "@/domain/stories/story";
import type { Blocker } from "@/domain/workflow/workflow";
import { EmptiedNotice } from "./body/emptied-notice";
import { keyWords } from "./body/format-actions";
import { HereNow } from "./body/here-now";
import { SaveStateBadge } from "./body/save-state-badge";
import { SelectionAction } from "./body/selection-toolbar";
import { StoryEditor } from "./body/story-editor";
import { StorySkeleton } from "./body/story-skeleton";
import type { StorySocket } from "./body/story-socket";
import type { StoryText } from "./body/story-text";
import { UnsavedOffer } from "./body/unsaved-offer";
import { useSocketState, useStorySocket } from "./body/use-story-socket";
import { useWhoWrote, WhoWrote, WhoWroteAction } from "./body/who-wrote";
import { claimHighlights } from "./claims/claim-highlights";
import { ClaimsColumn, ClaimsSheet } from "./claims/claims-column";
import { FindInText } from "./claims/find-in-text";
import { MarkClaim } from "./claims/mark-claim";
import { useClaimsDesk } from "./claims/use-claims-desk";
import { useSignedIn } from "./people/signed-in";
import { TopBar } from "./people/top-bar";
import { usePeople } from "./people/use-people";
import { DatelineLine } from "./stories/dateline-line";
import { StatusBadge } from "./stories/status-badge";
import { useStory } from "./stories/use-story";
import { GateSection, StoryTabs, type SideTab } from "./story-side";
import { Button } from "./ui/button";
import { Sheet } from "./ui/sheet";
import { useMedia } from "./ui/use-media";

type StoryPageProps = { readonly first: Story; readonly firstClaims: readonly Claim[] };

export function StoryPage({ first, firstClaims }: StoryPageProps) {
  const person = useSignedIn();
  const { data: story = first, refetch } = useStory(first.id, first);
  const { socket, startAfresh } = useStorySocket({
    storyId: first.id,
    personId: person.id,
    epoch: story.epoch,
  });
  if (!socket) return <Waiting story={story} />;
  return (
    <OpenStory
      story={story}
      firstClaims={firstClaims}
      socket={socket}
      startAfresh={startAfresh}
      fetchAnew={() => void refetch()}
    />
  );
}

function Waiting({ story }: { readonly story: Story }) {
  return (
    <>
      <TopBar>
        <StoryName story={story} />
      </TopBar>
      <main id="content" className="mx-auto max-w-2xl px-4 sm:px-6">
        <StorySkeleton />
      </main>
    </>
  );
}

function StoryName({ story }: { readonly story: Story }) {
  return (
    <div className="flex min-w-0 items-center gap-2.5 max-md:shrink-0">
      <Link
        href="/"
        aria-label="Back to the desk"
        className="-ml-1 inline-flex size-8 shrink-0 max-sm:hidden items-center justify-center rounded-md text-ink-faint hover:bg-hover hover:text-ink pointer-coarse:size-11"
      >
        <ChevronLeft size={18} aria-hidden />
      </Link>
      <span className="truncate text-sm font-medium text-ink max-md:hidden" title={story.slug}>
        {story.headline || "No headline yet"}
      </span>
      <StatusBadge status={story.status} />
      {story.private ? (
        <span title="Only those named on it see it" className="text-ink-faint">
          <Lock size={14} aria-hidden />
          <span className="sr-only">Private</span>
        </span>
      ) : null}
    </div>
  );
}

type OpenStoryProps = {
  readonly story: Story;
  readonly firstClaims: readonly Claim[];
  readonly socket: StorySocket;
  readonly startAfresh: () => void;
  readonly fetchAnew: () => void;
};

type Panel = "claims" | "gate" | "about";

function OpenStory({ story, firstClaims, socket, startAfresh, fetchAnew }: OpenStoryProps) {
  const person = useSignedIn();
  const { data: colleagues = [] } = usePeople();
  const facts = useMemo(() => storyFactsOf(story), [story]);
  const isReady = useSocketState(socket, ({ ready }) => ready);
  const readOnly = useWhyReadOnly(socket, mayOnStory(person, "write-text", facts));
  const [text, setText] = useState<StoryText | null>(null);
  const desk = useClaimsDesk({ storyId: story.id, person, facts, colleagues, initial: firstClaims, text });
  const [highlights] = useHighlightExtension(desk.reach);
  const [tab, setTab] = useState<SideTab>("details");
  const [panel, setPanel] = useState<Panel | null>(null);
  const hasMargin = useMedia("(width >= 56rem)");
  const hasSide = useMedia("(width >= 75rem)");
  const mayEditDetails = mayOnStory(person, "edit-details", facts) === true;
  const mayMark = mayOnStory(person, "mark-claim", facts) === true;
  useClaimKeys(desk.step, desk.startMarking);
  const whoWrote = useWhoWrote(text);

  const editDetail = (label: string) => {
    setTab("details");
    if (!hasSide) setPanel("about");
    // The panel is drawn first.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const labelled = [...document.querySelectorAll("label")].find((one) => one.textContent === label);
        const box = labelled?.control;
        box?.focus();
        box?.scrollIntoView({ block: "center" });
      }),
    );
  };
  const jump = ({ rule, claimId }: Blocker) => {
    setPanel(null);
    if (claimId) {
      desk.open(claimId, { toCard: hasMargin });
      if (!hasMargin) setPanel("claims");
    } else if (rule === "no-headline") text?.editors.headline.commands.focus("end");
    else if (rule === "no-dateline") editDetail(story.dateline.place ? "Dateline date" : "Dateline place");
    else if (rule === "no-byline") editDetail("Byline");
  };

  const gate = <GateSection story={story} person={person} socket={socket} onJump={jump} />;
  const about = <StoryTabs story={story} person={person} tab={tab} onTab={setTab} />;
  return (
    <>
      <TopBar>
        <StoryName story={story} />
        <div className="flex min-w-0 grow items-center justify-end gap-2.5 sm:gap-4">
          <SaveStateBadge socket={socket} />
          <HereNow awareness={socket.awareness} person={person} most={hasMargin ? 5 : 3} />
          {hasMargin && !hasSide ? (
            <Button size="small" icon={<PanelRight size={15} aria-hidden />} onClick={() => setPanel("gate")}>
              Ready?
            </Button>
          ) : null}
        </div>
      </TopBar>
      <div className="mx-auto flex max-w-[100rem] items-start">
        <main
          id="content"
          className="grid min-w-0 flex-1 justify-center gap-x-8 px-4 pb-28 sm:px-8 min-[56rem]:grid-cols-[minmax(0,41rem)_minmax(15rem,19rem)] min-[56rem]:pb-10"
        >
          <h1 className="sr-only">{story.headline || "A story without a headline"}</h1>
          <div className="min-w-0 max-[56rem]:mx-auto max-[56rem]:w-full max-[56rem]:max-w-[41rem]">
            {isReady ? (
              <StoryEditor
                socket={socket}
                person={person}
                lang={story.lang}
                readOnly={readOnly}
                extensions={highlights}
                onText={setText}
                notices={
                  <>
                    <UnsavedOffer socket={socket} startAfresh={startAfresh} onHalt={fetchAnew} />
                    <EmptiedNotice
                      storyId={story.id}
                      mayRestore={mayOnStory(person, "restore-version", facts) === true}
                    />
                  </>
                }
                underStandfirst={
                  <DatelineLine
                    story={story}
                    onEdit={mayEditDetails ? () => editDetail("Dateline place") : undefined}
                  />
                }
                selectionActions={
                  <>
                    {mayMark ? <AddClaim onClick={desk.startMarking} /> : null}
                    <WhoWroteAction onClick={whoWrote.ask} />
                  </>
                }
              />
            ) : (
              <>
                <UnsavedOffer socket={socket} startAfresh={startAfresh} onHalt={fetchAnew} />
                <StorySkeleton />
              </>
            )}
          </div>
          {hasMargin ? (
            <div className="pt-2">
              <ClaimsColumn desk={desk} />
            </div>
          ) : null}
        </main>
        {hasSide ? (
          <aside
            aria-label="About this story"
            className="sticky top-13 flex max-h-[calc(100dvh-3.25rem)] min-h-[calc(100dvh-3.25rem)] w-80 shrink-0 flex-col gap-6 overflow-y-auto border-l bg-raised p-5"
          >
            {gate}
            {about}
          </aside>
        ) : null}
      </div>
      {hasMargin ? null : (
        <BottomBar left={desk.claims.filter((claim) => isLeft(claim.progress)).length} onOpen={setPanel} />
      )}
      {hasMargin || panel === "claims" ? null : <ClaimsInWords claims={desk.claims} />}
      {hasMargin ? null : (
        <ClaimsSheet
          desk={desk}
          open={panel === "claims"}
          onOpenChange={(open) => setPanel(open ? "claims" : null)}
        />
      )}
      {hasSide ? null : (
        <>
          <Sheet
            title={hasMargin ? "About this story" : "Release"}
            from={hasMargin ? "right" : "bottom"}
            open={panel === "gate"}
            onOpenChange={(open) => setPanel(open ? "gate" : null)}
          >
            <div className="flex flex-col gap-6">
              {gate}
              {hasMargin ? about : null}
            </div>
          </Sheet>
          <Sheet
            title="About this story"
            from={hasMargin ? "right" : "bottom"}
            open={panel === "about"}
            onOpenChange={(open) => setPanel(open ? "about" : null)}
          >
            {about}
          </Sheet>
        </>
      )}
      {text && whoWrote.words ? (
        <WhoWrote
          storyId={story.id}
          personId={person.id}
          text={text}
          words={whoWrote.words}
          onClose={whoWrote.close}
        />
      ) : null}
      {desk.marking ? (
        <MarkClaim
          words={desk.marking}
          acts={desk.acts}
          onClose={desk.stopMarking}
          onMarked={(claim) => {
            desk.stopMarking();
            desk.open(claim.id, { toCard: hasMargin });
          }}
        />
      ) : null}
      <FindInText desk={desk} />
    </>
  );
}

function AddClaim({ onClick }: { readonly onClick: () => void }) {
  return (
    <SelectionAction icon={<Plus size={15} aria-hidden />} keys={keyWords("Mod-Alt-c")} onClick={onClick}>
      Add claim
    </SelectionAction>
  );
}

/** What the underlined words are described by while no cards are drawn. */
function ClaimsInWords({ claims }: { readonly claims: readonly Claim[] }) {
  return (
    <ul hidden>
      {claims.map(({ id, anchor, freshness }) => (
        <li key={id} id={`claim-${id}`}>
          Claim “{anchor.words}”: {freshness.state}
        </li>
      ))}
    </ul>
  );
}

/** On a phone: what stands beside the text on a wide screen comes from here. */
function BottomBar({ left, onOpen }: { readonly left: number; readonly onOpen: (panel: Panel) => void }) {
  const item = (panel: Panel, icon: ReactNode, label: string) => (
    <button
      type="button"
      onClick={() => onOpen(panel)}
      className="flex h-14 flex-1 flex-col items-center justify-center gap-0.5 text-xs font-medium text-ink-soft active:bg-hover"
    >
      {icon}
      {label}
    </button>
  );
  return (
    <nav
      aria-label="Beside the text"
      className="fixed inset-x-0 bottom-0 z-20 flex border-t bg-raised pb-[env(safe-area-inset-bottom)]"
    >
      {item(
        "claims",
        <SquareCheckBig size={19} aria-hidden />,
        left > 0 ? `Claims (${String(left)} left)` : "Claims",
      )}
      {item("gate", <CircleCheckBig size={19} aria-hidden />, "Ready?")}
      {item("about", <Info size={19} aria-hidden />, "About")}
    </nav>
  );
}

/** Why this person may not write now; null when they may. */
function useWhyReadOnly(socket: StorySocket, may: ReturnType<typeof mayOnStory>): string | null {
  const isHalted = useSocketState(socket, ({ halted }) => halted !== null);
  const hasUnsaved = useSocketState(socket, ({ unsaved }) => unsaved > 0);
  const isDenied = useSocketState(socket, ({ denied }) => denied);
  if (isRefused(may)) {
    if (may.refused === "may-not-write-text") {
      return "You can select and mark claims; reporters and editors write the text.";
    }
    return rightSentence(may.refused);
  }
  if (isHalted) {
    return `The text is not connected: it cannot be changed ${
      hasUnsaved ? "until you have chosen what becomes of your changes" : "from this page"
    }.`;
  }
  if (isDenied) return "The server takes no changes from this page. Reload it to go on writing.";
  return null;
}

type Reach = (claimIds: readonly string[]) => void;

/** The underlines of claims for the editors, which read their extensions once: the listener behind may change. */
function useHighlightExtension(onReach: Reach) {
  const latest = useRef(onReach);
  useEffect(() => {
    latest.current = onReach;
  }, [onReach]);
  return useState(() => () => [claimHighlights((claimIds) => latest.current(claimIds))]);
}

/** F8 and Shift F8 go from claim to claim; Ctrl Alt C marks the selected words. */
function useClaimKeys(step: (by: 1 | -1) => void, mark: () => void): void {
  const hear = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "F8") {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1);
    }
    if ((event.ctrlKey || event.metaKey) && event.altKey && event.code === "KeyC") {
      event.preventDefault();
      mark();
    }
  });
  useEffect(() => {
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
}
