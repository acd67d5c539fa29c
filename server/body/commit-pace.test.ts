import { expect, test } from "vitest";
import { openCommonPace, openPace } from "./commit-pace";

/** Half a second in which these many stories are written in, each so often a second. */
function paceAfter({ stories, perSecond }: { stories: number; perSecond: number }): number {
  let nowMs = 0;
  const pace = openCommonPace(() => nowMs);
  const texts = (stories * perSecond) / 2;
  for (let n = 0; n < texts; n += 1) {
    nowMs = (n * 500) / texts;
    pace.note(`story ${String(n % stories)}`);
  }
  return pace.restMs();
}

test("[BO1] while the newsroom writes at leisure a commit starts at once", () => {
  expect(paceAfter({ stories: 20, perSecond: 10 })).toBe(0);
});

test("[BO1] where much comes from many stories they share their commits", () => {
  expect(paceAfter({ stories: 200, perSecond: 2 })).toBe(20);
  expect(paceAfter({ stories: 20, perSecond: 20 })).toBe(20);
});

test("[BO4] a flood into one story is stored in fewer, larger commits, until it is over", () => {
  let nowMs = 0;
  const pace = openPace(() => nowMs);
  for (; nowMs < 400; nowMs += 2) pace.note();
  expect(pace.restMs()).toBe(20);
  for (; nowMs < 1_000; nowMs += 100) pace.note();
  expect(pace.restMs()).toBe(0);
});

test("[BO4] a flood into one story keeps none of the others waiting", () => {
  expect(paceAfter({ stories: 1, perSecond: 2_000 })).toBe(0);
});
