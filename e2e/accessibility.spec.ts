/** Every page as a screen reader gets it: axe finds nothing, light and dark, wide and on a phone. */
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

async function expectClean(page: Page, what: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // One page without frames: nothing to be put together on a page of its own.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    // In the dark nothing but the colours is other.
    const { violations } = await (colorScheme === "dark" ? axe.withRules(["color-contrast"]) : axe).analyze();
    const found = violations.map(
      ({ id, help, nodes }) => `${id} (${help}): ${nodes.map((node) => node.target.join(" ")).join(", ")}`,
    );
    expect(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

test("the doors: sign-in, a link, a page that is not there", async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: newsroom.url })).newPage();
  await page.goto("/sign-in");
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expectClean(page, "sign-in");
  await page.goto("/link#entry.none");
  await expect(page.getByRole("button", { name: "Enter the newsroom" })).toBeVisible();
  await expectClean(page, "link");
  await page.goto("/read/there-is-no-such-story");
  await expectClean(page, "not found");
});

test("the public page", async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: newsroom.url })).newPage();
  await page.goto("/read/library-opens-at-night");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expectClean(page, "public page");
});

test("the desk, people, account and record", async ({ browser }) => {
  const editor = await newsroom.pageOf(browser, "editor1");
  await expect(editor.getByRole("list", { name: "Stories" }).getByRole("listitem").first()).toBeVisible();
  await expectClean(editor, "desk as a list");
  await editor.getByRole("button", { name: "As columns by status" }).click();
  await expectClean(editor, "desk as columns");
  await editor.goto("/account");
  await expect(editor.getByLabel("Current password")).toBeVisible();
  await expectClean(editor, "account");
  await editor.goto("/record");
  await expect(editor.getByRole("listitem").first()).toBeVisible();
  await expectClean(editor, "record");
  const admin = await newsroom.pageOf(browser, "admin", "/people");
  await expect(admin.getByText("checker1@demo.test")).toBeVisible();
  await expectClean(admin, "people");
  await admin.getByRole("button", { name: /invite/i }).click();
  await expect(admin.getByRole("dialog")).toBeVisible();
  await expectClean(admin, "invitation");
});

test("the story page: text, an open claim, versions, history", async ({ browser }) => {
  const story = new StoryPage(await newsroom.pageOf(browser, "checker1"));
  await story.openDemoStory();
  await expectClean(story.page, "story as a checker");
  await story.openClaim("took office in October 2023");
  await expectClean(story.page, "an open claim");
  await story.page.getByRole("tab", { name: "Versions" }).click();
  await expect(story.button("Read version 1")).toBeVisible();
  await expectClean(story.page, "versions");
  await story.page.getByRole("tab", { name: "History" }).click();
  await expect(story.page.getByText("moved the story: checking").first()).toBeVisible();
  await expectClean(story.page, "history");
});

test("the story page on a phone, with the claims in a sheet", async ({ browser }) => {
  const context = await newsroom.contextOf(browser, "reporter1", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const story = new StoryPage(await context.newPage());
  await story.openDemoStory();
  await expectClean(story.page, "story on a phone");
  await story.page.getByRole("button", { name: /^Claims/ }).click();
  await expect(story.page.getByRole("dialog", { name: "Claims" })).toBeVisible();
  await story.openClaim("took office in October 2023");
  await expectClean(story.page, "claims on a phone");
});
