"use client";
import Link from "next/link";
import type { DeskStory } from "@/domain/stories/story";
import { Avatars } from "../ui/avatar";
import { TimeAgo } from "../ui/time-ago";
import { datelineWords } from "./desk-words";
import { StatusBadge } from "./status-badge";
import { ClaimsLeft, Deadline, HeadlineWords } from "./story-facts-line";

/** The stories one below the other. */
export function DeskList({ stories }: { readonly stories: readonly DeskStory[] }) {
  return (
    <ul aria-label="Stories" className="divide-y overflow-hidden rounded-lg border bg-raised shadow-raised">
      {stories.map((story) => (
        <DeskRow key={story.id} story={story} />
      ))}
    </ul>
  );
}

function DeskRow({ story }: { readonly story: DeskStory }) {
  const under = [datelineWords(story.dateline), story.byline.join(", ")].filter(Boolean).join(" · ");
  return (
    <li className="group relative grid gap-x-6 gap-y-1.5 px-4 py-3.5 hover:bg-hover has-focus-visible:bg-hover sm:grid-cols-[6.5rem_minmax(0,1fr)_auto] sm:px-5 lg:grid-cols-[6.5rem_minmax(0,1fr)_9rem_6.5rem_10rem]">
      <div className="flex items-center justify-between sm:pt-0.5 sm:*:self-start">
        <StatusBadge status={story.status} />
        <TimeAgo at={story.updatedAt} className="text-xs text-ink-faint sm:hidden" />
      </div>
      <div className="min-w-0">
        <h2 className="text-base leading-snug font-semibold text-pretty">
          <Link
            href={`/stories/${story.id}`}
            data-desk-row
            className="outline-none after:absolute after:inset-0 focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            <HeadlineWords story={story} />
          </Link>
        </h2>
        {under ? <p className="mt-0.5 truncate text-sm text-ink-faint">{under}</p> : null}
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm sm:flex-col sm:items-start sm:gap-y-0.5 sm:pt-px">
        <ClaimsLeft claims={story.claims} />
        <Deadline story={story} />
        <span className="relative z-10 ml-auto sm:hidden">
          <HereNow story={story} />
        </span>
      </div>
      <div className="relative z-10 hidden items-start justify-end lg:flex">
        <HereNow story={story} />
      </div>
      <p className="hidden text-right text-sm text-ink-soft lg:block">
        <TimeAgo at={story.updatedAt} className="relative z-10 tabular-nums" />
        {story.updatedBy ? (
          <span className="block truncate text-xs text-ink-faint">{story.updatedBy.name}</span>
        ) : null}
      </p>
    </li>
  );
}

function HereNow({ story }: { readonly story: DeskStory }) {
  if (story.here.length === 0) return null;
  return <Avatars people={story.here} label="In it now" />;
}
