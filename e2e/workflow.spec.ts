/** The way of a story as editors walk it: the gate, its waivers, and the ways back. */
import { expect } from "@playwright/test";
import { ApiPerson, paragraphs } from "./api-person";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
let first: StoryPage;
let second: StoryPage;
let reporter: ApiPerson;
test.beforeAll(async ({ browser }) => {
  newsroom = await DemoNewsroom.open();
  reporter = await ApiPerson.signIn(newsroom, "reporter1");
  first = new StoryPage(await newsroom.pageOf(browser, "editor1"));
  second = new StoryPage(await newsroom.pageOf(browser, "editor2"));
});
test.afterAll(() => newsroom.close());

const troops = "Some 4,600 soldiers are in the mission.";

async function inChecking(...claims: readonly { quote: string; importance?: string }[]): Promise<string> {
  const { id } = await reporter.start({ body: paragraphs(troops) });
  for (const { quote, ...more } of claims) await reporter.mark(id, quote, more);
  await reporter.move(id, "checking");
  return id;
}

async function giveReason(story: StoryPage, act: string, reason: string): Promise<void> {
  const dialog = story.page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: act, exact: true })).toBeDisabled();
  await dialog.getByRole("textbox", { name: "Reason" }).fill(reason);
  await dialog.getByRole("button", { name: act, exact: true }).click();
  await expect(dialog).toBeHidden();
}

async function waive(story: StoryPage, reason: string): Promise<void> {
  await story.blockers.first().getByRole("button", { name: "Waive", exact: true }).click();
  await giveReason(story, "Waive", reason);
}

const status = (story: StoryPage, word: string) =>
  expect(story.page.getByRole("banner").getByText(word, { exact: true })).toBeVisible();

test("[GT4] one editor waives a normal claim's blocker; it lapses when the words change", async ({
  browser,
}) => {
  const id = await inChecking({ quote: "4,600 soldiers" });
  await first.open(id);
  await expect(first.blockers).toHaveCount(1);
  await waive(first, "The ministry confirms it tonight.");
  await expect(first.ready).toContainText("nothing blocks it");
  const card = await first.openClaim("4,600 soldiers");
  await expect(card).toContainText("Unchecked, waived");
  await expect(card.getByRole("region", { name: "Waivers" })).toContainText(
    "The ministry confirms it tonight.",
  );

  const writing = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  await writing.open(id);
  await writing.caretAfter("4,6");
  await writing.page.keyboard.type("1");
  await expect(first.blockers).toHaveCount(1);
  await expect(first.button("Approve")).toBeDisabled();
});

test("[GT4] a critical claim's waiver counts once a second editor has given it too", async () => {
  const id = await inChecking({ quote: "4,600 soldiers", importance: "critical" });
  await first.open(id);
  await second.open(id);
  await waive(first, "Confirmed by telephone.");
  await expect(second.blockers.first()).toContainText("Waived by 1 of 2 editors");
  await expect(second.button("Approve")).toBeDisabled();
  await waive(second, "I heard it too.");
  await expect(first.ready).toContainText("nothing blocks it");
  await expect(second.button("Approve")).toBeEnabled();
});

test("[WF1] a story is sent back with a reason that its writers see", async ({ browser }) => {
  const id = await inChecking();
  await first.open(id);
  await first.button("Send back").click();
  await giveReason(first, "Send back", "The second half is missing.");
  await status(first, "Draft");
  const writing = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  await writing.open(id);
  await writing.page.getByRole("tab", { name: "History" }).click();
  await expect(writing.page.getByText("The second half is missing.", { exact: false })).toBeVisible();
});

test("[WF1] an approval is withdrawn; a story is spiked and revived", async () => {
  const id = await inChecking();
  await first.open(id);
  await first.button("Approve").click();
  await status(first, "Approved");
  await first.button("Withdraw approval").click();
  await giveReason(first, "Withdraw approval", "The ministry takes it back.");
  await status(first, "Checking");
  await first.button("Spike").click();
  await giveReason(first, "Spike", "It is no story any more.");
  await status(first, "Spiked");
  await expect(first.button("Approve")).toBeHidden();
  await first.button("Revive").click();
  await status(first, "Draft");
});

test("[WF3] words that the editor did not see are not approved", async () => {
  const id = await inChecking();
  await first.open(id);
  const seen = (await reporter.story(id)).contentHash;
  const changed = await reporter.api.patch(`/api/stories/${id}`, { data: { byline: ["Somebody Else"] } });
  expect(changed.ok()).toBe(true);
  const editor = await ApiPerson.signIn(newsroom, "editor1");
  const answer = await editor.api.post(`/api/stories/${id}/moves`, {
    data: { to: "approved", contentHash: seen },
  });
  expect(answer.status()).toBe(409);
  expect(await answer.json()).toMatchObject({ code: "text-changed" });
  // The editor's own screen has followed: what it asks for is what it shows.
  await expect(first.page.getByText("Somebody Else").first()).toBeVisible();
  await first.button("Approve").click();
  await status(first, "Approved");
});

test("[GT1] each blocker goes to its words, or to the field that is missing", async () => {
  const { id } = await reporter.start({
    dateline: { place: "Pristina", date: "" },
    body: paragraphs(troops),
  });
  await reporter.mark(id, "4,600 soldiers");
  await first.open(id);
  await expect(first.blockers).toHaveCount(2);
  await first.blockers.filter({ hasText: "4,600 soldiers" }).getByRole("button").first().click();
  await expect(first.claim("4,600 soldiers")).toBeFocused();
  await first.blockers
    .filter({ hasText: /dateline/i })
    .getByRole("button")
    .first()
    .click();
  await expect(first.page.getByLabel("Dateline date")).toBeFocused();
});
