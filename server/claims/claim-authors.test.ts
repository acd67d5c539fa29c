import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Claim } from "@/domain/claims/claim";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { edit, mark, newStory, refusedWithoutChange } from "../workflow/test-stories";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const idOf = (who: Parameters<TestNewsroom["person"]>[0]) => desk.person(who).id;
const authorsOf = async (claimId: string): Promise<string[]> => {
  const claim = (await desk.as("checker1").get(`/api/claims/${claimId}`)).as(Claim);
  return claim.authors.map(({ id }) => id).sort();
};
const judged = (who: string, claimId: string) =>
  desk.as(who).post(`/api/claims/${claimId}/verdicts`, { verdict: "verified", rationale: "Seen." });

describe("[PE1][BO8] words they wrote", () => {
  test("an editor judges colleagues' words in a story they wrote in, and not the words that they wrote", async () => {
    const story = await newStory(desk);
    await edit(desk, "editor1", story.id, "Monday", "3 May");
    const others = await mark(desk, story.id);
    const own = await mark(desk, story.id, { quote: "3 May", kind: "date_time" });
    expect(others.authors).toEqual([{ id: idOf("reporter1"), name: desk.person("reporter1").name }]);
    expect(await authorsOf(own.id)).toEqual([idOf("editor1")]);
    await refusedWithoutChange(desk, () => judged("editor1", own.id), 403, "wrote-these-words");
    expect((await judged("editor1", others.id)).status).toBe(201);
    expect((await judged("editor2", own.id)).status).toBe(201);
  });

  test("a reporter never judges in a story they wrote in, whoever wrote the words", async () => {
    const story = await newStory(desk);
    await edit(desk, "reporter2", story.id, "Monday", "3 May");
    const claim = await mark(desk, story.id);
    expect(await authorsOf(claim.id)).toEqual([idOf("reporter1")]);
    await refusedWithoutChange(desk, () => judged("reporter2", claim.id), 403, "wrote-in-it");
  });

  test("whoever changes a letter of the claim's words is an author of them from then on", async () => {
    const story = await newStory(desk);
    const claim = await mark(desk, story.id);
    expect((await judged("editor1", claim.id)).status).toBe(201);
    await edit(desk, "editor1", story.id, "4,600", "14,600");
    expect(await authorsOf(claim.id)).toEqual([idOf("editor1"), idOf("reporter1")].sort());
    await refusedWithoutChange(desk, () => judged("editor1", claim.id), 403, "wrote-these-words");
  });

  test("moving a claim's words makes nobody their author", async () => {
    const story = await newStory(desk);
    await edit(desk, "editor2", story.id, "The mayor", "A mayor");
    const claim = await mark(desk, story.id, { quote: "would leave", kind: "event" });
    const text = "Some 4,600 soldiers came on Monday. A mayor said they would leave.";
    await edit(desk, "editor1", story.id, text, "");
    await edit(desk, "editor1", story.id, "Soldiers in the valley", text);
    const moved = await mark(desk, story.id, { field: "headline", quote: "would leave", kind: "event" });
    expect(moved.authors.map(({ id }) => id)).toEqual([idOf("reporter1")]);
    const lost = (await desk.as("checker1").get(`/api/claims/${claim.id}`)).as(Claim);
    expect([lost.anchor.state, lost.authors]).toEqual(["orphaned", []]);
  });
});
