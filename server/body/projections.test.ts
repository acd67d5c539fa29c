import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { storyTexts } from "../stories/story-tables";
import { openProjections } from "./projections";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

test("what is stored while the desk's text is being made is made too", async () => {
  const story = await desk.story("Words.");
  const textAt = (logSeq: number, text: string) => ({
    logSeq,
    content: {
      headline: [],
      standfirst: [],
      body: [{ type: "paragraph" as const, content: [{ type: "text" as const, text }] }],
    },
  });
  let text = textAt(2, "Before.");
  const projections = openProjections(desk.house, {
    contentOf: () => {
      const now = text;
      // Stored after this reading of the text, before its projection is.
      if (now.logSeq === 2) {
        queueMicrotask(() => {
          text = textAt(3, "After.");
          projections.changed(story);
        });
      }
      return now;
    },
    whenMade: () => undefined,
  });
  projections.changed(story);
  await projections.quiet(story);
  const [shown] = await desk.store.db.select().from(storyTexts).where(eq(storyTexts.storyId, story));
  expect(shown).toMatchObject({ logSeq: 3, text: "After." });
  await projections.close();
});
