import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { contentHash } from "@/domain/body/content-hash";
import { RecordLine } from "@/domain/record/act";
import { DeskStory, Story } from "@/domain/stories/story";
import { readText } from "../body/read-text";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";

const Desk = z.array(DeskStory);
let newsroom: TestNewsroom;

beforeAll(async () => {
  newsroom = await openTestNewsroom();
});
afterAll(() => newsroom.close());

async function startedBy(who: string, story: Record<string, unknown> = {}): Promise<Story> {
  const answer = await newsroom.as(who).post("/api/stories", { headline: "A visit to Pristina", ...story });
  expect(answer.status, answer.text).toBe(201);
  return answer.as(Story);
}
const storyFor = async (who: string, id: string) =>
  (await newsroom.as(who).get(`/api/stories/${id}`)).as(Story);
const deskOf = async (who: string, query = "") =>
  (await newsroom.as(who).get(`/api/stories${query}`)).as(Desk).map((story) => story.id);
const recordOf = async (id: string) =>
  (await newsroom.as("editor1").get(`/api/stories/${id}/audit`)).as(z.array(RecordLine));

describe("a new story", () => {
  test("begins as a draft with its first words, its byline who started it", async () => {
    const story = await startedBy("reporter1", {
      headline: "Guests at  the base",
      standfirst: "The summary.",
      dateline: { place: "PRISTINA", date: "2026-11-24" },
      body: { format: "markdown", content: "Some **4,600** troops.\n\nMore." },
    });
    expect(story).toMatchObject({
      status: "draft",
      slug: "guests-at-the-base",
      headline: "Guests at the base",
      standfirst: "The summary.",
      text: "Some 4,600 troops.\n\nMore.",
      dateline: { place: "PRISTINA", date: "2026-11-24" },
      byline: [newsroom.person("reporter1").name],
      lang: "en",
      claims: { total: 0, left: 0 },
      approval: null,
      publication: null,
    });
    expect(story.authors.map(({ id }) => id)).toEqual([newsroom.person("reporter1").id]);
    expect(await storyFor("editor2", story.id)).toEqual(story);
    expect((await recordOf(story.id)).map((line) => [line.act, line.personId])).toContainEqual([
      "story-started",
      newsroom.person("reporter1").id,
    ]);
  });

  test("[PE1] is started by reporters and editors only", async () => {
    const before = (await deskOf("editor1")).length;
    for (const who of ["checker1", "admin"]) {
      const answer = await newsroom.as(who).post("/api/stories", { headline: "No" });
      expect([answer.status, answer.code]).toEqual([403, "may-not-start-story"]);
    }
    expect(await deskOf("editor1")).toHaveLength(before);
  });

  test("[WF5] gets a free slug from its headline; a given one in use is refused", async () => {
    const first = await startedBy("reporter1", { headline: "Same headline" });
    const second = await startedBy("reporter2", { headline: "Same headline" });
    expect([first.slug, second.slug]).toEqual(["same-headline", "same-headline-2"]);
    const before = (await deskOf("editor1")).length;
    const third = await newsroom
      .as("reporter1")
      .post("/api/stories", { headline: "x", slug: "same-headline" });
    expect([third.status, third.code]).toEqual([409, "slug-taken"]);
    expect(await deskOf("editor1")).toHaveLength(before);
  });

  test("[WF5] twenty with one headline at the same moment get twenty slugs", async () => {
    const stories = await Promise.all(
      Array.from({ length: 20 }, () => startedBy("reporter1", { headline: "All at once" })),
    );
    expect(new Set(stories.map((story) => story.slug)).size).toBe(20);
  });

  test("refuses what is not of its form and changes nothing", async () => {
    const before = (await deskOf("editor1")).length;
    const bad: unknown[] = [
      {},
      { headline: 1 },
      { headline: "x".repeat(301) },
      { headline: "x", slug: "Not A Slug" },
      { headline: "x", dateline: { place: "x", date: "24 November" } },
      { headline: "x", lang: "xx" },
      { headline: "x", body: { format: "docx", content: "" } },
      { headline: "x", status: "published" },
      { headline: "x\u0000y" },
      [],
      "text",
    ];
    for (const body of bad) {
      const answer = await newsroom.as("reporter1").post("/api/stories", body);
      expect(answer.status, JSON.stringify(body)).toBe(422);
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    }
    expect(await deskOf("editor1")).toHaveLength(before);
  });
});

