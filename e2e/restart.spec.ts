/** The server goes and comes back, or its store stands still, under open pages: what people see, and that they lose nothing. */
import { expect, type Page } from "@playwright/test";
import { ApiPerson, paragraphs } from "./api-person";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
let mine: StoryPage;
let theirs: StoryPage;
let reporter: ApiPerson;
test.beforeAll(async ({ browser }) => {
  newsroom = await DemoNewsroom.open();
  reporter = await ApiPerson.signIn(newsroom, "reporter1");
  mine = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  theirs = new StoryPage(await newsroom.pageOf(browser, "reporter2"));
});
test.afterAll(() => newsroom.close());

const saveState = ({ page }: StoryPage) => page.getByRole("status", { name: "Save state" });
/** A reload would forget it. */
const markPage = (page: Page) => page.evaluate(() => void (document.body.dataset["opened"] = "once"));
const isMarked = (page: Page) => page.evaluate(() => document.body.dataset["opened"] === "once");

test("[BO2] a restart under open editors: Offline and counted meanwhile, Saved afterwards, nothing lost or doubled, no reload", async () => {
  const { id } = await reporter.start({ body: paragraphs("The bridge is closed.", "The road is open.") });
  for (const story of [mine, theirs]) {
    await story.open(id);
    await story.saved();
    await markPage(story.page);
  }
  await mine.caretAfter("closed.");
  await theirs.caretAfter("open.");

  await test.step("both go on typing while the server is stopped", async () => {
    await Promise.all([
      newsroom.stop(),
      mine.page.keyboard.type(" For a week at least.", { delay: 20 }),
      theirs.page.keyboard.type(" For lorries too.", { delay: 20 }),
    ]);
    for (const story of [mine, theirs]) await expect(saveState(story)).toContainText("Offline");
    await mine.page.keyboard.type(" Says the mayor.");
    await theirs.page.keyboard.type(" Says nobody.");
    for (const story of [mine, theirs])
      await expect(saveState(story)).toContainText(/Offline, \d+ changes only on this device/);
    await expect(theirs.text).not.toContainText("Says the mayor.");
  });

  await newsroom.startAgain();
  const paragraphsNow = [
    "The bridge is closed. For a week at least. Says the mayor.",
    "The road is open. For lorries too. Says nobody.",
  ];
  for (const story of [mine, theirs]) {
    await story.saved();
    await expect(story.text.locator("p")).toHaveText(paragraphsNow);
    expect(await isMarked(story.page)).toBe(true);
  }
  expect((await reporter.story(id)).text).toBe(paragraphsNow.join("\n\n"));

  await test.step("the pages hear again what happens", async () => {
    await reporter.mark(id, "For a week");
    for (const story of [mine, theirs]) await expect(story.claim("For a week")).toBeVisible();
  });
});

test("[BO1] while the store stands still the screen says Saving, typing goes on, and nobody else sees the words before they are stored", async () => {
  const { id } = await reporter.start({ body: paragraphs("The bridge is closed.") });
  for (const story of [mine, theirs]) {
    await story.open(id);
    await story.saved();
  }
  const held = await newsroom.holdStory(id);
  await mine.caretAfter("closed.");
  await mine.page.keyboard.type(" For a week");
  await expect.poll(held.isWaitedFor).toBe(true);
  await expect(saveState(mine)).toHaveText(/Saving/);
  await mine.page.keyboard.type(" at least");
  await expect(mine.text).toHaveText("The bridge is closed. For a week at least");

  await test.step("the colleague sees where the caret is, and not the words", async () => {
    await mine.caretAfter("The bridge");
    await expect(theirs.text.locator(".other-caret")).toBeVisible();
    await expect(theirs.text).not.toContainText("For a week");
    await expect(saveState(theirs)).toContainText("Saved");
    await expect(saveState(mine)).toHaveText(/Saving/);
    expect((await reporter.story(id)).text).toBe("The bridge is closed.");
  });

  await held.release();
  await mine.saved();
  await expect(theirs.text).toContainText("The bridge is closed. For a week at least");
  expect((await reporter.story(id)).text).toBe("The bridge is closed. For a week at least");
});
