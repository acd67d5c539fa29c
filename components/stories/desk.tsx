"use client";
import { FileText, Plus, SearchX } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent, useRef, useState, type ReactNode, type RefObject } from "react";
import { mayInNewsroom } from "@/domain/people/rights";
import type { DeskStory } from "@/domain/stories/story";
import { useSignedIn } from "../people/signed-in";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { DeskBar } from "./desk-bar";
import { DeskColumns } from "./desk-columns";
import { filterFrom, queryOf, shownOf, type DeskFilter } from "./desk-filter";
import { DeskList } from "./desk-list";
import { NewStoryDialog } from "./new-story-dialog";
import { useDesk } from "./use-desk";
import { useDeskKeys } from "./use-desk-keys";
import { useDeskView } from "./use-desk-view";

/** The first page after the sign-in: every story, where it stands, who is in it. `first` came with the page. */
export function Desk({ first }: { readonly first: readonly DeskStory[] }) {
  const person = useSignedIn();
  const [filter, setFilter] = useFilter();
  const [view, setView] = useDeskView();
  const [starting, setStarting] = useState(false);
  const settledWords = useSettled(filter.words.trim());
  const desk = useDesk(settledWords, first);
  const main = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  useDeskKeys(main, search);
  useEarlyWords(search, filter.words, (words) => setFilter({ ...filter, words }));

  const found = desk.data ?? [];
  const shown = shownOf(found, filter, person.id);
  const mayStart = mayInNewsroom(person, "start-story") === true;
  const newStory = mayStart ? (
    <Button look="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setStarting(true)}>
      New story
    </Button>
  ) : null;
  const isEmpty = found.length === 0 && settledWords === "";
  const Stories = view === "columns" ? DeskColumns : DeskList;
  return (
    <main id="content" ref={main} className="mx-auto max-w-7xl px-4 py-6 sm:px-6 sm:py-8">
      <div className="mb-5 flex items-center justify-between gap-4">
        <h1 className="text-2xl font-semibold">Desk</h1>
        {/* An empty desk offers it where its stories will be. */}
        {isEmpty ? null : newStory}
      </div>
      <DeskBar
        filter={filter}
        onFilter={setFilter}
        view={view}
        onView={setView}
        stories={found}
        searchRef={search}
      />
      {desk.isError ? (
        <CouldNotRefresh sentence={desk.error.message} again={() => void desk.refetch()} />
      ) : null}
      <div aria-busy={desk.isPlaceholderData} className={desk.isPlaceholderData ? "opacity-60" : undefined}>
        {shown.length > 0 ? (
          <Stories stories={shown} />
        ) : (
          <NothingShown
            isFiltered={!isEmpty}
            onAll={() => setFilter({ status: null, mine: false, words: "" })}
            newStory={newStory}
          />
        )}
      </div>
      <NewStoryDialog open={starting} onOpenChange={setStarting} />
    </main>
  );
}

type NothingShownProps = {
  readonly isFiltered: boolean;
  readonly onAll: () => void;
  readonly newStory: ReactNode;
};

function NothingShown({ isFiltered, onAll, newStory }: NothingShownProps) {
  if (isFiltered) {
    return (
      <EmptyState
        icon={<SearchX size={28} aria-hidden />}
        title="No story fits"
        action={<Button onClick={onAll}>Show all stories</Button>}
      >
        None that you may see has these words, this status and these claims.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<FileText size={28} aria-hidden />} title="No stories yet" action={newStory}>
      {newStory
        ? "Start the first one. Your colleagues see it here at once."
        : "They appear here as soon as there are some."}
    </EmptyState>
  );
}

function CouldNotRefresh({ sentence, again }: { readonly sentence: string; readonly again: () => void }) {
  return (
    <div
      role="alert"
      className="mb-4 flex flex-wrap items-center justify-between gap-3 rounded-lg bg-amber-soft px-4 py-3 text-sm text-amber"
    >
      <p>What you see may be out of date. {sentence}</p>
      <Button size="small" onClick={again}>
        Try again
      </Button>
    </div>
  );
}

/**
 * The filter. The page's address follows it without asking the server for the page again, and is what it starts from;
 * it is not read back while one types, because it comes late.
 */
function useFilter(): readonly [DeskFilter, (filter: DeskFilter) => void] {
  const params = useSearchParams();
  const [filter, setFilter] = useState(() => filterFrom(new URLSearchParams(params)));
  const set = (next: DeskFilter) => {
    setFilter(next);
    const { pathname, search } = window.location;
    window.history.replaceState(null, "", pathname + queryOf(next, new URLSearchParams(search)));
  };
  return [filter, set];
}

/** Words typed into the search before the page was listening. */
function useEarlyWords(
  search: RefObject<HTMLInputElement | null>,
  shown: string,
  take: (words: string) => void,
): void {
  const takeEarly = useEffectEvent(() => {
    const words = search.current?.value ?? "";
    if (words !== shown) take(words);
  });
  useEffect(() => takeEarly(), []);
}

const settleMs = 150;

/** The value once it has not changed for a moment: a search is not asked at every letter. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const waiting = setTimeout(() => setSettled(value), settleMs);
    return () => clearTimeout(waiting);
  }, [value]);
  return settled;
}
