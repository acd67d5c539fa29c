/** How the desk says dates. Pure: the present is given. */
import type { Dateline, Status } from "@/domain/stories/story";

/** `PRISTINA, 12 Nov 2026`; either half may be missing; an empty string when both are. */
export function datelineWords({ place, date }: Dateline): string {
  return [place, date && dayWords(date)].filter(Boolean).join(", ");
}

/** An ISO date as `12 Nov 2026`. */
export function dayWords(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}

export type DeadlineWords = { readonly words: string; readonly pressing: boolean };

const hourMs = 60 * 60 * 1000;

/**
 * `due 18:00` today, `due 27 Nov, 18:00` else, `overdue since …` when it has passed; pressing in its last hour and after.
 * Null where a deadline says nothing any more: without one, and once the story is out or spiked.
 */
export function deadlineWords(deadline: string | null, status: Status, now: number): DeadlineWords | null {
  if (!deadline || status === "published" || status === "spiked") return null;
  const at = new Date(deadline);
  const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const isToday = at.toDateString() === new Date(now).toDateString();
  const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  const when = isToday ? time : `${day}, ${time}`;
  if (at.getTime() <= now) return { words: `overdue since ${when}`, pressing: true };
  return { words: `due ${when}`, pressing: at.getTime() - now <= hourMs };
}
