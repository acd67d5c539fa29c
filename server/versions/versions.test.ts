import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { RecordLine } from "@/domain/record/act";
import { Version, VersionDiff, VersionLine } from "@/domain/versions/version";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { edit, mark, moved, newStory, read, refusedWithoutChange } from "../workflow/test-stories";
import { lockStory } from "../stories/story-row";
import { hasMovedOn } from "./read-versions";

let desk: TestNewsroom;

beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const listOf = async (storyId: string, who = "editor1") =>
  (await desk.as(who).get(`/api/stories/${storyId}/versions`)).as(z.array(VersionLine));
const versionOf = async (storyId: string, n: number) =>
  (await desk.as("checker1").get(`/api/stories/${storyId}/versions/${String(n)}`)).as(Version);

async function checked(storyId: string, claimId: string): Promise<void> {
  const given = await desk.as("checker1").post(`/api/claims/${claimId}/verdicts`, { verdict: "verified" });
  expect(given.status, given.text).toBe(201);
}

describe("[WF6] a version", () => {
  test("is kept at every move, with hash, authors and claims in their places", async () => {
    const story = await newStory(desk);
    expect(await listOf(story.id)).toEqual([]);
    const claim = await mark(desk, story.id);
    await moved(desk, "checker1", story.id, "checking");
    await checked(story.id, claim.id);
    const approved = await moved(desk, "editor1", story.id, "approved");
    await moved(desk, "editor2", story.id, "checking", "draft", "spiked", "draft");

    const lines = await listOf(story.id);
    expect(lines.map(({ n, why }) => [n, why])).toEqual([
      [6, { cause: "move", to: "draft" }],
      [5, { cause: "move", to: "spiked" }],
      [4, { cause: "move", to: "draft" }],
      [3, { cause: "move", to: "checking" }],
      [2, { cause: "move", to: "approved" }],
      [1, { cause: "move", to: "checking" }],
    ]);
    expect(lines.at(-2)).toMatchObject({
      by: { id: desk.person("editor1").id },
      contentHash: approved.contentHash,
      headline: approved.headline,
      wordCount: approved.wordCount,
      authors: [{ id: desk.person("reporter1").id }],
    });
    const version = await versionOf(story.id, 2);
    expect(version).toMatchObject({ dateline: approved.dateline, byline: approved.byline });
    expect(version.claims).toEqual([
      {
        id: claim.id,
        kind: "number",
        field: "body",
        start: 5,
        end: 10,
        state: "anchored",
        words: "4,600",
        verdict: "verified",
        freshness: "current",
      },
    ]);
    const acts = (await desk.as("editor1").get(`/api/stories/${story.id}/audit`)).as(z.array(RecordLine));
    expect(acts.filter(({ act }) => act === "version-kept")).toHaveLength(6);
  });

  test("is compared block by block with another and with the text as it is now", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await edit(desk, "reporter1", story.id, "4,600", "4,700");
    await desk
      .as("reporter1")
      .patch(`/api/stories/${story.id}`, { dateline: { place: "Mitrovica", date: "" } });
    await moved(desk, "checker1", story.id, "draft");
    const path = `/api/stories/${story.id}/versions`;
    for (const other of ["2", "now"]) {
      const diff = (await desk.as("checker2").get(`${path}/1/diff/${other}`)).as(VersionDiff);
      const changed = diff.blocks.filter(({ change }) => change !== "same");
      expect(changed.map(({ pieces }) => pieces.filter(({ kind }) => kind !== "same"))).toEqual([
        [
          { kind: "gone", text: "4,600" },
          { kind: "new", text: "4,700" },
        ],
      ]);
      expect(diff.dateline).toEqual({ was: "Pristina, 2026-03-02", now: "Mitrovica" });
      expect(diff.byline).toBeNull();
    }
  });

  test("is compared without waiting for whoever writes", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await desk.house.db.transaction(async (tx) => {
      await lockStory(tx, story.id);
      const compared = await desk.as("checker2").get(`/api/stories/${story.id}/versions/1/diff/now`);
      expect(compared.as(VersionDiff).byline).toBeNull();
    });
  });

  test("of another story, or none, is not there", async () => {
    const [one, other] = [await newStory(desk), await newStory(desk)];
    await moved(desk, "checker1", other.id, "checking", "draft");
    const checker = desk.as("checker1");
    await moved(desk, "checker1", one.id, "checking");
    for (const n of ["2", "0", "-1", "1.0", "01", "x", "99999999999", "1e3"]) {
      const paths = [`versions/${n}`, `versions/1/diff/${n}`, `versions/${n}/diff/1`];
      for (const path of paths) {
        const answer = await checker.get(`/api/stories/${one.id}/${path}`);
        expect([answer.status, answer.code], path).toEqual([404, "no-such-version"]);
      }
      await refusedWithoutChange(
        desk,
        () => desk.as("reporter1").post(`/api/stories/${one.id}/versions/${n}/restore`),
        404,
        "no-such-version",
      );
    }
  });

  test("[PE1] of a story that one may not see is not there, and without a session nothing is", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, { private: true });
    for (const path of ["versions", "versions/1", "versions/1/diff/now"]) {
      const answer = await desk.as("reporter2").get(`/api/stories/${story.id}/${path}`);
      expect([answer.status, answer.code], path).toEqual([404, "no-such-story"]);
      expect((await desk.visitor.get(`/api/stories/${story.id}/${path}`)).status).toBe(401);
    }
  });
});

