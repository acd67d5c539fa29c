import { expect, test } from "vitest";
import { timeAgo } from "./time-ago-words";

const now = new Date(2026, 10, 25, 12, 0, 0).getTime();
const minute = 60_000;

test.each([
  [-5_000, "just now"],
  [20_000, "just now"],
  [5 * minute, "5 min ago"],
  [3 * 60 * minute, "3 h ago"],
  [30 * 60 * minute, "yesterday"],
  [4 * 24 * 60 * minute, "4 days ago"],
  [20 * 24 * 60 * minute, "5 Nov"],
  [400 * 24 * 60 * minute, "21 Oct 2025"],
])("%d ms before is said as “%s”", (before, words) => {
  expect(timeAgo(now - before, now)).toBe(words);
});
