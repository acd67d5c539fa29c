import { expect, test } from "vitest";
import { likelyKind } from "./likely-kind";

test.each([
  ["4,600 troops", "number"],
  ["“We will stay as long as needed”", "quote"],
  ["on 24 September 2023", "date_time"],
  ["last Tuesday", "date_time"],
  ["Admiral Jane Roe", "name_title"],
  ["the bridge was closed", "other"],
] as const)("the form proposes a kind for “%s”", (words, kind) => {
  expect(likelyKind(words)).toBe(kind);
});