describe("[WF6] restoring a version", () => {
  test("brings text, dateline and byline back, keeps what stood there, heals the claims", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    await moved(desk, "checker1", story.id, "checking");
    await checked(story.id, claim.id);
    await edit(desk, "reporter1", story.id, "4,600", "14,600");
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, { byline: ["Somebody Else"] });
    const between = await read(desk, story.id);
    const stale = await desk.as("editor1").get(`/api/claims/${claim.id}`);
    expect(stale.body).toMatchObject({ freshness: { state: "stale" } });

    const restored = await desk.as("reporter2").post(`/api/stories/${story.id}/versions/1/restore`);
    expect([restored.status, restored.body]).toEqual([200, { keptAs: 2 }]);
    await desk.body.quiet(story.id);
    const after = await read(desk, story.id);
    const first = await versionOf(story.id, 1);
    expect([after.contentHash, after.text, after.byline]).toEqual([
      first.contentHash,
      story.text,
      story.byline,
    ]);
    expect(after.authors.map(({ id }) => id)).toContain(desk.person("reporter2").id);
    const kept = await versionOf(story.id, 2);
    expect(kept).toMatchObject({ contentHash: between.contentHash, why: { cause: "restore", of: 1 } });
    await expect
      .poll(async () => (await desk.as("editor1").get(`/api/claims/${claim.id}`)).body)
      .toMatchObject({ freshness: { state: "current" } });
    const acts = (await desk.as("editor1").get(`/api/stories/${story.id}/audit`)).as(z.array(RecordLine));
    expect(acts.find(({ act }) => act === "version-restored")).toMatchObject({
      personId: desk.person("reporter2").id,
      detail: { version: 1, keptAs: 2 },
    });
    // The byline alone was another one.
    expect(acts.at(-1)).toMatchObject({ act: "story-changed", detail: { changes: { byline: {} } } });
    expect(acts.at(-1)?.detail["changes"]).not.toHaveProperty("dateline");
  });

  test("brings text and details back together or not at all", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await edit(desk, "reporter1", story.id, "Monday", "Tuesday");
    const dateline = { place: "Mitrovica", date: "" };
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, { dateline });
    const between = await read(desk, story.id);
    const { db } = desk.house;
    await db.execute(
      sql`alter table stories add constraint stays check (dateline_place <> 'Pristina') not valid`,
    );
    const restore = () => desk.as("reporter2").post(`/api/stories/${story.id}/versions/1/restore`);
    expect((await restore()).status).toBe(500);
    await db.execute(sql`alter table stories drop constraint stays`);
    await desk.body.quiet(story.id);
    const { text, contentHash, dateline: still } = await read(desk, story.id);
    expect([text, contentHash, still]).toEqual([between.text, between.contentHash, dateline]);
    expect(await listOf(story.id)).toHaveLength(1);
    expect((await restore()).status).toBe(200);
    const after = await read(desk, story.id);
    expect(after.contentHash).toBe((await versionOf(story.id, 1)).contentHash);
    await desk.quiet(story.id);
  });

  test("[WF2] takes an approval away when it changes only dateline or byline", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, { byline: ["Somebody Else"] });
    await moved(desk, "editor1", story.id, "approved");
    await desk.as("editor1").post(`/api/stories/${story.id}/versions/1/restore`);
    const { status, approval, byline } = await read(desk, story.id);
    expect({ status, approval, byline }).toEqual({
      status: "checking",
      approval: null,
      byline: story.byline,
    });
    await desk.quiet(story.id);
  });

  test("[WF2] takes an approval away when it changes the text", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await edit(desk, "reporter1", story.id, "Monday", "Tuesday");
    await moved(desk, "editor1", story.id, "approved");
    await desk.as("editor1").post(`/api/stories/${story.id}/versions/1/restore`);
    expect(await read(desk, story.id)).toMatchObject({ status: "checking", approval: null });
    await desk.quiet(story.id);
  });

  test("[BO11] makes unsent changes from before a question", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    const since = 10_000;
    expect(await hasMovedOn(desk.house.db, { storyId: story.id, since: 0 })).toBe(false);
    await desk.as("reporter1").post(`/api/stories/${story.id}/versions/1/restore`);
    expect(await hasMovedOn(desk.house.db, { storyId: story.id, since: 0 })).toBe(true);
    expect(await hasMovedOn(desk.house.db, { storyId: story.id, since })).toBe(false);
    await desk.quiet(story.id);
  });

  test("[PE1] is not for checkers and admins; [WF4] not after publication", async () => {
    const story = await newStory(desk);
    await moved(desk, "checker1", story.id, "checking");
    await desk.as("editor1").patch(`/api/stories/${story.id}`, { people: [desk.person("admin").id] });
    const restore = (who: string) => () => desk.as(who).post(`/api/stories/${story.id}/versions/1/restore`);
    await refusedWithoutChange(desk, restore("checker1"), 403, "may-not-restore-version");
    await refusedWithoutChange(desk, restore("admin"), 403, "may-not-restore-version");
    await moved(desk, "editor1", story.id, "approved", "published");
    await refusedWithoutChange(desk, restore("reporter1"), 409, "published-is-read-only");
  });
});
