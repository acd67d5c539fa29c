/** The whole checking of a claim, by keyboard alone. */
import { expect, type Page } from "@playwright/test";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

/** Presses Tab until what has the focus is named so. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    const said = await focused.evaluate(
      (element) =>
        element.getAttribute("aria-label") ??
        (element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement
          ? element.labels?.[0]?.textContent
          : element.textContent) ??
        "",
    );
    if (typeof name === "string" ? said.trim() === name : name.test(said.trim())) return;
  }
  throw new Error(`Tab never reached ${String(name)}`);
}

test("a checker marks, judges, supports and discusses a claim without a mouse", async ({ browser }) => {
  const story = new StoryPage(await newsroom.pageOf(browser, "checker1"));
  const { page } = story;
  await story.openDemoStory();

  await test.step("selects words with Shift and the arrows and marks them", async () => {
    await story.caretAfter("A force from 33 nations");
    await page.keyboard.press("Home");
    for (let words = 0; words < 5; words += 1) await page.keyboard.press("Control+Shift+ArrowRight");
    await page.keyboard.press("Control+Alt+c");
    const dialog = page.getByRole("dialog", { name: "Add claim" });
    await expect(dialog).toContainText("A force from 33 nations");
    await tabTo(page, "Add claim");
    await page.keyboard.press("Enter");
    await expect(story.claim("A force from 33 nations")).toBeFocused();
  });
  const card = story.claim("A force from 33 nations");

  await test.step("judges it", async () => {
    await tabTo(page, "Verified");
    await page.keyboard.press("Enter");
    await expect(card.getByText(/Verified by Checker One/)).toBeVisible();
  });

  await test.step("adds a source", async () => {
    await tabTo(page, "Add source");
    await page.keyboard.press("Enter");
    await expect(card.getByRole("textbox", { name: "Source" })).toBeFocused();
    await page.keyboard.type("Mission fact sheet");
    await tabTo(page, "Save source");
    await page.keyboard.press("Enter");
    await expect(card.getByRole("region", { name: "Evidence" })).toContainText("Mission fact sheet");
  });

  await test.step("comments", async () => {
    await card.focus();
    await tabTo(page, "Comment");
    await page.keyboard.type("The fact sheet is of last week.");
    await page.keyboard.press("Control+Enter");
    await expect(card.getByRole("region", { name: "Comments" })).toContainText("of last week");
  });

  await test.step("goes to the next claim, back, and into the text", async () => {
    await page.keyboard.press("F8");
    await expect(card).not.toBeFocused();
    await page.keyboard.press("Shift+F8");
    await expect(card).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(story.text).toBeFocused();
  });

  await test.step("[BO4] typing there changes nothing for a checker", async () => {
    const before = await story.text.textContent();
    await page.keyboard.type("xyz");
    expect(await story.text.textContent()).toBe(before);
  });
});
