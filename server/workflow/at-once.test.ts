/** Many people act on the same stories in the same moment, seeded: whatever wins, the rules hold. */
import { and, eq, isNull } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { Claim } from "@/domain/claims/claim";
import { statuses } from "@/domain/stories/story";
import { Version } from "@/domain/versions/version";
import { recordOf } from "../record/record-act";
import { verifyRecord } from "../record/verify-record";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { edit, mark, move, newStory, read } from "./test-stories";
import { approvals } from "./workflow-tables";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

/** The same seed gives the same choices (mulberry32). */
function choices(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const people = ["reporter1", "reporter2", "checker1", "checker2", "editor1", "editor2"] as const;
const moves = statuses.filter((status) => status !== "spiked");

for (const seed of [1, 20261125]) {
  test(`[WF1][WF3][RE1] acts at once leave one truth (seed ${String(seed)})`, async () => {
    const choose = choices(seed);
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[choose(items.length)];
      if (item === undefined) throw new Error("nothing to choose from");
      return item;
    };
    const stories = [await newStory(desk), await newStory(desk)];
    const claims = await Promise.all(stories.map((story) => mark(desk, story.id)));

    const act = async (): Promise<number> => {
      const who = pick(people);
      const at = choose(stories.length);
      const storyId = stories[at]?.id ?? "";
      const claim = `/api/claims/${claims[at]?.id ?? ""}`;
      switch (choose(9)) {
        case 0:
        case 1:
        case 2:
        case 3:
          return (await move(desk, pick(["editor1", "editor2"]), storyId, pick(moves))).status;
        case 4: {
          const verdict = pick(["verified", "verified", "false"]);
          return (await desk.as(who).post(`${claim}/verdicts`, { verdict, rationale: "Seen." })).status;
        }
        case 5:
          return (await desk.as(who).post(`${claim}/comments`, { text: "And?" })).status;
        case 6:
          return (await desk.as(who).post(`${claim}/waivers`, { rule: "unchecked", reason: "Why" })).status;
        case 7:
          return (
            await desk.as(who).patch(`/api/stories/${storyId}`, { byline: [`Byline ${String(choose(9))}`] })
          ).status;
        default:
          // Whoever comes too late is refused by the room; that is no fault here.
          await edit(desk, "reporter1", storyId, "Monday", "Monday!").catch(() => undefined);
          return 200;
      }
    };
    for (let wave = 0; wave < 8; wave += 1) {
      const answers = await Promise.all(Array.from({ length: 8 }, act));
      for (const status of answers) expect([200, 201, 403, 409, 422]).toContain(status);
    }

    expect((await verifyRecord(desk.house.db)).faults).toEqual([]);
    for (const { id } of stories) {
      const story = await read(desk, id);
      const standing = await desk.house.db
        .select()
        .from(approvals)
        .where(and(eq(approvals.storyId, id), isNull(approvals.endedAt)));
      expect(standing).toHaveLength(story.status === "approved" ? 1 : 0);
      if (story.status === "approved") expect(standing[0]?.contentHash).toBe(story.contentHash);

      const acts = await recordOf(desk.house.db, { storyId: id });
      let status = "draft";
      for (const { act, detail } of acts) {
        if (act === "story-moved") {
          expect(detail["from"]).toBe(status);
          status = z.string().parse(detail["to"]);
        }
        if (act === "approval-lapsed") {
          expect(status).toBe("approved");
          status = "checking";
        }
      }
      expect(status).toBe(story.status);
      if (story.publication) {
        const path = `/api/stories/${id}/versions/${String(story.publication.version)}`;
        const approved = (await desk.as("editor1").get(path)).as(Version);
        expect(approved.contentHash).toBe(story.publication.contentHash);
        expect(story.contentHash).toBe(story.publication.contentHash);
      }
      const given = acts.filter((one) => one.act === "verdict-given").length;
      const list = (await desk.as("editor1").get(`/api/stories/${id}/claims`)).as(z.array(Claim));
      expect(list.flatMap((claim) => claim.verdicts)).toHaveLength(given);
    }
  });
}
