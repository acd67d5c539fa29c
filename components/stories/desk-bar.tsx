"use client";
import { Columns3, List, Search, UserRound, X } from "lucide-react";
import type { Ref } from "react";
import { statuses, type DeskStory } from "@/domain/stories/story";
import { IconButton } from "../ui/icon-button";
import { TextInput } from "../ui/text-input";
import type { DeskFilter } from "./desk-filter";
import { statusLooks } from "./status-badge";

export type DeskView = "list" | "columns";

type DeskBarProps = {
  readonly filter: DeskFilter;
  readonly onFilter: (filter: DeskFilter) => void;
  readonly view: DeskView;
  readonly onView: (view: DeskView) => void;
  /** All that the words found: the counts are of these. */
  readonly stories: readonly DeskStory[];
  readonly searchRef: Ref<HTMLInputElement>;
};

/** Search, filters, and how the stories stand. */
export function DeskBar({ filter, onFilter, view, onView, stories, searchRef }: DeskBarProps) {
  const chipClass =
    "inline-flex h-8 shrink-0 items-center gap-1.5 rounded-full px-3 text-sm text-ink-soft transition-colors hover:bg-hover hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent-ink pointer-coarse:h-11";
  const count = (status: DeskStory["status"]) => stories.filter((story) => story.status === status).length;
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <search className="relative w-full sm:w-64">
        <Search
          size={16}
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3 -translate-y-1/2 text-ink-faint"
        />
        <TextInput
          ref={searchRef}
          type="search"
          aria-label="Search stories"
          aria-keyshortcuts="/"
          placeholder="Search stories"
          value={filter.words}
          onChange={(event) => onFilter({ ...filter, words: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            if (filter.words) onFilter({ ...filter, words: "" });
            else event.currentTarget.blur();
          }}
          className="peer pr-9 pl-9 [&::-webkit-search-cancel-button]:hidden"
        />
        {filter.words ? (
          <button
            type="button"
            aria-label="Clear the search"
            onClick={() => onFilter({ ...filter, words: "" })}
            className="absolute top-1/2 right-1 inline-flex size-7 -translate-y-1/2 items-center justify-center rounded-md text-ink-faint hover:text-ink pointer-coarse:size-11"
          >
            <X size={16} aria-hidden />
          </button>
        ) : (
          <kbd
            aria-hidden
            className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 rounded-sm border px-1.5 font-sans text-xs text-ink-faint peer-focus:hidden pointer-coarse:hidden"
          >
            /
          </kbd>
        )}
      </search>
      <div className="-mx-4 flex min-w-0 items-center gap-1 overflow-x-auto px-4 py-1 max-sm:w-screen sm:mx-0 sm:px-0">
        <fieldset aria-label="Status" className="flex gap-1">
          <button
            type="button"
            aria-pressed={filter.status === null}
            onClick={() => onFilter({ ...filter, status: null })}
            className={chipClass}
          >
            All <span className="tabular-nums opacity-75">{stories.length}</span>
          </button>
          {statuses.map((status) => (
            <button
              key={status}
              type="button"
              aria-pressed={filter.status === status}
              onClick={() => onFilter({ ...filter, status: filter.status === status ? null : status })}
              className={chipClass}
            >
              {statusLooks[status].label} <span className="tabular-nums opacity-75">{count(status)}</span>
            </button>
          ))}
        </fieldset>
        <span aria-hidden className="mx-1 h-5 border-l" />
        <button
          type="button"
          aria-pressed={filter.mine}
          onClick={() => onFilter({ ...filter, mine: !filter.mine })}
          className={chipClass}
        >
          <UserRound size={14} aria-hidden />
          Assigned to me
        </button>
      </div>
      <fieldset aria-label="View" className="ml-auto hidden rounded-lg bg-sunken p-0.5 md:flex">
        <IconButton
          size="small"
          label="As a list"
          icon={<List size={16} aria-hidden />}
          pressed={view === "list"}
          onClick={() => onView("list")}
        />
        <IconButton
          size="small"
          label="As columns by status"
          icon={<Columns3 size={16} aria-hidden />}
          pressed={view === "columns"}
          onClick={() => onView("columns")}
        />
      </fieldset>
    </div>
  );
}
