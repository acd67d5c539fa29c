"use client";
import { Check, CircleDashed, Clock, Lock } from "lucide-react";
import type { DeskStory } from "@/domain/stories/story";
import { classNames } from "../ui/class-names";
import { useNow } from "../ui/use-now";
import { deadlineWords } from "./desk-words";

/** How far the checking is: how many claims are left, of how many. */
export function ClaimsLeft({ claims }: { readonly claims: DeskStory["claims"] }) {
  if (claims.total === 0) return <span className="text-ink-faint">No claims</span>;
  if (claims.left === 0) {
    return (
      <span className="inline-flex items-center gap-1 text-good">
        <Check size={14} aria-hidden />
        {claims.total === 1 ? "1 claim checked" : `All ${claims.total} checked`}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1 font-medium text-amber">
      <CircleDashed size={14} aria-hidden />
      {claims.left} of {claims.total} left
    </span>
  );
}

/** When it is due; nothing when that says nothing (any more). */
export function Deadline({ story }: { readonly story: Pick<DeskStory, "deadline" | "status"> }) {
  const now = useNow();
  const due = now === null ? null : deadlineWords(story.deadline, story.status, now);
  if (!due) return null;
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1",
        due.pressing ? "font-medium text-red" : "text-ink-soft",
      )}
    >
      <Clock size={14} aria-hidden />
      {due.words}
    </span>
  );
}

/** The headline as the desk says it, with a lock when not everyone sees the story. */
export function HeadlineWords({ story }: { readonly story: Pick<DeskStory, "headline" | "private"> }) {
  return (
    <>
      {story.headline || <span className="text-ink-faint italic">No headline yet</span>}
      {story.private ? (
        <span
          className="ml-1.5 inline-flex align-[-2px] text-ink-faint"
          title="Only those named on it see it"
        >
          <Lock size={14} aria-hidden />
          <span className="sr-only">Private</span>
        </span>
      ) : null}
    </>
  );
}
