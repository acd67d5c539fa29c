import { expect, test } from "vitest";
import { paceMs } from "./teller";

const paces = (readers: readonly number[], perSecond: number) =>
  readers.map((count) => Math.round(paceMs(count, perSecond)));

test("Who writes with a few is told at once; a hundred readers are told together, while it still appears as it is written", () => {
  expect(paces([1, 20, 21, 40, 62, 100, 500], 100)).toEqual([0, 0, 25, 25, 37, 60, 60]);
  expect(paces([1, 20, 100], 0)).toEqual([0, 0, 60]);
});

test("The more comes, the sooner it is told: more people wait for it", () => {
  expect([100, 200, 400, 1_000, 5_000].map((perSecond) => Math.round(paceMs(100, perSecond)))).toEqual([
    60, 42, 30, 25, 25,
  ]);
  expect(paceMs(20, 5_000)).toBe(0);
});
