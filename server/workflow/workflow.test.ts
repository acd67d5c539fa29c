import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { Claim, ClaimWhole } from "@/domain/claims/claim";
import { RecordLine } from "@/domain/record/act";
import { Story } from "@/domain/stories/story";
import { Version, VersionLine } from "@/domain/versions/version";
import { Gate } from "@/domain/workflow/workflow";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { edit, mark, move, moved, newStory, read, refusedWithoutChange, words } from "./test-stories";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const gateOf = async (storyId: string) =>
  (await desk.as("reporter1").get(`/api/stories/${storyId}/gate`)).as(Gate);
const rulesOf = async (storyId: string) => (await gateOf(storyId)).blockers.map((blocker) => blocker.rule);
const judge = (who: string, claim: Claim, verdict: string, more = {}) =>
  desk.as(who).post(`/api/claims/${claim.id}/verdicts`, { verdict, rationale: "Seen.", ...more });
const claimOf = async (claim: Claim) =>
  (await desk.as("editor1").get(`/api/claims/${claim.id}`)).as(ClaimWhole);
const recordOf = async (storyId: string) =>
  (await desk.as("editor1").get(`/api/stories/${storyId}/audit`)).as(z.array(RecordLine));
const versionsOf = async (storyId: string) =>
  (await desk.as("editor1").get(`/api/stories/${storyId}/versions`)).as(z.array(VersionLine));

describe("the gate", () => {
  test("[GT1][GT2] names what blocks in sentences, and opens when nothing does", async () => {
    const story = await newStory(desk, { dateline: { place: "", date: "" }, byline: [] });
    const claim = await mark(desk, story.id);
    const gate = await gateOf(story.id);
    expect(gate.open).toBe(false);
    expect(gate.blockers).toMatchObject([
      { rule: "no-dateline", waivable: false },
      { rule: "no-byline", waivable: false },
      { rule: "unchecked", claimId: claim.id, quote: "4,600", sentence: "“4,600” has not been checked." },
    ]);
    const details = { dateline: { place: "Pristina", date: "2026-03-02" }, byline: ["Reporter One"] };
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, details);
    await judge("checker1", claim, "verified");
    expect(await gateOf(story.id)).toEqual({ open: true, blockers: [] });
  });

  test("[GT3] asks for evidence under a critical number", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id, { importance: "critical" });
    await judge("checker1", claim, "verified");
    expect(await rulesOf(story.id)).toEqual(["evidence"]);
    const support = (origin: string, relation: string) =>
      desk.as("checker1").post(`/api/claims/${claim.id}/evidence`, {
        source: { type: "media", name: `An outlet by way of ${origin}`, origin },
        relation,
      });
    await support("Agency One", "supports");
    await support("Agency One", "supports");
    await support("Agency Two", "contradicts");
    expect(await rulesOf(story.id)).toEqual(["evidence"]);
    await support("Agency Two", "supports");
    expect(await rulesOf(story.id)).toEqual([]);
  });

  test("is not there for who may not see the story", async () => {
    const story = await newStory(desk);
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, { private: true });
    await refusedWithoutChange(
      desk,
      () => desk.as("checker1").get(`/api/stories/${story.id}/gate`),
      404,
      "no-such-story",
    );
  });
});

