import { expect, test } from "vitest";
import { isSweep, mayBeSweep, removedLately, removedWordCount, type Removal } from "./sweep";

const removal = (personId: string, atMs: number, words: number): Removal => ({
  personId,
  atMs,
  words,
  logSeq: atMs,
});

test("[BO9] more than half of a story gone at one stroke is a sweep", () => {
  expect(isSweep({ removed: 60, before: 100, now: 40 })).toBe(true);
  expect(isSweep({ removed: 50, before: 100, now: 50 })).toBe(false);
});

test("[BO9] several edits of one person within two seconds count together, longer ago does not", () => {
  const edits = [removal("one", 0, 30), removal("one", 1500, 30)];
  expect(removedLately("one", edits, 1500)).toEqual({ words: 60, logSeq: 0 });
  expect(removedLately("one", edits, 2500)).toEqual({ words: 30, logSeq: 1500 });
  expect(removedLately("one", edits, 4000)).toBeUndefined();
});

test("[BO9] two people each taking a part sweep nothing", () => {
  const edits = [removal("one", 0, 30), removal("two", 10, 30)];
  for (const person of ["one", "two"]) {
    const removed = removedLately(person, edits, 10)?.words ?? 0;
    expect(isSweep({ removed, before: 100, now: 40 })).toBe(false);
  }
});

test("[BO9] a short story, and words that were moved, are no sweep", () => {
  expect(isSweep({ removed: 49, before: 49, now: 0 })).toBe(false);
  expect(isSweep({ removed: 80, before: 100, now: 98 })).toBe(false);
});

test("[BO9] letters taken away one by one are no words", () => {
  expect(removedWordCount("")).toBe(0);
  expect(removedWordCount("ten words that stood in a row until they went")).toBe(10);
  expect(removedWordCount("t e n l e t t e r s")).toBe(7);
});

test("[BO9] whatever could be a sweep is looked at", () => {
  expect(mayBeSweep(26)).toBe(true);
  expect(mayBeSweep(25)).toBe(false);
  expect(mayBeSweep(101, 400)).toBe(true);
  expect(mayBeSweep(100, 400)).toBe(false);
  expect(isSweep({ removed: 25, before: 50, now: 25 })).toBe(false);
});
