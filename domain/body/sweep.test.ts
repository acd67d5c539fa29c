import { expect, test } from "vitest";
import { sweepBy, type Removal } from "./sweep";

const content = { headline: [], standfirst: [], body: [] };
const removal = (personId: string, atMs: number, words: number, wordsBefore: number): Removal => ({
  personId,
  atMs,
  words,
  before: { content, words: wordsBefore, logSeq: atMs },
});

test("[BO9] more than half of a story gone at one stroke is a sweep, and says how it stood", () => {
  expect(sweepBy("one", [removal("one", 1000, 60, 100)], { atMs: 1000, words: 40 })).toMatchObject({
    logSeq: 1000,
  });
  expect(sweepBy("one", [removal("one", 1000, 50, 100)], { atMs: 1000, words: 50 })).toBeUndefined();
});

test("[BO9] several edits of one person within two seconds count together, longer ago does not", () => {
  const edits = [removal("one", 0, 30, 100), removal("one", 1500, 30, 70)];
  expect(sweepBy("one", edits, { atMs: 1500, words: 40 })).toMatchObject({ logSeq: 0 });
  expect(sweepBy("one", edits, { atMs: 2500, words: 40 })).toBeUndefined();
});

test("[BO9] two people each taking a part sweep nothing", () => {
  const edits = [removal("one", 0, 30, 100), removal("two", 10, 30, 70)];
  expect(sweepBy("one", edits, { atMs: 10, words: 40 })).toBeUndefined();
  expect(sweepBy("two", edits, { atMs: 10, words: 40 })).toBeUndefined();
});

test("[BO9] a short story, and words that were moved, are no sweep", () => {
  expect(sweepBy("one", [removal("one", 0, 49, 49)], { atMs: 0, words: 0 })).toBeUndefined();
  expect(sweepBy("one", [removal("one", 0, 80, 100)], { atMs: 0, words: 98 })).toBeUndefined();
});
