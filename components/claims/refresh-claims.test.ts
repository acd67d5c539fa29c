import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { claim } from "@/domain/claims/test-claims";
import { claimsKey, mergeClaims, refreshClaims } from "./refresh-claims";

const asked: string[] = [];
let answers: Record<string, unknown> = {};
beforeEach(() => {
  vi.stubGlobal("fetch", (path: string) => {
    asked.push(path);
    const answer = answers[path];
    return Promise.resolve(new Response(JSON.stringify(answer ?? {}), { status: answer ? 200 : 500 }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  asked.length = 0;
  answers = {};
});

const one = claim({ id: "one" });
const two = claim({ id: "two" });

function listing(): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(claimsKey("s1"), [one, two]);
  return queries;
}

test("claims that nothing happened to stay the same objects; those that no longer stand are gone, new ones come", () => {
  const changed = claim({ id: "two", note: "again" });
  const added = claim({ id: "three" });
  const merged = mergeClaims([one, two], new Set(["two", "three"]), [changed, added]);
  expect(merged).toEqual([one, changed, added]);
  expect(merged[0]).toBe(one);
  expect(mergeClaims([one, two], new Set(["one"]), [])).toEqual([two]);
});

test("[FR5] only the claims that something happened to are asked for", async () => {
  const queries = listing();
  const changed = claim({ id: "two", note: "again" });
  answers = { "/api/stories/s1/claims?ids=two": [changed] };
  await refreshClaims(queries, "s1", ["two"]);
  expect(asked).toEqual(["/api/stories/s1/claims?ids=two"]);
  expect(queries.getQueryData(claimsKey("s1"))).toEqual([one, changed]);
});

test("[FR5] what is told during an answer is asked for after it", async () => {
  const queries = listing();
  answers = { "/api/stories/s1/claims?ids=two": [two], "/api/stories/s1/claims?ids=one": [] };
  const first = refreshClaims(queries, "s1", ["two"]);
  await vi.waitUntil(() => asked.length > 0);
  await Promise.all([first, refreshClaims(queries, "s1", ["one"])]);
  expect(asked).toEqual(["/api/stories/s1/claims?ids=two", "/api/stories/s1/claims?ids=one"]);
  expect(queries.getQueryData(claimsKey("s1"))).toEqual([two]);
});

test("[FR5] when the answer fails, or it is not known which claims, all are fetched anew", async () => {
  const queries = listing();
  const isStale = () => queries.getQueryState(claimsKey("s1"))?.isInvalidated;
  await refreshClaims(queries, "s1", ["two"]);
  expect(isStale()).toBe(true);
  queries.setQueryData(claimsKey("s1"), [one]);
  expect(isStale()).toBe(false);
  await refreshClaims(queries, "s1");
  expect(isStale()).toBe(true);
});
