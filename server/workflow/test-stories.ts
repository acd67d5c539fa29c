/** For tests of the workflow: stories with claims, and edits of their text through the room. */
import { expect } from "vitest";
import type { BodyNode, StoryContent } from "@/domain/body/content";
import { Claim } from "@/domain/claims/claim";
import { Story } from "@/domain/stories/story";
import { readText } from "../body/read-text";
import { recordResting } from "../body/recording";
import type { DemoPerson } from "../demo/demo-people";
import { storeCounts } from "../store/test-counts";
import type { Answer, TestNewsroom } from "../test-newsroom";

export const words = "Some 4,600 soldiers came on Monday. The mayor said they would leave.";

/** Started and written by Reporter One, with dateline and byline: nothing but its claims blocks it. */
export async function newStory(
  desk: TestNewsroom,
  given: Readonly<Record<string, unknown>> = {},
  who = "reporter1",
): Promise<Story> {
  const answer = await desk.as(who).post("/api/stories", {
    headline: "Soldiers in the valley",
    dateline: { place: "Pristina", date: "2026-03-02" },
    body: { format: "text", content: words },
    ...given,
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.as(Story);
}

/** A normal claim on "4,600". */
export async function mark(
  desk: TestNewsroom,
  storyId: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Claim> {
  const claim = { field: "body", quote: "4,600", kind: "number", ...given };
  const answer = await desk.as("reporter2").post(`/api/stories/${storyId}/claims`, claim);
  expect(answer.status, answer.text).toBe(201);
  return answer.as(Claim);
}

export async function read(desk: TestNewsroom, storyId: string): Promise<Story> {
  return (await desk.as("editor1").get(`/api/stories/${storyId}`)).as(Story);
}

/** Asks for the move, with the hash that the story has now. */
export async function move(
  desk: TestNewsroom,
  who: string,
  storyId: string,
  to: Story["status"],
  more: Readonly<Record<string, unknown>> = { reason: "Because." },
): Promise<Answer> {
  const { contentHash } = await read(desk, storyId);
  return desk.as(who).post(`/api/stories/${storyId}/moves`, { to, contentHash, ...more });
}

/** The same, seen to work. */
export async function moved(
  desk: TestNewsroom,
  who: string,
  storyId: string,
  ...way: readonly Story["status"][]
): Promise<Story> {
  for (const to of way) {
    const answer = await move(desk, who, storyId, to);
    expect(answer.status, answer.text).toBe(200);
  }
  return read(desk, storyId);
}

/** Types `now` over `was` in the story's text, in the person's name, and waits until its claims are healed. */
export async function edit(
  desk: TestNewsroom,
  who: DemoPerson,
  storyId: string,
  was: string,
  now: string,
): Promise<void> {
  const text = await readText(desk.house.db, storyId);
  if (!text) throw new Error(`story ${storyId} has no text`);
  expect(JSON.stringify(text.content)).toContain(was);
  const content = reworded(text.content, (one) => one.replace(was, now));
  const edited = await desk.body.replaceText(storyId, desk.person(who), content, async () => undefined);
  expect(edited).not.toHaveProperty("refused");
  await desk.quiet(storyId);
}

function reworded(content: StoryContent, change: (text: string) => string): StoryContent {
  const inNode = (node: BodyNode): BodyNode => ({
    ...node,
    ...(node.text !== undefined && { text: change(node.text) }),
    ...(node.content && { content: node.content.map(inNode) }),
  });
  return {
    headline: content.headline.map(inNode),
    standfirst: content.standfirst.map(inNode),
    body: content.body.map(inNode),
  };
}

/** Sees the call refused with this status and word as problem+json, and the store exactly as it was. */
export async function refusedWithoutChange(
  desk: TestNewsroom,
  act: () => Promise<Answer>,
  status: number,
  code: string,
): Promise<Answer> {
  // Nothing is left that the server would record meanwhile.
  await recordResting(desk.house, { forMs: 0 });
  const before = await storeCounts(desk.house.db);
  const answer = await act();
  expect([answer.status, answer.code], answer.text).toEqual([status, code]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(await storeCounts(desk.house.db)).toEqual(before);
  return answer;
}
