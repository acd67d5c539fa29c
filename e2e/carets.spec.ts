/** Two people in one text: nobody's caret jumps because the other types. */
import { expect, type Page } from "@playwright/test";
import { ApiPerson, paragraphs } from "./api-person";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

/** The letters of the caret's paragraph before and after the caret, as the browser has them. */
function aroundCaret(page: Page): Promise<{ before: string; after: string }> {
  return page.evaluate(() => {
    const selection = window.getSelection();
    const focus = selection?.focusNode;
    const block = (focus instanceof Element ? focus : focus?.parentElement)?.closest("p, h2, h3, h4");
    if (!selection || !focus || !block) return { before: "nowhere", after: "nowhere" };
    const before = document.createRange();
    before.setStart(block, 0);
    before.setEnd(focus, selection.focusOffset);
    const after = document.createRange();
    after.setStart(focus, selection.focusOffset);
    after.setEnd(block, block.childNodes.length);
    return { before: before.toString(), after: after.toString() };
  });
}

test("a caret moved by a key stays where it was put while a colleague types", async ({ browser }) => {
  const mine = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  const theirs = new StoryPage(await newsroom.pageOf(browser, "reporter2"));
  await mine.openDemoStory();
  await theirs.openDemoStory();

  await theirs.text.click();
  await theirs.page.keyboard.press("Control+End");
  await theirs.page.keyboard.press("Enter");
  await mine.caretAfter("A force from 33 nations");

  const moves = 40;
  const colleague = { types: true };
  const typing = (async () => {
    while (colleague.types) await theirs.page.keyboard.type("word ", { delay: 5 });
  })();
  const lost: string[] = [];
  for (let move = 0; move < moves; move += 1) {
    const key = move % 2 === 0 ? "Home" : "End";
    await mine.page.keyboard.press(key);
    await mine.page.waitForTimeout(40); // The window in which a colleague's change used to put the old caret back.
    const { before, after } = await aroundCaret(mine.page);
    if ((key === "Home" ? before : after) !== "") lost.push(`${key}: “${before}|${after}”`);
  }
  colleague.types = false;
  await typing;
  expect(lost).toEqual([]);
  await expect(theirs.text).toContainText("word word word");
  await mine.saved();
});

test("keys that follow each other at once act where the one before put the caret", async ({ browser }) => {
  const story = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  const { page, text } = story;
  await story.openDemoStory();
  const heading = "A force from 33 nations";
  const blocks = text.locator(":scope > *");
  await expect(text.getByRole("heading", { name: heading })).toBeVisible();
  const count = await blocks.count();
  const misplaced: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    await story.caretAfter("A force from");
    // A page that is busy meanwhile gets both keys in one go.
    const busy = page.evaluate(() => {
      const endMs = performance.now() + 100;
      while (performance.now() < endMs);
    });
    await Promise.all([busy, page.keyboard.press("Home"), page.keyboard.press("Enter")]);
    await expect(blocks).toHaveCount(count + 1);
    const words = await blocks.allTextContents();
    if (!words.includes("")) misplaced.push(words.find((one) => one.includes("force from")) ?? "");
    await page.keyboard.press("Control+z");
    await expect(blocks).toHaveCount(count);
  }
  expect(misplaced).toEqual([]);
});

test("undo takes back one's own words and leaves a colleague's", async ({ browser }) => {
  const mine = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  const theirs = new StoryPage(await newsroom.pageOf(browser, "reporter2"));
  await mine.openDemoStory();
  await theirs.openDemoStory();
  await mine.caretAfter("A force from 33 nations");
  await mine.page.keyboard.type(" and more");
  await theirs.caretAfter("Two attacks in the north");
  await theirs.page.keyboard.type(" of the country");
  await expect(mine.text).toContainText("Two attacks in the north of the country");
  await mine.page.keyboard.press("Control+z");
  await expect(theirs.text).not.toContainText("33 nations and more");
  await expect(theirs.text).toContainText("Two attacks in the north of the country");
});

test("a colleague's name at the edge of a phone's screen does not widen the page", async ({ browser }) => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const mine = new StoryPage(await (await newsroom.contextOf(browser, "editor1", phone)).newPage());
  const theirs = new StoryPage(await newsroom.pageOf(browser, "reporter2"));
  const reporter = await ApiPerson.signIn(newsroom, "reporter1");
  const { id } = await reporter.start({ body: paragraphs("Some 40 soldiers guard it. At night.") });
  await mine.open(id);
  await theirs.open(id);
  await theirs.caretAfter("At night.");
  const caret = mine.text.locator(".other-caret");
  // A caret is drawn anew as it moves: what it is asked of may have left the page by then.
  const roomBeside = () =>
    caret.evaluate((element) =>
      element.isConnected ? innerWidth - element.getBoundingClientRect().right : NaN,
    );
  await expect.poll(roomBeside, { message: "the name has no room beside the caret" }).toBeLessThan(85);
  expect(await mine.page.evaluate(() => [innerWidth, document.documentElement.scrollWidth])).toEqual([
    390, 390,
  ]);
});
