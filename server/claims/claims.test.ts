import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Claim, ClaimWhole, kinds } from "@/domain/claims/claim";
import { Story } from "@/domain/stories/story";
import { type Answer, openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { storeCounts } from "../store/test-counts";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const body = "Some 4,600 soldiers came on Monday. The mayor said they would leave. Nobody saw them go.";

async function newStory(more: Readonly<Record<string, unknown>> = {}): Promise<Story> {
  const answer = await desk.as("reporter1").post("/api/stories", {
    headline: "Soldiers in the valley",
    dateline: { place: "Pristina", date: "2026-03-02" },
    body: { format: "text", content: body },
  });
  expect(answer.status).toBe(201);
  const story = answer.as(Story);
  if (Object.keys(more).length > 0) {
    expect((await desk.as("reporter1").patch(`/api/stories/${story.id}`, more)).status).toBe(200);
  }
  return story;
}

/** Marks "4,600" in the body, as a number. */
async function mark(
  storyId: string,
  given: Readonly<Record<string, unknown>> = {},
  who = "reporter2",
): Promise<Claim> {
  const answer = await desk.as(who).post(`/api/stories/${storyId}/claims`, {
    field: "body",
    quote: "4,600",
    kind: "number",
    ...given,
  });
  expect(answer.text).toContain('"id"');
  expect(answer.status).toBe(201);
  return answer.as(Claim);
}

async function refusedWithoutChange(act: () => Promise<Answer>, status: number, code: string): Promise<void> {
  const before = await storeCounts(desk.house.db);
  const answer = await act();
  expect([answer.status, answer.code]).toEqual([status, code]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await storeCounts(desk.house.db)).toEqual(before);
}

describe("marking", () => {
  test("[CL1] a claim has its words, place, kind and importance, and starts unchecked and open", async () => {
    const story = await newStory();
    const claim = await mark(story.id, { importance: "critical", note: "Ask the ministry." });
    expect(claim).toMatchObject({
      storyId: story.id,
      quote: "4,600",
      kind: "number",
      importance: "critical",
      note: "Ask the ministry.",
      origin: "reporter",
      anchor: { field: "body", start: 5, end: 10, state: "anchored", words: "4,600" },
      freshness: { state: "unchecked" },
      progress: "open",
      verdict: null,
      markedBy: { name: "Reporter Two" },
      touchedByOthers: false,
      removed: null,
    });
    const list = (await desk.as("checker1").get(`/api/stories/${story.id}/claims`)).as(z.array(Claim));
    expect(list).toEqual([claim]);
    expect((await desk.as("editor1").get(`/api/stories/${story.id}`)).as(Story).claims).toEqual({
      total: 1,
      left: 1,
    });
  });

  test("[CL1] words that are not there, stand in another field, or are none", async () => {
    const story = await newStory();
    const path = `/api/stories/${story.id}/claims`;
    const asked = (given: Readonly<Record<string, unknown>>) => () =>
      desk.as("checker1").post(path, { field: "body", kind: "other", ...given });
    await refusedWithoutChange(asked({ quote: "9,999" }), 409, "quote-not-found");
    await refusedWithoutChange(asked({ quote: "4,600", field: "headline" }), 409, "quote-not-found");
    await refusedWithoutChange(asked({ quote: ". " }), 422, "no-words");
  });

  test("[CL1] a quote that is there twice is told apart by what stands before it", async () => {
    const answer = await desk.as("reporter1").post("/api/stories", {
      headline: "Twice",
      body: { format: "text", content: "First 40 came. Then 40 went." },
    });
    const path = `/api/stories/${answer.as(Story).id}/claims`;
    const given = { field: "body", kind: "number", quote: "40" };
    await refusedWithoutChange(() => desk.as("checker1").post(path, given), 409, "quote-ambiguous");
    const second = await desk.as("checker1").post(path, { ...given, prefix: "Then " });
    expect(second.as(Claim).anchor.start).toBe(20);
  });

  test("wrong forms change nothing", async () => {
    const story = await newStory();
    const path = `/api/stories/${story.id}/claims`;
    const good = { field: "body", quote: "4,600", kind: "number" };
    for (const bad of [
      { ...good, kind: "rumour" },
      { ...good, field: "footer" },
      { ...good, quote: "" },
      { ...good, quote: 4600 },
      { ...good, quote: "x".repeat(6000) },
      { ...good, verdict: "verified" },
      { ...good, origin: "spotter" },
      { ...good, relStart: "not base64!" },
      { ...good, note: "a\0b" },
      [],
      null,
    ]) {
      await refusedWithoutChange(() => desk.as("reporter2").post(path, bad), 422, "wrong-form");
    }
  });

  test("[RE1] marking is one act, with its words", async () => {
    const story = await newStory();
    const before = await storeCounts(desk.house.db);
    const claim = await mark(story.id);
    const after = await storeCounts(desk.house.db);
    expect(Number(after["record"]) - Number(before["record"])).toBe(1);
    const whole = (await desk.as("reporter1").get(`/api/claims/${claim.id}`)).as(ClaimWhole);
    expect(whole.history).toMatchObject([
      { act: "claim-marked", by: { name: "Reporter Two" }, detail: { quote: "4,600", kind: "number" } },
    ]);
  });

  test("every kind can be marked, in the headline too; overlapping claims are both there", async () => {
    const story = await newStory();
    for (const kind of kinds) await mark(story.id, { kind, quote: "Soldiers", field: "headline" });
    const list = (await desk.as("checker1").get(`/api/stories/${story.id}/claims`)).as(z.array(Claim));
    expect(list.map((claim) => claim.kind).toSorted()).toEqual([...kinds].toSorted());
  });
});

describe("verdicts", () => {
  test("[CL2][CL3] appended, the newest stands; a colleague's is overruled only with a reason", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}/verdicts`;
    const first = await desk.as("checker1").post(path, { verdict: "verified" });
    expect(first.status).toBe(201);
    expect(first.as(Claim)).toMatchObject({
      verdict: { verdict: "verified", words: "4,600", by: { name: "Checker One" } },
      freshness: { state: "current" },
      progress: "checked",
      touchedByOthers: true,
    });
    await refusedWithoutChange(
      () => desk.as("checker2").post(path, { verdict: "verified" }),
      422,
      "needs-rationale",
    );
    const second = await desk
      .as("checker2")
      .post(path, { verdict: "false", rationale: "The ministry says 3,600." });
    expect(second.as(Claim).verdicts.map((one) => one.verdict)).toEqual(["verified", "false"]);
    expect(second.as(Claim)).toMatchObject({ verdict: { verdict: "false" }, progress: "attention" });
  });

  test("[CL3] each verdict that has to say something is refused without it", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}/verdicts`;
    for (const verdict of ["attributed", "disputed", "false", "unverifiable"]) {
      await refusedWithoutChange(() => desk.as("checker1").post(path, { verdict }), 422, "needs-rationale");
    }
    await refusedWithoutChange(
      () => desk.as("checker1").post(path, { verdict: "verified_if_changed", rationale: "Why" }),
      422,
      "needs-replacement",
    );
    for (const bad of [{ verdict: "true" }, { verdict: "verified", freshness: "current" }, {}]) {
      await refusedWithoutChange(() => desk.as("checker1").post(path, bad), 422, "wrong-form");
    }
  });

  test("[PE1] nobody judges a story they wrote in; a reporter judges a colleague's", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}/verdicts`;
    await refusedWithoutChange(
      () => desk.as("reporter1").post(path, { verdict: "verified" }),
      403,
      "wrote-in-it",
    );
    expect((await desk.as("reporter2").post(path, { verdict: "verified" })).status).toBe(201);
  });

  test("a verdict is not given on words that the checker did not see", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}/verdicts`;
    await refusedWithoutChange(
      () => desk.as("checker1").post(path, { verdict: "verified", words: "4,500" }),
      409,
      "words-changed",
    );
  });

  test("[CL2][RE1] two checkers at once: both verdicts are kept, one after the other", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}/verdicts`;
    const given = { verdict: "verified", rationale: "Seen by me." };
    const answers = await Promise.all(
      ["checker1", "checker2", "editor1", "reporter2"].map((who) => desk.as(who).post(path, given)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    const whole = (await desk.as("checker1").get(`/api/claims/${claim.id}`)).as(ClaimWhole);
    expect(whole.verdicts).toHaveLength(4);
    expect(whole.history.map((line) => line.act)).toEqual([
      "claim-marked",
      ...Array.from({ length: 4 }, () => "verdict-given"),
    ]);
  });
});

describe("evidence, thread and assignee", () => {
  test("[GT3] evidence holds source, relation, excerpt and locator; the record does not name the source", async () => {
    const claim = await mark((await newStory()).id, { importance: "critical" });
    await desk.as("checker1").post(`/api/claims/${claim.id}/verdicts`, { verdict: "verified" });
    const given = {
      source: {
        type: "document",
        name: "A ministry’s table",
        url: "https://ministry.test/t",
        reliability: "A",
      },
      relation: "supports",
      excerpt: "4,600 soldiers",
      locator: "p. 3",
    };
    const before = (await desk.as("checker1").get(`/api/claims/${claim.id}`)).as(Claim);
    expect(before.progress).toBe("attention");
    const answer = await desk.as("reporter1").post(`/api/claims/${claim.id}/evidence`, given);
    expect(answer.status).toBe(201);
    expect(answer.as(Claim)).toMatchObject({ evidence: [given], progress: "checked" });
    const whole = (await desk.as("checker1").get(`/api/claims/${claim.id}`)).as(ClaimWhole);
    expect(JSON.stringify(whole.history)).not.toContain("ministry");
  });

  test("wrong evidence changes nothing", async () => {
    const claim = await mark((await newStory()).id);
    const source = { type: "document", name: "A table" };
    for (const bad of [
      { source, relation: "proves" },
      { source: { ...source, type: "rumour" }, relation: "supports" },
      { source: { ...source, url: "javascript:alert(1)" }, relation: "supports" },
      { source: { ...source, reliability: "G" }, relation: "supports" },
      { source: { ...source, name: "x".repeat(400) }, relation: "supports" },
      { source: "A table", relation: "supports" },
      { relation: "supports" },
    ]) {
      const path = `/api/claims/${claim.id}/evidence`;
      await refusedWithoutChange(() => desk.as("checker1").post(path, bad), 422, "wrong-form");
    }
  });

  test("comments are answered in their own claim's thread", async () => {
    const story = await newStory();
    const claim = await mark(story.id);
    const other = await mark(story.id, { quote: "Monday", kind: "date_time" });
    const path = `/api/claims/${claim.id}/comments`;
    const html = "<script>alert('hello')</script> & <b>bold</b>";
    const first = (await desk.as("checker1").post(path, { text: html })).as(Claim).thread[0];
    expect(first?.text).toBe(html);
    const reply = await desk.as("reporter2").post(path, { text: "It is.", replyTo: first?.id });
    expect(reply.as(Claim).thread).toMatchObject([{ replyTo: null }, { replyTo: first?.id }]);
    await refusedWithoutChange(
      () =>
        desk.as("checker1").post(`/api/claims/${other.id}/comments`, { text: "There.", replyTo: first?.id }),
      422,
      "no-such-comment",
    );
    await refusedWithoutChange(() => desk.as("checker1").post(path, { text: "  " }), 422, "wrong-form");
  });

  test("a claim is assigned to a colleague who may work on the story, and taken off again", async () => {
    const story = await newStory();
    const claim = await mark(story.id);
    const path = `/api/claims/${claim.id}/assignee`;
    const checker = desk.person("checker1");
    const answer = await desk.as("reporter1").post(path, { personId: checker.id });
    expect(answer.as(Claim).assignee).toEqual({ id: checker.id, name: "Checker One" });
    const listed = await desk.as("editor1").get(`/api/stories?assignee=${checker.id}`);
    expect(listed.text).toContain(story.id);
    await refusedWithoutChange(
      () => desk.as("editor1").post(path, { personId: "nobody" }),
      422,
      "not-assignable",
    );
    await refusedWithoutChange(
      () => desk.as("editor1").post(path, { personId: desk.person("admin").id }),
      422,
      "not-assignable",
    );
    const before = await storeCounts(desk.house.db);
    expect((await desk.as("editor1").post(path, { personId: checker.id })).status).toBe(201);
    expect(await storeCounts(desk.house.db)).toEqual(before);
    const off = await desk.as("editor1").post(path, { personId: null });
    expect(off.as(Claim).assignee).toBeNull();
  });

  test("[PE1] nobody is assigned a private story that is not there for them", async () => {
    const story = await newStory({ private: true });
    const claim = await mark(story.id, {}, "reporter1");
    await refusedWithoutChange(
      () =>
        desk
          .as("reporter1")
          .post(`/api/claims/${claim.id}/assignee`, { personId: desk.person("checker1").id }),
      422,
      "not-assignable",
    );
  });
});

describe("change and removal", () => {
  test("[CL5] a checker changes the kind with a reason, recorded with what it was", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}`;
    await refusedWithoutChange(() => desk.as("checker1").patch(path, { kind: "event" }), 422, "needs-reason");
    const changed = await desk
      .as("checker1")
      .patch(path, { kind: "event", importance: "critical", reason: "It is one." });
    expect(changed.as(Claim)).toMatchObject({ kind: "event", importance: "critical" });
    const history = (await desk.as("checker1").get(path)).as(ClaimWhole).history;
    expect(history.at(-1)).toMatchObject({
      act: "claim-changed",
      by: { name: "Checker One" },
      detail: { kind: "event", was: { kind: "number", importance: "normal" }, reason: "It is one." },
    });
    await refusedWithoutChange(
      () => desk.as("checker1").patch(path, { importance: "low" }),
      422,
      "needs-reason",
    );
    for (const bad of [{}, { kind: "rumour" }, { importance: 1 }, { quote: "other" }]) {
      await refusedWithoutChange(() => desk.as("checker1").patch(path, bad), 422, "wrong-form");
    }
  });

  test("single claims can be asked for by their ids; those of other stories are left out", async () => {
    const [story, other] = [await newStory(), await newStory()];
    const [claim, elsewhere] = [await mark(story.id), await mark(other.id)];
    const list = (ids: string) => desk.as("reporter1").get(`/api/stories/${story.id}/claims?ids=${ids}`);
    const found = (await list(`${claim.id},${elsewhere.id},nothing`)).as(z.array(Claim));
    expect(found.map((one) => one.id)).toEqual([claim.id]);
    for (const bad of ["", "a b", Array.from({ length: 201 }, (_, n) => `c${String(n)}`).join(",")]) {
      expect(await list(bad)).toMatchObject({ status: 422, body: { code: "wrong-form", field: "ids" } });
    }
  });

  test("[CL5] a removed claim can be listed and read, is no longer counted and takes nothing more", async () => {
    const story = await newStory();
    const claim = await mark(story.id);
    const path = `/api/claims/${claim.id}`;
    await refusedWithoutChange(() => desk.as("checker1").delete(path), 422, "needs-reason");
    const removed = await desk.as("checker1").delete(`${path}?reason=Marked%20twice`);
    expect(removed.as(Claim).removed).toMatchObject({
      by: { name: "Checker One" },
      reason: "Marked twice",
    });
    const list = await desk.as("reporter1").get(`/api/stories/${story.id}/claims`);
    expect(list.body).toEqual([]);
    const all = await desk.as("reporter1").get(`/api/stories/${story.id}/claims?removed=1`);
    expect(all.as(z.array(Claim)).map((one) => one.id)).toEqual([claim.id]);
    expect((await desk.as("reporter1").get(path)).as(ClaimWhole).history.at(-1)).toMatchObject({
      act: "claim-removed",
      detail: { words: "4,600", reason: "Marked twice" },
    });
    expect((await desk.as("editor1").get(`/api/stories/${story.id}`)).as(Story).claims).toEqual({
      total: 0,
      left: 0,
    });
    for (const act of [
      () => desk.as("checker1").post(`${path}/verdicts`, { verdict: "verified" }),
      () => desk.as("checker1").post(`${path}/comments`, { text: "Late" }),
      () => desk.as("checker1").post(`${path}/assignee`, { personId: null }),
      () => desk.as("checker1").patch(path, { kind: "event", reason: "Why" }),
      () => desk.as("checker1").delete(`${path}?reason=again`),
      () => desk.as("checker1").post(`${path}/anchor`, { field: "body", quote: "4,600" }),
      () => desk.as("editor1").post(`${path}/waivers`, { rule: "unchecked", reason: "Why" }),
    ]) {
      await refusedWithoutChange(act, 409, "claim-removed");
    }
  });

  test("[PE1] a reporter removes their own until a colleague has added to it", async () => {
    const story = await newStory();
    const own = await mark(story.id);
    await refusedWithoutChange(
      () => desk.as("reporter1").delete(`/api/claims/${own.id}`),
      403,
      "not-your-claim",
    );
    expect((await desk.as("reporter2").delete(`/api/claims/${own.id}`)).status).toBe(200);
    const discussed = await mark(story.id);
    await desk.as("checker1").post(`/api/claims/${discussed.id}/comments`, { text: "Really?" });
    await refusedWithoutChange(
      () => desk.as("reporter2").delete(`/api/claims/${discussed.id}`),
      403,
      "touched-by-others",
    );
  });

  test("[CL5] a claim put on other words is an act with a reason; its verdict does not follow it there", async () => {
    const claim = await mark((await newStory()).id);
    const path = `/api/claims/${claim.id}`;
    await desk.as("checker1").post(`${path}/verdicts`, { verdict: "verified" });
    const given = { field: "body", quote: "4,600 soldiers" };
    await refusedWithoutChange(() => desk.as("checker1").post(`${path}/anchor`, given), 422, "needs-reason");
    await refusedWithoutChange(
      () => desk.as("checker1").post(`${path}/anchor`, { ...given, quote: "nowhere", reason: "Why" }),
      409,
      "quote-not-found",
    );
    const moved = await desk.as("checker1").post(`${path}/anchor`, { ...given, reason: "Too short" });
    expect(moved.as(Claim)).toMatchObject({
      quote: "4,600",
      anchor: { words: "4,600 soldiers", start: 5, end: 19 },
      freshness: { state: "stale" },
    });
    expect((await desk.as("checker1").get(path)).as(ClaimWhole).history.at(-1)).toMatchObject({
      act: "claim-reanchored",
      detail: { was: "4,600", now: "4,600 soldiers", reason: "Too short" },
    });
  });
});

