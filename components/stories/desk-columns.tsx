"use client";
import Link from "next/link";
import { statuses, type DeskStory, type Status } from "@/domain/stories/story";
import { Avatars } from "../ui/avatar";
import { TimeAgo } from "../ui/time-ago";
import { datelineWords } from "./desk-words";
import { statusLooks } from "./status-badge";
import { ClaimsLeft, Deadline, HeadlineWords } from "./story-facts-line";

/** The stories side by side, one column a status, in the order of a story's way. */
export function DeskColumns({ stories }: { readonly stories: readonly DeskStory[] }) {
  return (
    <div className="-mx-6 overflow-x-auto px-6 pb-4">
      <ul aria-label="Stories" className="grid min-w-5xl grid-cols-5 items-start gap-4">
        {statuses.map((status) => (
          <li key={status}>
            <DeskColumn status={status} stories={stories.filter((story) => story.status === status)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

type DeskColumnProps = { readonly status: Status; readonly stories: readonly DeskStory[] };

function DeskColumn({ status, stories }: DeskColumnProps) {
  const { label, Icon } = statusLooks[status];
  return (
    <section aria-label={label} className="rounded-lg bg-sunken p-2">
      <h2 className="flex items-center gap-1.5 px-2 py-1.5 text-sm font-semibold text-ink-soft">
        <Icon size={14} aria-hidden />
        {label}
        <span className="ml-auto font-normal text-ink-faint tabular-nums">{stories.length}</span>
      </h2>
      {stories.length === 0 ? (
        <p className="px-2 py-4 text-center text-xs text-ink-faint">None</p>
      ) : (
        <ul aria-label={label} className="mt-1 flex flex-col gap-2">
          {stories.map((story) => (
            <DeskCard key={story.id} story={story} />
          ))}
        </ul>
      )}
    </section>
  );
}

function DeskCard({ story }: { readonly story: DeskStory }) {
  const dateline = datelineWords(story.dateline);
  return (
    <li className="relative flex flex-col gap-2 rounded-md border bg-raised p-3 shadow-raised hover:border-line-strong">
      <div>
        <h3 className="text-sm leading-snug font-semibold text-pretty">
          <Link
            href={`/stories/${story.id}`}
            data-desk-row
            className="outline-none after:absolute after:inset-0 focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
          >
            <HeadlineWords story={story} />
          </Link>
        </h3>
        {dateline ? <p className="mt-1 truncate text-xs text-ink-faint">{dateline}</p> : null}
      </div>
      <div className="flex flex-wrap gap-x-3 gap-y-1 text-xs">
        <ClaimsLeft claims={story.claims} />
        <Deadline story={story} />
      </div>
      <div className="flex min-h-6 items-center justify-between gap-2 text-xs text-ink-faint">
        <TimeAgo at={story.updatedAt} className="relative z-10" />
        {story.here.length > 0 ? (
          <span className="relative z-10">
            <Avatars people={story.here} most={3} label="In it now" />
          </span>
        ) : null}
      </div>
    </li>
  );
}
