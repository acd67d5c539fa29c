/**
 * [PE1] Each right of the table, asked over HTTP by everyone who lacks it: refused with the word of the missing right,
 * and the store exactly as it was. What the socket refuses is proven in server/body/.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Claim } from "@/domain/claims/claim";
import type { Story } from "@/domain/stories/story";
import { storeCounts } from "../store/test-counts";
import { type Answer, type Caller, openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { mark, moved, newStory, read, refusedWithoutChange } from "./test-stories";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

type Scene = { readonly story: Story; readonly claim: Claim };

/** A story by Reporter One on which the admin is named, with a claim by Reporter Two that nobody touched. */
async function scene(...way: readonly Story["status"][]): Promise<Scene> {
  const story = await newStory(desk);
  const claim = await mark(desk, story.id, { importance: "normal" });
  await desk.as("editor1").patch(`/api/stories/${story.id}`, { people: [desk.person("admin").id] });
  if (way.includes("approved")) {
    await desk.as("checker1").post(`/api/claims/${claim.id}/verdicts`, { verdict: "verified" });
  }
  return { story: await moved(desk, "editor1", story.id, ...way), claim };
}

type Right = {
  readonly right: string;
  /** The way that the story went before. */
  readonly way?: readonly Story["status"][];
  readonly act: (caller: Caller, scene: Scene) => Promise<Answer>;
  /** Who lacks it, and the word that they are told. */
  readonly lacking: Readonly<Record<string, string>>;
  /** It is about no story. */
  readonly newsroomWide?: true;
  /** Missing only because of where the story stands: 409. */
  readonly status?: 403 | 409;
};

const moveTo =
  (to: Story["status"]): Right["act"] =>
  (caller, { story }) =>
    caller.post(`/api/stories/${story.id}/moves`, {
      to,
      reason: "Because.",
      contentHash: story.contentHash,
    });
const onClaim =
  (what: string, body: unknown): Right["act"] =>
  (caller, { claim }) =>
    caller.post(`/api/claims/${claim.id}/${what}`, body);
const onStory =
  (body: unknown): Right["act"] =>
  (caller, { story }) =>
    caller.patch(`/api/stories/${story.id}`, body);
const onlyAdmin = (word: string) => ({ admin: word });
const onlyEditors = (word: string) => ({ reporter1: word, reporter2: word, checker1: word, admin: word });
const evidence = { source: { type: "document", name: "A table" }, relation: "supports" };

const rights: readonly Right[] = [
  {
    right: "start a story",
    newsroomWide: true,
    act: (caller) => caller.post("/api/stories", { headline: "Mine" }),
    lacking: { checker1: "may-not-start-story", admin: "may-not-start-story" },
  },
  {
    right: "change dateline, byline, slug, language and deadline",
    act: onStory({ byline: ["Somebody"], dateline: { place: "Peja", date: "2026-03-03" } }),
    lacking: { checker1: "may-not-edit-details", admin: "may-not-edit-details" },
  },
  {
    right: "restore a version",
    way: ["checking"],
    act: (caller, { story }) => caller.post(`/api/stories/${story.id}/versions/1/restore`),
    lacking: { checker1: "may-not-restore-version", admin: "may-not-restore-version" },
  },
  {
    right: "mark a claim",
    act: (caller, { story }) =>
      caller.post(`/api/stories/${story.id}/claims`, { field: "body", quote: "Monday", kind: "date_time" }),
    lacking: onlyAdmin("may-not-mark-claim"),
  },
  { right: "comment", act: onClaim("comments", { text: "Hello" }), lacking: onlyAdmin("may-not-comment") },
  { right: "add evidence", act: onClaim("evidence", evidence), lacking: onlyAdmin("may-not-add-evidence") },
  {
    right: "assign a claim",
    act: onClaim("assignee", { personId: null }),
    lacking: onlyAdmin("may-not-assign"),
  },
  {
    right: "remove a claim",
    act: (caller, { claim }) => caller.delete(`/api/claims/${claim.id}?reason=Why`),
    lacking: { reporter1: "not-your-claim", admin: "may-not-remove-claim" },
  },
  {
    right: "remove one's own claim once others have added to it",
    way: ["checking", "approved"],
    act: (caller, { claim }) => caller.delete(`/api/claims/${claim.id}?reason=Why`),
    lacking: { reporter2: "touched-by-others" },
  },
  {
    right: "lower a claim's importance",
    act: (caller, { claim }) => caller.patch(`/api/claims/${claim.id}`, { importance: "low", reason: "Why" }),
    lacking: { reporter1: "not-your-claim", admin: "may-not-lower-importance" },
  },
  {
    right: "change a claim's kind",
    act: (caller, { claim }) => caller.patch(`/api/claims/${claim.id}`, { kind: "event", reason: "Why" }),
    lacking: { reporter1: "not-your-claim", admin: "may-not-change-kind" },
  },
  {
    right: "change a claim's words",
    act: onClaim("anchor", { field: "body", quote: "Monday", reason: "Why" }),
    lacking: { reporter1: "not-your-claim", admin: "may-not-change-words" },
  },
  {
    right: "give a verdict",
    act: onClaim("verdicts", { verdict: "verified" }),
    lacking: { reporter1: "wrote-in-it", admin: "may-not-judge" },
  },
  {
    right: "waive a blocker",
    act: onClaim("waivers", { rule: "unchecked", reason: "Why" }),
    lacking: onlyEditors("may-not-waive"),
  },
  { right: "send to checking", act: moveTo("checking"), lacking: onlyAdmin("may-not-send-to-checking") },
  {
    right: "send back from checking",
    way: ["checking"],
    act: moveTo("draft"),
    lacking: { reporter1: "may-not-send-back", admin: "may-not-send-back" },
  },
  {
    right: "send back from approved",
    way: ["checking", "approved"],
    act: moveTo("draft"),
    lacking: { reporter1: "may-not-send-back", checker1: "may-not-send-back", admin: "may-not-send-back" },
  },
  { right: "approve", way: ["checking"], act: moveTo("approved"), lacking: onlyEditors("may-not-approve") },
  {
    right: "withdraw an approval",
    way: ["checking", "approved"],
    act: moveTo("checking"),
    lacking: onlyEditors("may-not-withdraw-approval"),
  },
  {
    right: "publish",
    way: ["checking", "approved"],
    act: moveTo("published"),
    lacking: onlyEditors("may-not-publish"),
  },
  { right: "spike", act: moveTo("spiked"), lacking: onlyEditors("may-not-spike") },
  { right: "revive", way: ["spiked"], act: moveTo("draft"), lacking: onlyEditors("may-not-revive") },
  {
    right: "make a story private",
    act: onStory({ private: true }),
    lacking: {
      reporter2: "may-not-set-privacy",
      checker1: "may-not-set-privacy",
      admin: "may-not-set-privacy",
    },
  },
  {
    right: "name people on a story",
    act: onStory({ people: [] }),
    lacking: {
      reporter2: "may-not-set-privacy",
      checker1: "may-not-set-privacy",
      admin: "may-not-set-privacy",
    },
  },
  {
    right: "invite people",
    newsroomWide: true,
    act: (caller) => caller.post("/api/people", { name: "New", email: "new@demo.test", role: "editor" }),
    lacking: {
      reporter1: "may-not-manage-people",
      checker1: "may-not-manage-people",
      editor1: "may-not-manage-people",
    },
  },
  {
    right: "change people",
    newsroomWide: true,
    act: (caller) => caller.patch(`/api/people/${desk.person("reporter1").id}`, { role: "admin" }),
    lacking: {
      reporter1: "may-not-manage-people",
      checker1: "may-not-manage-people",
      editor1: "may-not-manage-people",
    },
  },
  {
    right: "make a one-time link",
    newsroomWide: true,
    act: (caller) => caller.post(`/api/people/${desk.person("reporter1").id}/link`),
    lacking: {
      reporter1: "may-not-manage-people",
      checker1: "may-not-manage-people",
      editor1: "may-not-manage-people",
    },
  },
  {
    right: "read a story's history",
    act: (caller, { story }) => caller.get(`/api/stories/${story.id}/audit`),
    lacking: onlyAdmin("may-not-read-story-record"),
  },
  {
    right: "read the newsroom's record",
    newsroomWide: true,
    act: (caller) => caller.get("/api/audit"),
    lacking: {
      reporter1: "may-not-read-newsroom-record",
      checker1: "may-not-read-newsroom-record",
      admin: "may-not-read-newsroom-record",
    },
  },
  {
    right: "change what stands beside a published text",
    way: ["checking", "approved", "published"],
    act: onStory({ byline: ["Somebody"] }),
    lacking: { reporter1: "published-is-read-only", editor1: "published-is-read-only" },
    status: 409,
  },
];

