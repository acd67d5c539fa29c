import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { RecordHead, RecordLine, RecordPage } from "@/domain/record/act";
import { rowHash } from "@/domain/record/chain";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { recordAct } from "./record-act";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
  const reporter = desk.person("reporter1").id;
  for (const [id, isPrivate] of [
    ["open-story", false],
    ["private-story", true],
  ] as const) {
    await desk.house.db.execute(
      sql`insert into stories (id, slug, byline, started_by, private) values (${id}, ${id}, '[]', ${reporter}, ${isPrivate})`,
    );
    for (const act of ["story-started", "claim-marked"] as const) {
      const given = { act, personId: reporter, storyId: id, detail: { slug: id } };
      await desk.house.db.transaction((tx) => recordAct(tx, given, desk.house.now()));
    }
  }
});
afterAll(() => desk.close());

test("[RE1] a story's record says who did what, oldest first, in the chain's own words", async () => {
  const lines = (await desk.as("checker1").get("/api/stories/open-story/audit")).as(z.array(RecordLine));
  expect(lines.map((line) => line.act)).toEqual(["story-started", "claim-marked"]);
  expect(lines[0]?.personName).toBe(desk.person("reporter1").name);
  for (const { personName: _, hash, ...row } of lines) expect(rowHash(row)).toBe(hash);
});

test("[PE1] the record of a story is there for whoever may see the story, the newsroom's for editors", async () => {
  const privates = "/api/stories/private-story/audit";
  expect((await desk.as("reporter1").get(privates)).status).toBe(200);
  expect((await desk.as("editor1").get(privates)).status).toBe(200);
  expect(await desk.as("reporter2").get(privates)).toMatchObject({ status: 404, code: "no-such-story" });
  expect(await desk.as("reporter2").get("/api/stories/nothing/audit")).toMatchObject({ status: 404 });
  for (const who of ["reporter1", "checker1", "admin"]) {
    const answer = await desk.as(who).get("/api/audit");
    expect(answer).toMatchObject({ status: 403, code: "may-not-read-newsroom-record" });
  }
  expect((await desk.visitor.get("/api/audit/head")).status).toBe(401);
});

test("[RE1] editors page through the newsroom's record from its head to its first row", async () => {
  const editor = desk.as("editor1");
  const head = (await editor.get("/api/audit/head")).as(RecordHead);
  const seen: number[] = [];
  for (let path: string | null = "/api/audit?limit=4"; path !== null;) {
    const page: RecordPage = (await editor.get(path)).as(RecordPage);
    expect(page.lines.length).toBeLessThanOrEqual(4);
    seen.push(...page.lines.map((line) => line.seq));
    if (seen.length === page.lines.length) expect(page.lines[0]).toMatchObject(head);
    path = page.next === null ? null : `/api/audit?limit=4&before=${String(page.next)}`;
  }
  expect(seen).toEqual(Array.from({ length: head.seq }, (_, n) => head.seq - n));
  expect(await editor.get("/api/audit?limit=0")).toMatchObject({ status: 422 });
  expect(await editor.get("/api/audit?before=now")).toMatchObject({ status: 422 });
});
