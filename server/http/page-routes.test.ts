import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { pageRouteOf, pageRoutes } from "./page-routes";

test("every page under app/ has its pattern, and no other", () => {
  const app = fileURLToPath(new URL("../../app", import.meta.url));
  const pages = readdirSync(app, { recursive: true, encoding: "utf8" }).filter((file) =>
    /(^|\/)page\.tsx$/.test(file),
  );
  const patterns = pages.map((file) => {
    const parts = dirname(file)
      .split("/")
      .filter((part) => part !== "." && !part.startsWith("("));
    return `/${parts.map((part) => part.replace(/^\[(\w+)\]$/, ":$1")).join("/")}`;
  });
  expect(patterns.toSorted()).toEqual([...pageRoutes].toSorted());
});

test.each([
  ["/", "/"],
  ["/stories/a-story", "/stories/:id"],
  ["/stories/", "other"],
  ["/stories/a-story/more", "other"],
  ["/read/words-of-a-headline", "/read/:slug"],
  ["/_next/static/chunks/a.js", "/_next/*"],
  ["/wp-login.php", "other"],
])("an address counts by its pattern: %s as %s", (path, route) => {
  expect(pageRouteOf(path)).toBe(route);
});