describe("waivers", () => {
  const waive = (who: string, claim: Claim, rule: string, reason?: string) =>
    desk.as(who).post(`/api/claims/${claim.id}/waivers`, { rule, reason: reason ?? "We say so." });

  test("[GT4] one editor waives a normal claim's blocker, by name and reason", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    const answer = await waive("editor1", claim, "unchecked", "No time.");
    expect(answer.status).toBe(201);
    expect(answer.as(Claim)).toMatchObject({
      progress: "waived",
      waivers: [{ rule: "unchecked", reason: "No time.", by: { name: "Editor One" } }],
    });
    expect(await gateOf(story.id)).toEqual({ open: true, blockers: [] });
    expect((await read(desk, story.id)).claims).toEqual({ total: 1, left: 0 });
    expect((await claimOf(claim)).history.at(-1)).toMatchObject({
      act: "waiver-given",
      detail: { rule: "unchecked", words: "4,600", reason: "No time." },
    });
  });

  test("[GT4] a critical claim's asks two editors, each once", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id, { importance: "critical" });
    await waive("editor1", claim, "unchecked");
    expect((await gateOf(story.id)).blockers).toMatchObject([{ waiversGiven: 1, waiversAsked: 2 }]);
    await refusedWithoutChange(desk, () => waive("editor1", claim, "unchecked"), 409, "already-waived");
    await waive("editor2", claim, "unchecked");
    expect((await gateOf(story.id)).open).toBe(true);
  });

  test("[GT4] what does not block, what is never waived, and a waiver without a reason", async () => {
    const claim = await mark(desk, (await newStory(desk)).id);
    await refusedWithoutChange(desk, () => waive("editor1", claim, "stale"), 409, "nothing-to-waive");
    for (const rule of ["no-headline", "no-dateline", "no-byline"]) {
      await refusedWithoutChange(desk, () => waive("editor1", claim, rule), 422, "never-waived");
    }
    await refusedWithoutChange(desk, () => waive("editor1", claim, "unchecked", " "), 422, "wrong-form");
    await refusedWithoutChange(desk, () => waive("editor1", claim, "anything"), 422, "wrong-form");
    await refusedWithoutChange(desk, () => waive("checker1", claim, "unchecked"), 403, "may-not-waive");
  });

  test("[GT4] lapses with the words, and with a new verdict", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    await judge("checker1", claim, "false");
    await waive("editor1", claim, "false");
    expect((await claimOf(claim)).progress).toBe("waived");
    await judge("checker2", claim, "false");
    expect((await claimOf(claim)).progress).toBe("attention");
    await waive("editor1", claim, "false");
    expect((await claimOf(claim)).progress).toBe("waived");
    await edit(desk, "reporter1", story.id, "4,600", "4,700");
    expect(await claimOf(claim)).toMatchObject({ progress: "attention", freshness: { state: "stale" } });
    expect(await rulesOf(story.id)).toEqual(["stale"]);
  });
});

