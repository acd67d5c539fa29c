/** The desk, live: what happens to a story shows there without a reload. */
import { expect, type Page } from "@playwright/test";
import { ApiPerson, paragraphs } from "./api-person";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
let desk: Page;
let reporter: ApiPerson;
test.beforeAll(async ({ browser }) => {
  newsroom = await DemoNewsroom.open();
  reporter = await ApiPerson.signIn(newsroom, "reporter1");
  desk = await newsroom.pageOf(browser, "editor1");
});
test.afterAll(() => newsroom.close());

/** What a person at the desk would call at once, on a machine that also runs the newsroom. */
const soon = { timeout: 3000 };
const stories = () => desk.getByRole("list", { name: "Stories" });
const row = (headline: string) => stories().getByRole("listitem").filter({ hasText: headline }).first();

test("a new story, its claims, its status and who is in it show at once", async ({ browser }) => {
  await expect(stories().getByRole("link")).toHaveCount(5);
  const headline = "A dam breaks in the north";
  const { id } = await reporter.start({ headline, body: paragraphs("Some 400 people left.") });
  await expect(row(headline)).toContainText("Draft", soon);
  await expect(row(headline)).toContainText("No claims");
  await expect(row(headline)).toContainText("2 Mar 2026");

  const claim = await reporter.mark(id, "400 people");
  await expect(row(headline)).toContainText("1 of 1 left", soon);
  await (await ApiPerson.signIn(newsroom, "checker1")).judge(claim);
  await expect(row(headline)).toContainText("1 claim checked", soon);

  await reporter.move(id, "checking");
  await expect(row(headline)).toContainText("Checking", soon);

  const reading = new StoryPage(await newsroom.pageOf(browser, "checker1"));
  await reading.open(id);
  const inIt = row(headline).getByRole("list", { name: "In it now" });
  await expect(inIt).toContainText("Checker One", soon);
  await reading.page.context().close();
  await expect(inIt).toBeHidden(soon);
});

test("search and filters narrow the desk; the address keeps them", async () => {
  await desk.getByRole("searchbox", { name: "Search stories" }).fill("bridge");
  await expect(stories().getByRole("link")).toHaveCount(1);
  await expect(row("Mitrovica's main bridge")).toBeVisible();
  await desk.reload();
  await expect(stories().getByRole("link")).toHaveCount(1);
  await desk.getByRole("button", { name: "Clear the search" }).click();
  await desk
    .getByRole("group", { name: "Status" })
    .getByRole("button", { name: /^Published/ })
    .click();
  await expect(stories().getByRole("link")).toHaveText(["National library in Pristina opens until midnight"]);
  await desk.getByRole("searchbox", { name: "Search stories" }).fill("no such words");
  await expect(desk.getByText("No story fits")).toBeVisible();
  await desk.getByRole("button", { name: "Show all stories" }).click();
  await expect(row("Mitrovica's main bridge")).toBeVisible();
  await desk.getByRole("button", { name: "Assigned to me" }).click();
  await expect(desk.getByText("No story fits")).toBeVisible();
  await desk.getByRole("button", { name: "Show all stories" }).click();
});

test("as columns, a story moves to its status's column by itself", async () => {
  const headline = "A road is closed";
  const { id } = await reporter.start({ headline });
  await desk.getByRole("button", { name: "As columns by status" }).click();
  await expect(desk.getByRole("region", { name: "Draft" }).getByText(headline)).toBeVisible(soon);
  await reporter.move(id, "checking");
  await expect(desk.getByRole("region", { name: "Checking" }).getByText(headline)).toBeVisible(soon);
  await desk.getByRole("button", { name: "As a list" }).click();
});

test("New story opens the page to write on", async () => {
  await desk.getByRole("button", { name: "New story" }).click();
  const dialog = desk.getByRole("dialog", { name: "New story" });
  await dialog.getByRole("textbox", { name: "Headline" }).fill("Fire in the market hall");
  await desk.keyboard.press("Enter");
  const story = new StoryPage(desk);
  await expect(story.headline).toHaveText("Fire in the market hall");
  await expect(desk.getByRole("textbox", { name: "Byline" })).toHaveValue("Editor One");
});

test("[PE1] a private story is on the desk of those named on it only", async ({ browser }) => {
  const headline = "A source speaks";
  const { id } = await reporter.start({ headline });
  const other = await newsroom.pageOf(browser, "reporter2");
  await expect(other.getByRole("link", { name: headline })).toBeVisible();
  await desk.goto("/");
  await expect(row(headline)).toBeVisible();
  const made = await reporter.api.patch(`/api/stories/${id}`, { data: { private: true } });
  expect(made.ok()).toBe(true);
  await expect(row(headline)).toContainText("Private", soon);
  await expect(other.getByRole("link", { name: headline })).toBeHidden(soon);
  await other.context().close();
});
