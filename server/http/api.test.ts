import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "../log";
import { takeAway } from "../store/test-store";
import { openTestNewsroom, testUrl, type TestNewsroom } from "../test-newsroom";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const apiRoutes = () => [
  ...new Set(
    desk.app.routes
      .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/"))
      .map(({ method, path }) => `${method} ${path}`),
  ),
];

test("nothing under /api but sign-in and redeeming a link answers without a session", async () => {
  const open = ["POST /api/auth/sign-in/email", "POST /api/auth/links"];
  for (const route of apiRoutes().filter((one) => !open.includes(one))) {
    const [method = "", path = ""] = route.split(" ");
    const answer = await desk.visitor.request(path.replace(/:\w+/g, "1"), { method });
    expect(answer, route).toMatchObject({ status: 401, code: "not-signed-in" });
  }
  expect((await desk.visitor.get("/api/no/such/route")).status).toBe(401);
});

test("every call that changes something refuses a foreign origin, the sign-in too", async () => {
  for (const route of apiRoutes().filter((one) => !one.startsWith("GET"))) {
    const [method = "", path = ""] = route.split(" ");
    const answer = await desk.as("admin").request(path.replace(/:\w+/g, "1"), {
      method,
      headers: { origin: "https://evil.test" },
    });
    expect(answer, route).toMatchObject({ status: 403, code: "wrong-origin" });
  }
});

test("on loopback the newsroom's other names are its own origin; without the header the cookie suffices", async () => {
  const change = (headers: Record<string, string>) =>
    desk.as("admin").request("/api/people", { method: "POST", headers, body: "{}" });
  for (const headers of [{}, { origin: testUrl }, { origin: "http://localhost:3000" }]) {
    expect((await change(headers)).status).toBe(422);
  }
});

test("a refusal is problem+json with a word, a sentence and its status", async () => {
  const answers = [
    await desk.visitor.get("/api/me"),
    await desk.as("admin").get("/api/no/such/route"),
    await desk.as("admin").request("/api/people", { method: "POST", body: "no json" }),
    await desk.as("reporter1").post("/api/people", { name: "X", email: "x@example.test", role: "editor" }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 404, 422, 403]);
  for (const { headers, status, body } of answers) {
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(body).toMatchObject({ status, code: expect.any(String), title: expect.stringMatching(/\.$/) });
  }
});

test("a body that is too large is refused with 413 before it is read", async () => {
  const huge = JSON.stringify({ name: "x".repeat(5_000_000), email: "x@example.test", role: "editor" });
  expect(await desk.as("admin").request("/api/people", { method: "POST", body: huge })).toMatchObject({
    status: 413,
    code: "too-large",
  });
  const signIn = JSON.stringify({ email: "x".repeat(20_000), password: "x" });
  const answer = await desk.visitor.request("/api/auth/sign-in/email", { method: "POST", body: signIn });
  expect(answer.status).toBe(413);
});

test("an address with a null character is refused, not failed on", async () => {
  expect((await desk.as("admin").patch("/api/people/a%00b", { active: false })).status).toBe(422);
});

test("no answer may be framed, sniffed or kept by a cache", async () => {
  const { headers } = await desk.as("reporter1").get("/api/me");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-request-id")).toMatch(/^[\w-]{16}$/);
});

test("the API describes every route that it has, and no other", async () => {
  const { body } = await desk.as("reporter1").get("/api/openapi.json");
  const paths = (body as { paths: Record<string, Record<string, unknown>> }).paths;
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
  );
  expect(described.filter((one) => one.includes("/api/")).sort()).toEqual(apiRoutes().sort());
});

test("what answers outside the API is described too", async () => {
  const { body } = await desk.as("reporter1").get("/api/openapi.json");
  const { paths } = body as { paths: Record<string, unknown> };
  for (const path of ["/healthz", "/readyz", "/metrics", "/feed.xml", "/feed.json"])
    expect(paths).toHaveProperty([path]);
});

test("a proxy's request id is taken over and answered back; one that is no plain word is replaced", async () => {
  const idFor = async (given: string) => {
    const headers = { "x-request-id": given };
    return (await desk.as("reporter1").request("/api/me", { headers })).headers.get("x-request-id");
  };
  expect(await idFor("edge-1.7_b")).toBe("edge-1.7_b");
  for (const given of ["two words", "a".repeat(65), '"}']) expect(await idFor(given)).toMatch(/^[\w-]{16}$/);
});

test("one line a request, with its pattern and the ids in its address, and nothing else of it", async () => {
  const lines: string[] = [];
  const other = await openTestNewsroom({
    // Calls within the process are written down where everything is.
    log: openLog("debug", { write: (line: string) => lines.push(line) }),
  });
  const { body } = await other.as("reporter1").post("/api/stories", { headline: "A headline" });
  const { id } = body as { id: string };
  lines.length = 0;
  await other.as("reporter1").get(`/api/stories/${id}?words=secret`);
  await other.as("reporter1").get("/api/secret-words");
  await other.visitor.get(`/api/stories/${id}/claims`);
  await other.visitor.post("/api/auth/links", { token: "secret" });
  const person = other.person("reporter1").id;
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { route: "/api/stories/:id", storyId: id, personId: person, status: 200, requestId: expect.anything() },
    { route: "other", status: 404, refused: "not-found" },
    { route: "/api/stories/:id/claims", storyId: id, status: 401, refused: "not-signed-in" },
    { route: "/api/auth/links", status: 401, refused: "link-not-valid" },
  ]);
  expect(lines.join("")).not.toContain("secret");
  await other.close();
});

test("while the store is away a request is told so, and answered once it is back", async () => {
  const other = await openTestNewsroom();
  const stories = () => other.as("reporter1").get("/api/stories");
  expect((await stories()).status).toBe(200);
  const bringBack = await takeAway(other.house.db);
  const away = await stories();
  expect(away).toMatchObject({ status: 503, code: "not-ready" });
  expect(away.headers.get("retry-after")).toBe("5");
  await bringBack();
  await expect.poll(async () => (await stories()).status).toBe(200);
  await other.close();
});

test("health and readiness answer without a session", async () => {
  expect((await desk.visitor.get("/healthz")).status).toBe(200);
  expect((await desk.visitor.get("/readyz")).status).toBe(200);
});