describe("who lacks a right is refused, and nothing changes", () => {
  for (const { right, way = [], act, lacking, status = 403 } of rights) {
    test(`[PE1] ${right}: not ${Object.keys(lacking).join(", ")}`, async () => {
      const given = await scene(...way);
      for (const [who, word] of Object.entries(lacking)) {
        await refusedWithoutChange(desk, () => act(desk.as(who), given), status, word);
      }
    });
  }

  test("[PE1] approve: not the editor who alone wrote in it", async () => {
    const story = await newStory(desk, {}, "editor2");
    await moved(desk, "editor2", story.id, "checking");
    const given = { story: await read(desk, story.id) };
    await refusedWithoutChange(
      desk,
      () =>
        desk
          .as("editor2")
          .post(`/api/stories/${story.id}/moves`, { to: "approved", contentHash: given.story.contentHash }),
      403,
      "only-writer",
    );
  });
});

describe("a story that is not there for someone", () => {
  const calls: readonly (readonly [string, (caller: Caller, scene: Scene) => Promise<Answer>])[] = [
    ["read", (caller, { story }) => caller.get(`/api/stories/${story.id}`)],
    ["its claims", (caller, { story }) => caller.get(`/api/stories/${story.id}/claims`)],
    ["its gate", (caller, { story }) => caller.get(`/api/stories/${story.id}/gate`)],
    ["its versions", (caller, { story }) => caller.get(`/api/stories/${story.id}/versions`)],
    ["its history", (caller, { story }) => caller.get(`/api/stories/${story.id}/audit`)],
    ["a claim", (caller, { claim }) => caller.get(`/api/claims/${claim.id}`)],
    ...rights.filter((one) => !one.newsroomWide).map(({ right, act }) => [right, act] as const),
  ];
  // Nobody here changes it, so that one scene is enough.
  let hidden: Scene;
  beforeAll(async () => {
    hidden = await scene();
    await desk.as("editor1").patch(`/api/stories/${hidden.story.id}`, { private: true, people: [] });
  });
  for (const [what, call] of calls) {
    test(`[PE1] private and unnamed: ${what} is 404`, async () => {
      const before = await storeCounts(desk.house.db);
      for (const who of ["reporter2", "checker1", "admin"]) {
        const answer = await call(desk.as(who), hidden);
        expect(answer.status, `${who}: ${answer.text}`).toBe(404);
      }
      expect(await storeCounts(desk.house.db)).toEqual(before);
    });
  }

  test("[PE1] private and unnamed: the desk does not list it", async () => {
    const listed = await desk.as("reporter2").get("/api/stories");
    expect(listed.status).toBe(200);
    expect(listed.text).not.toContain(hidden.story.id);
  });
});
