/** Whatever is sent to whatever route: problem+json, and the store exactly as it was. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Claim } from "@/domain/claims/claim";
import { Story } from "@/domain/stories/story";
import { storeCounts } from "../store/test-counts";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";

let desk: TestNewsroom;
let story: Story;
let claim: Claim;
beforeAll(async () => {
  desk = await openTestNewsroom();
  const body = { format: "text", content: "About 4,600 soldiers serve there." } as const;
  story = (await desk.as("reporter1").post("/api/stories", { headline: "Numbers", body })).as(Story);
  const given = { field: "body", quote: "4,600 soldiers", kind: "number" };
  claim = (await desk.as("reporter1").post(`/api/stories/${story.id}/claims`, given)).as(Claim);
});
afterAll(() => desk.close());

/** Sign-out takes no body: whatever is sent, it signs out. */
const takingBodies = () =>
  [...new Set(desk.app.routes.map(({ method, path }) => `${method} ${path}`))]
    .filter((route) => /^(POST|PATCH) \/api\//.test(route) && !/sign-out|\/link$|\/restore$/.test(route))
    .map((route) => {
      const [method = "", pattern = ""] = route.split(" ");
      const id = pattern.startsWith("/api/claims")
        ? claim.id
        : pattern.startsWith("/api/people")
          ? desk.person("checker2").id
          : story.id;
      return { route, method, path: pattern.replace(":id", id) };
    });

const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
const badBodies = [
  "",
  "no json",
  "null",
  "[]",
  "1",
  '"text"',
  "{}",
  '{"__proto__":{"role":"admin"}}',
  nested,
  JSON.stringify({ headline: 1, email: 2, name: [], to: {}, verdict: null, text: 3, kind: [] }),
  JSON.stringify({
    headline: "x".repeat(300_000),
    email: "x".repeat(10_000),
    to: "x",
    text: "x".repeat(9000),
  }),
  JSON.stringify({ headline: "a\u0000b", quote: "a\u0000b", text: "a\u0000b", reason: "\u0000" }),
];

test("a body that is not of the form is refused by every route, asked by whoever has the right", async () => {
  const before = await storeCounts(desk.house.db);
  for (const { route, method, path } of takingBodies()) {
    const who = path.startsWith("/api/people") ? "admin" : "editor1";
    for (const body of badBodies) {
      const answer = await desk.as(who).request(path, { method, body });
      const what = `${route} ${body.slice(0, 60)}`;
      // Changing nothing of a story is of the form.
      if (route === "PATCH /api/stories/:id" && answer.status === 200) continue;
      expect([401, 413, 422], what).toContain(answer.status);
      expect(answer.headers.get("content-type"), what).toBe("application/problem+json");
    }
  }
  expect(await storeCounts(desk.house.db)).toEqual(before);
});

test("an id that nobody has is 404 on every route, and so is one of another kind", async () => {
  const before = await storeCounts(desk.house.db);
  const valid: Readonly<Record<string, unknown>> = {
    "/api/stories/:id": { lang: "de" },
    "/api/stories/:id/claims": { field: "body", quote: "4,600", kind: "number" },
    "/api/stories/:id/moves": { to: "checking" },
    "/api/claims/:id": { kind: "event", reason: "r" },
    "/api/claims/:id/verdicts": { verdict: "verified" },
    "/api/claims/:id/evidence": { source: { type: "document", name: "n" }, relation: "supports" },
    "/api/claims/:id/comments": { text: "t" },
    "/api/claims/:id/assignee": { personId: null },
    "/api/claims/:id/anchor": { field: "body", quote: "4,600" },
    "/api/claims/:id/waivers": { rule: "evidence", reason: "r" },
  };
  const ids = ["nobody-has-it", story.id, claim.id, desk.person("admin").id, "'--", "💥"];
  for (const { method, path: pattern } of desk.app.routes) {
    if (!pattern.includes(":id") || method === "ALL" || pattern.startsWith("/api/people")) continue;
    const own = pattern.startsWith("/api/claims") ? claim.id : story.id;
    for (const id of ids.filter((one) => one !== own)) {
      const path = pattern.replace(":id", encodeURIComponent(id)).replace(/:\w+/g, "1");
      const body = valid[pattern];
      const answer = await desk.as("editor1").request(`${path}?reason=r`, {
        method,
        ...(method === "GET" || body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(answer.status, `${method} ${path}`).toBe(404);
    }
  }
  expect(await storeCounts(desk.house.db)).toEqual(before);
});

test("markup in a text field is text: kept and given back as it was written", async () => {
  const evil = `<script>alert(1)</script><img src=x onerror="alert(2)"> & "quotes"`;
  const started = (
    await desk.as("reporter1").post("/api/stories", {
      headline: evil,
      dateline: { place: evil.slice(0, 100), date: "2025-09-26" },
      body: { format: "text", content: evil },
    })
  ).as(Story);
  expect(started).toMatchObject({ headline: evil, text: evil, dateline: { place: evil.slice(0, 100) } });
  expect(started.slug).toMatch(/^[a-z0-9-]+$/);
  const html = { format: "html", content: `<p onclick="x()">Fine <b>words</b></p>${evil}` } as const;
  const brought = (await desk.as("reporter1").post("/api/stories", { headline: "H", body: html })).as(Story);
  expect(brought.text).toContain("Fine words");
  expect(brought.text).not.toContain("alert");
  const comment = await desk.as("checker1").post(`/api/claims/${claim.id}/comments`, { text: evil });
  expect(comment.as(z.object({ thread: z.array(z.object({ text: z.string() })) })).thread[0]?.text).toBe(
    evil,
  );
});

test("a content hash that is not the story's moves nothing", async () => {
  await desk.as("reporter1").post(`/api/stories/${story.id}/moves`, { to: "checking" });
  const before = await storeCounts(desk.house.db);
  const move = (contentHash: string) =>
    desk.as("editor1").post(`/api/stories/${story.id}/moves`, { to: "approved", contentHash });
  expect(await move("0".repeat(64))).toMatchObject({ status: 409, code: "text-changed" });
  expect((await move("short")).status).toBe(422);
  expect(await storeCounts(desk.house.db)).toEqual(before);
});
