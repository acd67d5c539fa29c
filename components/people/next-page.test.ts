import { expect, test } from "vitest";
import { nextPage } from "./next-page";

test("goes on to the page that was asked for", () => {
  expect(nextPage("/stories/1?a=b#c")).toBe("/stories/1?a=b#c");
});

test.each([
  "https://evil.test/",
  "//evil.test",
  "/\\evil.test",
  "/\t/evil.test",
  "javascript:alert(1)",
  "",
  null,
])("never leads elsewhere: %j ends at the desk", (asked) => {
  expect(nextPage(asked)).toBe("/");
});
