import { expect, test } from "vitest";
import { inQuotes, quoted } from "./words-quoted";

test("words stand in quotation marks once", () => {
  expect(inQuotes("4,600 troops")).toBe("“4,600 troops”");
  expect(inQuotes("“We stay,”")).toBe("“We stay,”");
  expect(inQuotes("„Wir bleiben“")).toBe("„Wir bleiben“");
});

test("long words are shortened in a sentence", () => {
  expect(Array.from(quoted("word ".repeat(60)))).toHaveLength(122);
});