describe("what stands beside the text", () => {
  test("is changed by reporters and editors, and recorded with what it was", async () => {
    const story = await startedBy("reporter1");
    const change = {
      slug: "another-slug",
      dateline: { place: "MITROVICA", date: "2026-11-25" },
      byline: ["Somebody Else", "And Another"],
      lang: "sq",
      deadline: "2026-11-26T10:00:00.000Z",
    };
    const changed = await newsroom.as("reporter2").patch(`/api/stories/${story.id}`, change);
    expect(changed.as(Story)).toMatchObject(change);
    expect(changed.as(Story).updatedBy?.id).toBe(newsroom.person("reporter2").id);
    expect(changed.as(Story).contentHash).not.toBe(story.contentHash);
    const line = (await recordOf(story.id)).find(({ act }) => act === "story-changed");
    expect(line?.detail).toMatchObject({ changes: { slug: { was: story.slug, now: "another-slug" } } });
    const emptied = await newsroom.as("editor1").patch(`/api/stories/${story.id}`, {
      deadline: null,
      dateline: { place: "", date: "" },
      byline: [],
    });
    expect(emptied.as(Story)).toMatchObject({
      deadline: null,
      dateline: { place: "", date: "" },
      byline: [],
    });
  });

  test("given as it is changes and records nothing", async () => {
    const story = await startedBy("reporter1");
    const lines = (await recordOf(story.id)).length;
    await newsroom
      .as("reporter1")
      .patch(`/api/stories/${story.id}`, { slug: story.slug, byline: story.byline });
    expect(await recordOf(story.id)).toHaveLength(lines);
    expect(await storyFor("reporter1", story.id)).toEqual(story);
  });

  test("[PE1] is not for checkers and admins", async () => {
    const story = await startedBy("reporter1");
    await newsroom.as("editor1").patch(`/api/stories/${story.id}`, { people: [newsroom.person("admin").id] });
    const before = await storyFor("editor1", story.id);
    for (const who of ["checker1", "admin"]) {
      const answer = await newsroom.as(who).patch(`/api/stories/${story.id}`, { slug: "taken-over" });
      expect([answer.status, answer.code]).toEqual([403, "may-not-edit-details"]);
    }
    expect(await storyFor("editor1", story.id)).toEqual(before);
  });

  test("[WF5] a slug in use is refused, with the rest of the change", async () => {
    const [one, other] = [await startedBy("reporter1"), await startedBy("reporter1")];
    const answer = await newsroom
      .as("reporter1")
      .patch(`/api/stories/${one.id}`, { slug: other.slug, byline: ["Nobody"] });
    expect([answer.status, answer.code]).toEqual([409, "slug-taken"]);
    expect(await storyFor("reporter1", one.id)).toEqual(one);
  });

  test("[WF5] two stories that reach for one slug at the same moment: one has it", async () => {
    const stories = await Promise.all(Array.from({ length: 6 }, () => startedBy("reporter1")));
    const answers = await Promise.all(
      stories.map(({ id }) => newsroom.as("reporter1").patch(`/api/stories/${id}`, { slug: "one-for-all" })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  test("[WF2] another byline takes an approval away; another deadline does not", async () => {
    const dateline = { place: "Pristina", date: "2026-11-24" };
    const { id } = await startedBy("reporter1", { dateline, body: { format: "text", content: "Words." } });
    for (const to of ["checking", "approved"]) {
      const { contentHash } = await storyFor("editor1", id);
      const moved = await newsroom.as("editor1").post(`/api/stories/${id}/moves`, { to, contentHash });
      expect(moved.status, moved.text).toBe(200);
    }
    await newsroom.as("reporter1").patch(`/api/stories/${id}`, { deadline: "2026-11-26T10:00:00.000Z" });
    expect((await storyFor("editor1", id)).status).toBe("approved");
    const told: unknown[] = [];
    const off = newsroom.house.bus.on((event) => told.push(event));
    await newsroom.as("reporter2").patch(`/api/stories/${id}`, { byline: ["Somebody Else"] });
    off();
    expect(await storyFor("editor1", id)).toMatchObject({
      status: "checking",
      approval: null,
      lapsed: { by: { id: newsroom.person("reporter2").id } },
    });
    expect(told).toContainEqual({ type: "versions", storyId: id });
  });

  test("[BO4] controls that reorder what is read are taken out", async () => {
    const story = await startedBy("reporter1", { headline: "abc\u202Edef", byline: ["A\u2066B"] });
    expect([story.headline, story.byline]).toEqual(["abcdef", ["AB"]]);
  });

  test("half a character is none: the hash that is shown is that of what is stored", async () => {
    const story = await startedBy("reporter1", { headline: "x\ud800y\u0008\nz", standfirst: "a\udc00\nb" });
    expect([story.headline, story.standfirst]).toEqual(["x\uFFFDy z", "a\uFFFD\n\nb"]);
    const text = await readText(newsroom.house.db, story.id);
    expect(text && contentHash({ ...text, dateline: story.dateline, byline: story.byline })).toBe(
      story.contentHash,
    );
  });

  test("a person named on it must be there", async () => {
    const story = await startedBy("reporter1");
    const answer = await newsroom.as("reporter1").patch(`/api/stories/${story.id}`, { people: ["nobody"] });
    expect([answer.status, answer.code]).toEqual([422, "no-such-person"]);
  });
});

describe("[PE1] a private story", () => {
  test("is there for editors, who started it and who is named on it, and for nobody else", async () => {
    const story = await startedBy("reporter1", {
      headline: "Quiet matter",
      body: { format: "text", content: "zanzibar" },
    });
    const named = newsroom.person("checker1").id;
    const set = await newsroom
      .as("reporter1")
      .patch(`/api/stories/${story.id}`, { private: true, people: [named] });
    expect(set.as(Story)).toMatchObject({ private: true, people: [{ id: named }] });

    for (const who of ["reporter1", "checker1", "editor1", "editor2"]) {
      expect((await newsroom.as(who).get(`/api/stories/${story.id}`)).status, who).toBe(200);
      expect(await deskOf(who, "?q=Zanzibar"), who).toEqual([story.id]);
    }
    const unknown = await newsroom.as("reporter2").get("/api/stories/unknown");
    for (const who of ["reporter2", "checker2", "admin"]) {
      const there = newsroom.as(who);
      for (const answer of [
        await there.get(`/api/stories/${story.id}`),
        await there.patch(`/api/stories/${story.id}`, { slug: "x" }),
        await there.patch(`/api/stories/${story.id}`, { private: false }),
        await there.get(`/api/stories/${story.id}/audit`),
      ]) {
        expect([answer.status, answer.text], who).toEqual([404, unknown.text]);
      }
      expect(await deskOf(who), who).not.toContain(story.id);
      expect(await deskOf(who, "?q=zanzibar"), who).toEqual([]);
      expect(await deskOf(who, `?q=${story.slug}`), who).toEqual([]);
    }
    expect((await storyFor("editor1", story.id)).private).toBe(true);
  });

  test("is made so by an editor or the reporter who started it", async () => {
    const story = await startedBy("reporter1");
    for (const who of ["reporter2", "checker1"]) {
      const answer = await newsroom.as(who).patch(`/api/stories/${story.id}`, { private: true });
      expect([answer.status, answer.code], who).toEqual([403, "may-not-set-privacy"]);
    }
    expect((await newsroom.as("editor1").patch(`/api/stories/${story.id}`, { private: true })).status).toBe(
      200,
    );
  });

  test("an admin sees a story only if named on it", async () => {
    const story = await startedBy("reporter1");
    expect((await newsroom.as("admin").get(`/api/stories/${story.id}`)).status).toBe(404);
    await newsroom.as("editor1").patch(`/api/stories/${story.id}`, { people: [newsroom.person("admin").id] });
    expect((await newsroom.as("admin").get(`/api/stories/${story.id}`)).status).toBe(200);
  });

  test("open sockets ask their rights again when it changes", async () => {
    const story = await startedBy("reporter1");
    const told: unknown[] = [];
    const off = newsroom.house.bus.on((event) => told.push(event));
    await newsroom.as("reporter1").patch(`/api/stories/${story.id}`, { private: true });
    off();
    expect(told).toContainEqual({ type: "rights-changed", storyId: story.id });
  });
});

describe("the desk", () => {
  test("shows the last changed first, narrowed by status and words", async () => {
    const older = await startedBy("reporter1", { headline: "Orange harvest", byline: ["Writer Wren"] });
    const newer = await startedBy("reporter1", {
      headline: "Other",
      body: { format: "text", content: "an ORANGE, 100% of it_all" },
    });
    expect(await deskOf("checker1", "?q=orange")).toEqual([newer.id, older.id]);
    expect(await deskOf("checker1", "?q=orange+wren")).toEqual([older.id]);
    expect(await deskOf("checker1", "?q=100%25+it_all")).toEqual([newer.id]);
    expect(await deskOf("checker1", "?q=orange&status=published")).toEqual([]);
    expect(await deskOf("checker1", "?q=orange&status=draft,checking")).toEqual([newer.id, older.id]);
    await newsroom.as("reporter1").patch(`/api/stories/${older.id}`, { byline: ["Writer Wren", "B"] });
    expect(await deskOf("checker1", "?q=orange")).toEqual([older.id, newer.id]);
  });

  test("shows what is assigned to somebody, and to me", async () => {
    const story = await startedBy("reporter1", { body: { format: "text", content: "Some 4,600 troops." } });
    const marked = await newsroom
      .as("reporter1")
      .post(`/api/stories/${story.id}/claims`, { field: "body", quote: "4,600", kind: "number" });
    const { id: claimId } = marked.as(z.object({ id: z.string() }));
    const checker = newsroom.person("checker1").id;
    await newsroom.as("editor1").post(`/api/claims/${claimId}/assignee`, { personId: checker });
    expect(await deskOf("editor1", `?assignee=${checker}`)).toEqual([story.id]);
    expect(await deskOf("checker1", "?assignee=me")).toEqual([story.id]);
    expect(await deskOf("checker2", "?assignee=me")).toEqual([]);
    expect((await storyFor("editor1", story.id)).claims).toEqual({ total: 1, left: 1 });
  });

  test("refuses a filter that is none", async () => {
    for (const query of ["?status=ready", "?assignee=a%20b", `?q=${"x".repeat(501)}`]) {
      expect((await newsroom.as("checker1").get(`/api/stories${query}`)).status, query).toBe(422);
    }
  });

  test("is closed without a session", async () => {
    const story = await startedBy("reporter1", { headline: "Not for visitors" });
    for (const path of ["/api/stories", `/api/stories/${story.id}`, "/api/stories?q=visitors"]) {
      const answer = await newsroom.visitor.get(path);
      expect(answer.status, path).toBe(401);
      expect(answer.text).not.toContain("Not for visitors");
    }
  });
});