describe("what is not there", () => {
  test("unknown claims and stories are 404, for every call", async () => {
    for (const act of [
      () => desk.as("editor1").get("/api/claims/unknown"),
      () => desk.as("editor1").get("/api/stories/unknown/claims"),
      () =>
        desk
          .as("editor1")
          .post("/api/stories/unknown/claims", { field: "body", quote: "4,600", kind: "number" }),
      () => desk.as("editor1").post("/api/claims/unknown/verdicts", { verdict: "verified" }),
      () => desk.as("editor1").post("/api/claims/unknown/comments", { text: "Hello" }),
      () =>
        desk.as("editor1").post("/api/claims/unknown/evidence", {
          source: { type: "document", name: "A table" },
          relation: "supports",
        }),
      () => desk.as("editor1").post("/api/claims/unknown/assignee", { personId: null }),
      () => desk.as("editor1").post("/api/claims/unknown/anchor", { field: "body", quote: "4,600" }),
      () => desk.as("editor1").post("/api/claims/unknown/waivers", { rule: "stale", reason: "Why" }),
      () => desk.as("editor1").patch("/api/claims/unknown", { kind: "event", reason: "Why" }),
      () => desk.as("editor1").delete("/api/claims/unknown?reason=Why"),
    ]) {
      const before = await storeCounts(desk.house.db);
      const answer = await act();
      expect(answer.status).toBe(404);
      expect(await storeCounts(desk.house.db)).toEqual(before);
    }
  });

  test("[PE1] a private story's claims are not there for the unnamed", async () => {
    const story = await newStory({ private: true });
    const claim = await mark(story.id, {}, "reporter1");
    for (const who of ["reporter2", "checker1", "admin"]) {
      expect((await desk.as(who).get(`/api/stories/${story.id}/claims`)).status).toBe(404);
      expect((await desk.as(who).get(`/api/claims/${claim.id}`)).status).toBe(404);
      await refusedWithoutChange(
        () => desk.as(who).post(`/api/claims/${claim.id}/comments`, { text: "Hello" }),
        404,
        "no-such-claim",
      );
    }
    expect((await desk.as("editor1").get(`/api/claims/${claim.id}`)).status).toBe(200);
  });

  test("without a session nothing is told or changed", async () => {
    const claim = await mark((await newStory()).id);
    await refusedWithoutChange(() => desk.visitor.get(`/api/claims/${claim.id}`), 401, "not-signed-in");
    await refusedWithoutChange(
      () => desk.visitor.post(`/api/claims/${claim.id}/verdicts`, { verdict: "verified" }),
      401,
      "not-signed-in",
    );
  });
});