describe("the way of a story", () => {
  test("[WF1][WF6][RE1] draft, checking, back, checking, approved, withdrawn, spiked, revived", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    await moved(desk, "checker1", story.id, "draft");
    await moved(desk, "checker1", story.id, "checking");
    const approved = await moved(desk, "editor1", story.id, "approved");
    expect(approved.approval).toMatchObject({
      by: { name: "Editor One" },
      contentHash: approved.contentHash,
    });
    const withdrawn = await moved(desk, "editor2", story.id, "checking");
    expect(withdrawn).toMatchObject({ status: "checking", approval: null, lapsed: null });
    await moved(desk, "editor1", story.id, "approved", "draft", "spiked");
    const revived = await moved(desk, "editor2", story.id, "draft");
    expect(revived.status).toBe("draft");

    const way = [
      "checking",
      "draft",
      "checking",
      "approved",
      "checking",
      "approved",
      "draft",
      "spiked",
      "draft",
    ];
    const lines = await recordOf(story.id);
    const moves = lines.filter((line) => line.act === "story-moved");
    expect(moves.map((line) => line.detail["to"])).toEqual(way);
    expect(moves[1]).toMatchObject({ personName: "Checker One", detail: { reason: "Because." } });
    const versions = (await versionsOf(story.id)).toReversed();
    expect(versions.map((version) => version.why)).toEqual(way.map((to) => ({ cause: "move", to })));
    expect(moves.map((line) => line.detail["version"])).toEqual(versions.map((version) => version.n));
  });

  test("[WF1] a move that does not start here changes nothing", async () => {
    const story = await newStory(desk);
    for (const to of ["approved", "published", "draft"] as const) {
      await refusedWithoutChange(desk, () => move(desk, "editor1", story.id, to), 409, "not-from-here");
    }
    await refusedWithoutChange(
      desk,
      () => desk.as("editor1").post("/api/stories/unknown/moves", { to: "checking" }),
      404,
      "no-such-story",
    );
    for (const bad of [
      {},
      { to: "ready" },
      { to: "checking", status: "approved" },
      { to: "approved", contentHash: "x" },
    ]) {
      await refusedWithoutChange(
        desk,
        () => desk.as("editor1").post(`/api/stories/${story.id}/moves`, bad),
        422,
        "wrong-form",
      );
    }
  });

  test("[WF1] sending back, withdrawing and spiking ask for a reason", async () => {
    const story = await newStory(desk);
    const path = `/api/stories/${story.id}/moves`;
    const bare = (to: string) => () => desk.as("editor1").post(path, { to });
    await refusedWithoutChange(desk, bare("spiked"), 422, "needs-reason");
    await moved(desk, "reporter1", story.id, "checking");
    await refusedWithoutChange(desk, bare("draft"), 422, "needs-reason");
    await refusedWithoutChange(desk, bare("approved"), 422, "needs-content-hash");
    await moved(desk, "editor1", story.id, "approved");
    await refusedWithoutChange(desk, bare("checking"), 422, "needs-reason");
    await refusedWithoutChange(desk, bare("published"), 422, "needs-content-hash");
  });

  test("[WF3] a closed gate is 409 with its blockers; another hash is text-changed", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    await moved(desk, "reporter1", story.id, "checking");
    const closed = await refusedWithoutChange(
      desk,
      () => move(desk, "editor1", story.id, "approved"),
      409,
      "gate-closed",
    );
    expect(closed.body).toMatchObject({ blockers: [{ rule: "unchecked", claimId: claim.id }] });
    await judge("checker1", claim, "verified");
    await refusedWithoutChange(
      desk,
      () =>
        move(desk, "editor1", story.id, "approved", { contentHash: story.contentHash.replace(/./g, "0") }),
      409,
      "text-changed",
    );
    await edit(desk, "reporter1", story.id, "Monday", "Tuesday");
    await refusedWithoutChange(
      desk,
      () => move(desk, "editor1", story.id, "approved", { contentHash: story.contentHash }),
      409,
      "text-changed",
    );
    await moved(desk, "editor1", story.id, "approved");
  });

  test("[FR5][WF3] freshness is computed again inside the approval, before the pages were told", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    await judge("checker1", claim, "verified");
    await moved(desk, "reporter1", story.id, "checking");
    const text = "Some 4,600 soldiers";
    const person = desk.person("reporter1");
    const stored = await desk.body.replaceText(
      story.id,
      person,
      {
        headline: [{ type: "paragraph", content: [{ type: "text", text: "Soldiers in the valley" }] }],
        standfirst: [],
        body: [{ type: "paragraph", content: [{ type: "text", text: text.replace("4,600", "14,600") }] }],
      },
      async () => undefined,
    );
    expect(stored).not.toHaveProperty("refused");
    const answer = await move(desk, "editor1", story.id, "approved");
    expect([answer.status, answer.code]).toEqual([409, "gate-closed"]);
    expect(answer.body).toMatchObject({ blockers: [{ rule: "stale", claimId: claim.id, quote: "14,600" }] });
    await desk.quiet(story.id);
  });

  test("[PE1] an editor does not approve what only they wrote", async () => {
    const story = await newStory(desk, {}, "editor1");
    await moved(desk, "editor1", story.id, "checking");
    await refusedWithoutChange(desk, () => move(desk, "editor1", story.id, "approved"), 403, "only-writer");
    await moved(desk, "editor2", story.id, "approved");
  });

  test("[WF3] two editors approve at once: one does, the other is told that it is done", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    const answers = await Promise.all(
      ["editor1", "editor2", "editor1", "editor2"].map((who) => move(desk, who, story.id, "approved")),
    );
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409, 409]);
    const lines = await recordOf(story.id);
    expect(lines.filter((line) => line.detail["to"] === "approved")).toHaveLength(1);
  });
});

