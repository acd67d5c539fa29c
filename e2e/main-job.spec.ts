/** The main job, told by five people at once: from an empty page to a public address. */
import { expect } from "@playwright/test";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
test.beforeAll(async () => {
  newsroom = await DemoNewsroom.open();
});
test.afterAll(() => newsroom.close());

const headline = "Alliance keeps its force in Kosovo";
const standfirst = "The mission stays as it is, its commander says.";
const troops = "The mission has 4,600 soldiers in Kosovo.";
const attack = "Gunmen attacked a police patrol in Banjska on 24 September 2023.";

test("reporters write, the checker checks, editors release, a visitor reads exactly that", async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const [first, second, checking, editing, releasing] = [
    new StoryPage(await newsroom.pageOf(browser, "reporter1")),
    new StoryPage(await newsroom.pageOf(browser, "reporter2")),
    new StoryPage(await newsroom.pageOf(browser, "checker1")),
    new StoryPage(await newsroom.pageOf(browser, "editor1")),
    new StoryPage(await newsroom.pageOf(browser, "editor2")),
  ];

  await test.step("a reporter starts a story and a colleague's desk shows it at once", async () => {
    await first.button("New story").click();
    const dialog = first.page.getByRole("dialog", { name: "New story" });
    await dialog.getByRole("textbox", { name: "Headline" }).fill(headline);
    await dialog.getByRole("button", { name: /start/i }).click();
    await expect(first.headline).toHaveText(headline);
    await second.page.getByRole("list", { name: "Stories" }).getByRole("link", { name: headline }).click();
    await expect(second.text).toBeVisible();
  });
  const storyId = new URL(first.page.url()).pathname.split("/").at(-1) ?? "";

  await test.step("[BO1] both write at once and see each other's words", async () => {
    await first.text.click();
    await first.page.keyboard.type(troops);
    await first.page.keyboard.press("Enter");
    await expect(second.text).toContainText(troops);
    await expect(second.text.locator("p")).toHaveCount(2);
    await second.text.locator("p").last().click();
    await first.standfirst.click();
    await Promise.all([
      first.page.keyboard.type(standfirst, { delay: 15 }),
      second.page.keyboard.type(attack, { delay: 15 }),
    ]);
    await expect(first.text).toContainText(attack);
    await expect(second.standfirst).toHaveText(standfirst);
    await first.saved();
    await second.saved();
    await expect(second.page.getByRole("region", { name: "Here now" })).toContainText("Reporter One");
  });

  await test.step("a reporter dates it and sends it to checking", async () => {
    await first.page.getByRole("textbox", { name: "Dateline place" }).fill("Pristina");
    await first.page.getByLabel("Dateline date").fill("2025-09-26");
    await first.page.getByLabel("Dateline date").blur();
    await first.button("Send to checking").click();
    await expect(first.page.getByText("Checking", { exact: true }).first()).toBeVisible();
  });

  await test.step("[CL1] the checker marks the troop count and the date of the attack", async () => {
    await checking.open(storyId);
    await checking.markClaim("4,600 soldiers", "Number", "Critical");
    await checking.markClaim("24 September 2023", "Date or time");
    await editing.open(storyId);
    await expect(editing.blockers).toHaveCount(2);
    await expect(editing.blockers.first()).toContainText("“4,600 soldiers” has not been checked.");
    await expect(editing.button("Approve")).toBeDisabled();
  });

  await test.step("[CL2] [GT3] the checker judges both, with a document under the critical one", async () => {
    await checking.judge("24 September 2023", "Verified");
    await checking.judge("4,600 soldiers", "Verified");
    await expect(editing.blockers).toHaveCount(1);
    await expect(editing.blockers.first()).toContainText("needs a document, recording or dataset");
    await checking.addSource("4,600 soldiers", {
      name: "Mission fact sheet",
      reliability: "A, completely reliable",
    });
    await expect(editing.ready).toContainText("nothing blocks it");
    await expect(editing.button("Approve")).toBeEnabled();
  });

  await test.step("[FR2] [FR5] a reporter changes the number: stale on every screen, the gate closes", async () => {
    await first.caretAfter("4,6");
    await first.page.keyboard.press("Backspace");
    await first.page.keyboard.type("8");
    await expect(checking.claim("4,800 soldiers")).toContainText("Stale");
    await expect(editing.blockers.first()).toContainText(
      "“4,600 soldiers” was verified; now it reads “4,800 soldiers”",
    );
    await expect(editing.button("Approve")).toBeDisabled();
    await expect(checking.claim("4,800 soldiers")).toContainText("4,600 soldiers");
  });

  await test.step("[FR4] the checked number back in place: current again, the gate opens", async () => {
    await first.page.keyboard.press("Backspace");
    await first.page.keyboard.type("6");
    await expect(checking.claim("4,600 soldiers")).toContainText("Verified");
    await expect(editing.ready).toContainText("nothing blocks it");
  });

  await test.step("[WF1] [WF2] the editor approves; a last edit takes the approval away and says whose words did it", async () => {
    await editing.button("Approve").click();
    await expect(editing.page.getByText(/Approved by Editor One/)).toBeVisible();
    await second.caretAfter("a police patrol");
    await second.page.keyboard.type(" at dawn");
    await expect(editing.page.getByText(/The approval by Editor One lapsed.*Reporter Two/)).toBeVisible();
    await expect(editing.page.getByText(/The approval by Editor One lapsed/)).toContainText("patrol");
    await second.saved();
  });

  await test.step("[WF3] the second editor approves and publishes", async () => {
    await releasing.open(storyId);
    await releasing.button("Approve").click();
    await releasing.button("Publish").click();
    await expect(releasing.page.getByRole("link", { name: "Public page" })).toBeVisible();
    await expect(first.page.getByText("This story is published", { exact: false }).first()).toBeVisible();
  });

  await test.step("[WF4] a visitor without a session reads exactly that text", async () => {
    const address = await releasing.page.getByRole("link", { name: "Public page" }).getAttribute("href");
    const visitor = await (
      await browser.newContext({ baseURL: newsroom.url, javaScriptEnabled: false })
    ).newPage();
    await visitor.goto(address ?? "");
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText(headline);
    const article = visitor.getByRole("article");
    await expect(article).toContainText(standfirst);
    await expect(article.getByText(troops)).toBeVisible();
    await expect(
      article.getByText(attack.replace("a police patrol", "a police patrol at dawn")),
    ).toBeVisible();
    const linked = await visitor.locator('script[type="application/ld+json"]').textContent();
    expect(JSON.parse(linked ?? "")).toMatchObject({ "@type": "NewsArticle", headline });
    const feed = await visitor.request.get("/feed.xml");
    expect(await feed.text()).toContain(headline);
  });
});
