const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** "just now", "5 min ago", "3 h ago", "yesterday", "4 days ago", then the date. Both in milliseconds. */
export function timeAgo(then: number, now: number): string {
  const since = now - then;
  if (since < minute) return "just now";
  if (since < hour) return `${Math.floor(since / minute)} min ago`;
  if (since < day) return `${Math.floor(since / hour)} h ago`;
  if (since < 2 * day) return "yesterday";
  if (since < 7 * day) return `${Math.floor(since / day)} days ago`;
  const sameYear = new Date(then).getFullYear() === new Date(now).getFullYear();
  return new Date(then).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    ...(sameYear ? {} : { year: "numeric" }),
  });
}