describe("lapse", () => {
  test("[WF2] an edit takes the approval away, names the words and their writer, and stays so", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    await moved(desk, "editor1", story.id, "approved");
    await edit(desk, "reporter2", story.id, "Monday", "Tuesday");
    const lapsed = await read(desk, story.id);
    expect(lapsed).toMatchObject({
      status: "checking",
      approval: null,
      lapsed: {
        by: { name: "Reporter Two" },
        was: "Monday",
        now: "Tuesday",
        approvedBy: { name: "Editor One" },
      },
    });
    const line = (await recordOf(story.id)).findLast((one) => one.act === "approval-lapsed");
    expect(line).toMatchObject({
      personName: "Reporter Two",
      detail: { part: "text", was: "Monday", now: "Tuesday" },
    });
    await edit(desk, "reporter2", story.id, "Tuesday", "Monday");
    expect(await read(desk, story.id)).toMatchObject({ status: "checking", contentHash: story.contentHash });
    await refusedWithoutChange(
      desk,
      () => move(desk, "editor1", story.id, "published"),
      409,
      "not-from-here",
    );
    expect(await moved(desk, "editor2", story.id, "approved")).toMatchObject({ lapsed: null });
  });

  test("[WF2] so does another dateline or byline; another slug does not", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    await moved(desk, "editor1", story.id, "approved");
    const path = `/api/stories/${story.id}`;
    await desk
      .as("editor1")
      .patch(path, { slug: `slug-${story.id.toLowerCase().replace(/[^a-z0-9]/g, "")}` });
    expect((await read(desk, story.id)).status).toBe("approved");
    await desk.as("reporter1").patch(path, { byline: ["Reporter One", "Reporter Two"] });
    expect(await read(desk, story.id)).toMatchObject({
      status: "checking",
      lapsed: { by: { name: "Reporter One" }, was: "One", now: "One, Reporter Two" },
    });
  });

  test("[WF2] typing without end takes it away once", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    await moved(desk, "editor1", story.id, "approved");
    await edit(desk, "reporter1", story.id, "Monday", "Mon");
    await edit(desk, "reporter1", story.id, "Mon.", "Sunday.");
    const lines = await recordOf(story.id);
    expect(lines.filter((line) => line.act === "approval-lapsed")).toHaveLength(1);
  });
});

describe("publishing", () => {
  test("[WF4] puts out the approved version, byte for byte, and closes the text", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    await judge("checker1", claim, "verified");
    await moved(desk, "reporter1", story.id, "checking");
    const approved = await moved(desk, "editor1", story.id, "approved");
    const published = await moved(desk, "editor2", story.id, "published");
    expect(published).toMatchObject({
      status: "published",
      publication: {
        slug: story.slug,
        version: approved.approval?.version,
        by: { name: "Editor Two" },
        contentHash: approved.contentHash,
      },
      approval: { by: { name: "Editor One" } },
    });
    const n = published.publication?.version;
    const version = (await desk.as("editor1").get(`/api/stories/${story.id}/versions/${String(n)}`)).as(
      Version,
    );
    expect(version.contentHash).toBe(published.contentHash);
    expect(JSON.stringify(version.content)).toContain(words);
    await refusedWithoutChange(
      desk,
      () => desk.as("editor1").patch(`/api/stories/${story.id}`, { byline: ["Editor One"] }),
      409,
      "published-is-read-only",
    );
    for (const to of ["checking", "approved", "draft", "spiked", "published"] as const) {
      await refusedWithoutChange(desk, () => move(desk, "editor1", story.id, to), 409, "not-from-here");
    }
    const acts = (await recordOf(story.id)).map((line) => line.act);
    expect(acts).toContain("published");
  });

  test("[WF3] asks the gate again: a verdict overturned after the approval keeps the story in", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    await judge("checker1", claim, "verified");
    await moved(desk, "reporter1", story.id, "checking");
    await moved(desk, "editor1", story.id, "approved");
    await judge("checker2", claim, "false");
    const answer = await refusedWithoutChange(
      desk,
      () => move(desk, "editor1", story.id, "published"),
      409,
      "gate-closed",
    );
    expect(answer.body).toMatchObject({ blockers: [{ rule: "false" }] });
    expect((await read(desk, story.id)).status).toBe("approved");
  });

  test("[WF4] an edit and a publication at once: never out with words that were not approved", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    const approved = await moved(desk, "editor1", story.id, "approved");
    await Promise.all([
      move(desk, "editor2", story.id, "published", { contentHash: approved.contentHash }),
      edit(desk, "reporter1", story.id, "Monday", "Friday").catch(() => undefined),
    ]);
    const after = await read(desk, story.id);
    if (after.status === "published") expect(after.publication?.contentHash).toBe(approved.contentHash);
    else expect(after).toMatchObject({ status: "checking", publication: null, lapsed: { now: "Friday" } });
  });
});

test("[RE1] whatever happened here, the record's chain holds", async () => {
  const head = await desk.as("editor1").get("/api/audit/head");
  expect(head.status).toBe(200);
  expect(Story.shape.contentHash.parse(z.object({ hash: z.string() }).parse(head.body).hash)).toHaveLength(
    64,
  );
});
