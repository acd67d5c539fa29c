import { describe, expect, test } from "vitest";
import { runWriting, type Writing, type WritingOutcome } from "./test-writing-peers";

// Each run is one seed, named in what fails.
const runs: Readonly<Record<Writing, number>> = { mixed: 14, duplicated: 10, restored: 20, offline: 16 };
/** Some seconds on an idle machine, much more on a busy one. */
const timeout = 120_000;

/** The runs in which story and shadow stayed together, so that the truth is known. */
function written(mix: Writing, knowsVersions = true): WritingOutcome[] {
  const seeds = Array.from({ length: runs[mix] }, (_, n) => n + 1);
  const outcomes = seeds.map((seed) => runWriting({ seed, mix, operations: 120, knowsVersions }));
  const told = outcomes.filter((outcome) => outcome.told);
  expect(told.length).toBeGreaterThanOrEqual(5);
  return told;
}

/** The share of letters whose author is who truly wrote them. */
const share = (outcomes: readonly WritingOutcome[]): number =>
  outcomes.reduce((sum, { right }) => sum + right, 0) /
  outcomes.reduce((sum, { letters }) => sum + letters, 0);

describe("[BO8] four people write, split, join, move, cut, paste, undo: the author found is the true one", () => {
  test("of 99 % of the letters in mixed editing", { timeout }, () => {
    expect(share(written("mixed"))).toBeGreaterThanOrEqual(0.99);
  });

  test("of 99 % with three sentences in ten twice, and copies pasted", { timeout }, () => {
    expect(share(written("duplicated"))).toBeGreaterThanOrEqual(0.99);
  });

  test("of 99 % after restores of versions kept with their authors, of 98 % of others", { timeout }, () => {
    expect(share(written("restored"))).toBeGreaterThanOrEqual(0.99);
    expect(share(written("restored", false))).toBeGreaterThanOrEqual(0.98);
  });

  test("of 99 % when everybody is offline most of the time", { timeout }, () => {
    expect(share(written("offline"))).toBeGreaterThanOrEqual(0.99);
  });
});
