import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Claim } from "@/domain/claims/claim";
import { DeskStory, Story } from "@/domain/stories/story";
import { VersionLine } from "@/domain/versions/version";
import { wordCount } from "@/domain/body/word-count";
import { recordOf } from "../record/record-act";
import { verifyRecord } from "../record/verify-record";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { openDemoNewsroom, type DemoNewsroom } from "./demo-newsroom";

let desk: TestNewsroom;
let demo: DemoNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom({ cast: "none" });
  demo = await openDemoNewsroom(desk, undefined);
});
afterAll(() => desk.close());

const stories = async () => (await desk.as(demo.cast.editor1.id).get("/api/stories")).as(z.array(DeskStory));

test("the desk looks alive: a story in every status", async () => {
  const statuses = (await stories()).map(({ status }) => status);
  expect(statuses.sort()).toEqual(["approved", "checking", "draft", "published", "spiked"]);
});

test("the demo story waits to be checked, with some claims judged and its troop counts still to be marked", async () => {
  const [newest] = await stories();
  const caller = desk.as(demo.cast.checker1.id);
  const story = (await caller.get(`/api/stories/${newest?.id ?? ""}`)).as(Story);
  expect(story).toMatchObject({ slug: "nato-chief-in-kosovo", status: "checking", claims: { total: 5 } });
  expect(story.byline).toEqual(["Reporter One", "Reporter Two"]);
  const words = wordCount(story.text);
  expect(words).toBeGreaterThan(450);
  expect(words).toBeLessThan(600);
  for (const unmarked of ["4,600", "4,800", "24 September 2023", "25 September 2023", "29 November 2024"]) {
    expect(story.text).toContain(unmarked);
  }
  const claims = (await caller.get(`/api/stories/${story.id}/claims`)).as(z.array(Claim));
  expect(claims.map(({ progress }) => progress).sort()).toEqual([
    "attention",
    "attention",
    "checked",
    "checked",
    "open",
  ]);
  for (const { anchor } of claims) expect(anchor.state).toBe("anchored");
});

test("a first start that was cut off anywhere is finished by the next ones", async () => {
  const other = await openTestNewsroom({ cast: "none" });
  /** As if the process were ended at this call. */
  const endingAt = (call: number) => {
    let calls = 0;
    const app = Object.create(other.app) as typeof other.app;
    app.request = (...given) => {
      calls += 1;
      if (calls === call) throw new Error("ended here");
      return other.app.request(...given);
    };
    return { ...other, app };
  };
  let loaded: DemoNewsroom | undefined;
  let starts = 0;
  for (let call = 2; !loaded; call += 3) {
    starts += 1;
    loaded = await openDemoNewsroom(endingAt(call), undefined).catch((error: unknown) => {
      expect(String(error)).toContain("ended here");
      return undefined;
    });
  }
  expect(starts).toBeGreaterThan(5);
  const contents = async (of: TestNewsroom, by: string) => {
    const caller = of.as(by);
    const found = [];
    for (const { id, slug, status } of (await caller.get("/api/stories")).as(z.array(DeskStory))) {
      const claims = (await caller.get(`/api/stories/${id}/claims`)).as(z.array(Claim));
      const versions = (await caller.get(`/api/stories/${id}/versions`)).as(z.array(VersionLine));
      const counts = claims.map(({ quote, evidence, verdicts, thread, progress }) =>
        [quote, evidence.length, verdicts.length, thread.length, progress].join(" "),
      );
      found.push({ slug, status, claims: counts.sort(), versions: versions.length });
    }
    return found;
  };
  expect(await contents(other, loaded.cast.editor1.id)).toEqual(await contents(desk, demo.cast.editor1.id));
  await other.close();
}, 60_000);

test("it is loaded once, also when its stories got other slugs", async () => {
  const before = await stories();
  const path = `/api/stories/${before[0]?.id ?? ""}`;
  await desk.as(demo.cast.editor1.id).patch(path, { slug: "another-slug" });
  const again = await openDemoNewsroom(desk, undefined);
  expect(again.isNew).toBe(false);
  expect((await stories()).map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
});

test("each start hands out fresh one-time links, and every row has its act", async () => {
  const invitations = [await demo.invitation(), await demo.invitation()];
  const links = invitations.flatMap((text) => text.match(/http\S+\/link#entry\.\S+/g) ?? []);
  expect(new Set(links).size).toBe(14);
  expect(invitations[0]).toContain("Checker Two");
  const acts = new Set((await recordOf(desk.house.db, {})).map(({ act }) => act));
  for (const act of ["story-started", "claim-marked", "verdict-given", "evidence-added", "published"]) {
    expect(acts).toContain(act);
  }
  expect((await verifyRecord(desk.house.db)).faults).toEqual([]);
});

test("with a password from the settings there are no links, and earlier ones end", async () => {
  const [, token] = /\/link#(entry\.\S+)/.exec(await demo.invitation()) ?? [];
  const withPassword = await openDemoNewsroom(desk, "a password for the demo people");
  expect(await withPassword.invitation()).not.toContain("link#");
  expect(await desk.visitor.post("/api/auth/links", { token })).toMatchObject({ code: "link-not-valid" });
  const body = { email: "checker2@demo.test", password: "a password for the demo people" };
  expect((await desk.visitor.post("/api/auth/sign-in/email", body)).status).toBe(200);
});
