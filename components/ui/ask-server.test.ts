import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { askServer, fetchFrom, ProblemError } from "./ask-server";
import { fakeServer } from "./test-screen";

afterEach(() => void vi.unstubAllGlobals());

describe("asking the server", () => {
  test("gives the parsed answer", async () => {
    fakeServer({ "GET /api/me": { json: { name: "Reporter One" } } });
    const answer = await askServer({ path: "/api/me", schema: z.object({ name: z.string() }) });
    expect(answer).toEqual({ value: { name: "Reporter One" } });
  });

  test("a refusal is a problem with the server's sentence and whatever else it said", async () => {
    const json = { code: "gate-closed", title: "The gate is closed.", status: 409, blockers: [1] };
    fakeServer({ "POST /api/stories/1/moves": { status: 409, json } });
    const answer = await askServer({
      method: "POST",
      path: "/api/stories/1/moves",
      body: { to: "approved" },
    });
    expect(answer).toMatchObject({
      problem: {
        status: 409,
        code: "gate-closed",
        title: "The gate is closed.",
        more: { blockers: [1] },
      },
    });
  });

  test("a network that fails is a problem with a sentence", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
    const answer = await askServer({ path: "/api/me" });
    expect(answer).toMatchObject({ problem: { status: 0, code: "no-connection" } });
  });

  test("an answer that is no problem of ours is one too", async () => {
    vi.stubGlobal("fetch", () => Promise.resolve(new Response("<h1>Bad gateway</h1>", { status: 502 })));
    const answer = await askServer({ path: "/api/me" });
    expect(answer).toMatchObject({ problem: { status: 502, code: "no-answer" } });
  });

  test("an answer of another shape is a bug and throws", async () => {
    fakeServer({ "GET /api/me": { json: { nom: "Reporter One" } } });
    await expect(askServer({ path: "/api/me", schema: z.object({ name: z.string() }) })).rejects.toThrow();
  });

  test("inside a query a refusal is thrown with its problem", async () => {
    fakeServer({});
    const asking = fetchFrom({ path: "/api/none", schema: z.unknown() });
    await expect(asking).rejects.toBeInstanceOf(ProblemError);
  });
});
