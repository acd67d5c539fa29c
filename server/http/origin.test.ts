import { expect, test } from "vitest";
import { ownOrigin } from "./origin";

test("only the newsroom's own origin, or none at all, may change something", () => {
  const isOwn = ownOrigin("https://desk.example.org");
  expect(isOwn("https://desk.example.org")).toBe(true);
  expect(isOwn(undefined)).toBe(true);
  for (const other of [
    "http://desk.example.org",
    "https://desk.example.org:8443",
    "https://desk.example.org.evil.test",
    "null",
    "",
    "*",
  ]) {
    expect(isOwn(other), other).toBe(false);
  }
});

test("on loopback the machine's three names with the same port count as one", () => {
  const isOwn = ownOrigin("http://127.0.0.1:3000");
  expect(isOwn("http://localhost:3000")).toBe(true);
  expect(isOwn("http://[::1]:3000")).toBe(true);
  expect(isOwn("http://127.0.0.1:3001")).toBe(false);
  expect(isOwn("https://127.0.0.1:3000")).toBe(false);
});
