"use client";
/** “Who wrote this”: the authors of selected words, with what each of them wrote and when. */
import { useQuery } from "@tanstack/react-query";
import { posToDOMRect } from "@tiptap/core";
import { UserRoundPen } from "lucide-react";
import { useCallback, useEffect, useEffectEvent, useState } from "react";
import { toast } from "sonner";
import { z } from "zod";
import { WordsAuthor } from "@/domain/body/who-wrote";
import { fetchFrom, ProblemError } from "../ui/ask-server";
import { Avatar } from "../ui/avatar";
import { FetchFailed } from "../ui/fetch-failed";
import { Popover } from "../ui/popover";
import { Skeleton } from "../ui/skeleton";
import { TimeAgo } from "../ui/time-ago";
import { keyWords } from "./format-actions";
import { SelectionAction } from "./selection-toolbar";
import type { SelectedWords, StoryText } from "./story-text";

/** The words that were asked about, while they are; `ask` takes those selected now. */
export function useWhoWrote(text: StoryText | null) {
  const [words, setWords] = useState<SelectedWords | null>(null);
  const ask = useCallback(() => {
    const selected = text?.selectedWords() ?? null;
    if (!selected) toast("Select the words first.");
    // Between a key and the text that it changes there is no telling which letters are meant.
    else if (!selected.relStart || !selected.relEnd) toast("The text is just changing. Ask once more.");
    else setWords(selected);
  }, [text]);
  const close = useCallback(() => setWords(null), []);
  const hear = useEffectEvent((event: KeyboardEvent) => {
    // The right Alt key writes letters, and some keyboards say Ctrl and Alt for it.
    const isChord = (event.ctrlKey || event.metaKey) && event.altKey && !event.getModifierState("AltGraph");
    if (!isChord || event.code !== "KeyA") return;
    event.preventDefault();
    ask();
  });
  useEffect(() => {
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
  return { words, ask, close };
}

export function WhoWroteAction({ onClick }: { readonly onClick: () => void }) {
  return (
    <SelectionAction
      icon={<UserRoundPen size={15} aria-hidden />}
      keys={keyWords("Mod-Alt-a")}
      onClick={onClick}
    >
      Who wrote this
    </SelectionAction>
  );
}

type WhoWroteProps = {
  readonly storyId: string;
  readonly personId: string;
  readonly text: StoryText;
  readonly words: SelectedWords;
  readonly onClose: () => void;
};

export function WhoWrote({ storyId, personId, text, words, onClose }: WhoWroteProps) {
  const { view } = text.editors[words.field];
  const at = {
    getBoundingClientRect: () => {
      const last = view.state.doc.content.size;
      return posToDOMRect(view, Math.min(words.from, last), Math.min(words.to, last));
    },
  };
  return (
    <Popover title="Who wrote this" at={at} onClose={onClose} onLeft={() => view.focus()}>
      <Authors storyId={storyId} personId={personId} words={words} />
    </Popover>
  );
}

/** Typed a moment ago, the words are on their way to the store. */
const retries = { times: 20, everyMs: 500 };
const isOnItsWay = (error: unknown) =>
  error instanceof ProblemError && error.problem.code === "words-not-there";

type AuthorsProps = Pick<WhoWroteProps, "storyId" | "personId"> & {
  readonly words: Pick<SelectedWords, "field" | "relStart" | "relEnd">;
};

export function Authors({ storyId, personId, words }: AuthorsProps) {
  const { field, relStart = "", relEnd = "" } = words;
  const query = new URLSearchParams({ field, relStart, relEnd }).toString();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["authors", storyId, query],
    queryFn: ({ signal }) =>
      fetchFrom({
        path: `/api/stories/${storyId}/authors?${query}`,
        schema: z.array(WordsAuthor),
        signal,
      }),
    retry: (tries, problem) => isOnItsWay(problem) && tries < retries.times,
    retryDelay: retries.everyMs,
    staleTime: 0,
    gcTime: 0,
  });
  if (isPending) {
    return (
      <div role="status" aria-label="Looking who wrote this" className="mt-3 flex items-center gap-3">
        <Skeleton className="size-8 rounded-full" />
        <div className="flex grow flex-col gap-1.5">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-3.5 w-4/5" />
        </div>
      </div>
    );
  }
  if (isOnItsWay(error)) {
    return (
      <p role="alert" className="mt-2 text-sm text-ink-soft">
        These words are not saved yet. Ask again once the story says Saved.
      </p>
    );
  }
  if (!data) return <FetchFailed what="The authors of these words" onRetry={() => void refetch()} />;
  if (data.length === 0) return <p className="mt-2 text-sm text-ink-soft">No words are selected here.</p>;
  return (
    <ul aria-label="Authors" className="mt-3 flex flex-col gap-3.5">
      {data.map((author) => (
        <AuthorLine key={author.person?.id ?? ""} author={author} isReader={author.person?.id === personId} />
      ))}
    </ul>
  );
}

const mostStretches = 4;

function AuthorLine({ author, isReader }: { readonly author: WordsAuthor; readonly isReader: boolean }) {
  const { person, at, words } = author;
  const rest = words.length - mostStretches;
  return (
    <li className="flex gap-3">
      {/* The name stands beside it. */}
      <span aria-hidden className="mt-0.5">
        <Avatar person={person ?? { id: "", name: "–" }} />
      </span>
      <div className="min-w-0 grow">
        <p className="flex items-baseline justify-between gap-3 text-sm">
          <span className="truncate font-medium text-ink">
            {person ? person.name : "Nobody here"}
            {isReader ? <span className="font-normal text-ink-soft"> (you)</span> : null}
          </span>
          <TimeAgo at={at} className="shrink-0 text-xs text-ink-faint" />
        </p>
        <p className="mt-0.5 line-clamp-4 font-serif text-sm leading-5 text-ink-soft [overflow-wrap:anywhere]">
          {words.slice(0, mostStretches).join(" … ")}
          {rest > 0 ? ` … and ${String(rest)} more` : null}
        </p>
      </div>
    </li>
  );
}
