"use client";
import { timeAgo } from "./time-ago-words";
import { useNow } from "./use-now";

/** How long ago, kept up to date; the exact time on hover. */
export function TimeAgo({ at, className }: { readonly at: string; readonly className?: string }) {
  const now = useNow();
  const exact = new Date(at);
  const words = now === null ? at.slice(0, 10) : timeAgo(exact.getTime(), now);
  const title = now === null ? at : exact.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "medium" });
  return (
    <time dateTime={at} title={title} className={className}>
      {words}
    </time>
  );
}
