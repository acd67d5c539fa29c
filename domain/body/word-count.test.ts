import { expect, test } from "vitest";
import { readingMinutes, wordCount } from "./word-count";

test("words are counted between white space; dashes alone are none", () => {
  expect(wordCount("KFOR counts 4,600 troops – for now.\n\nBrigade’s staff")).toBe(8);
  expect(wordCount("  ")).toBe(0);
});

test("reading time is rounded up", () => {
  expect(readingMinutes(0)).toBe(0);
  expect(readingMinutes(1)).toBe(1);
  expect(readingMinutes(231)).toBe(2);
});
