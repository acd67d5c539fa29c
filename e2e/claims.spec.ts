/** Claims over the real screens: a reporter writes, a checker's screen shows what became of the checked words. */
import { expect, type Locator } from "@playwright/test";
import { ApiPerson, paragraphs } from "./api-person";
import { DemoNewsroom } from "./newsroom";
import { StoryPage } from "./story-page";
import { test } from "./test";

let newsroom: DemoNewsroom;
let writing: StoryPage;
let checking: StoryPage;
let reporter: ApiPerson;
let checker: ApiPerson;
test.beforeAll(async ({ browser }) => {
  newsroom = await DemoNewsroom.open();
  [reporter, checker] = [
    await ApiPerson.signIn(newsroom, "reporter1"),
    await ApiPerson.signIn(newsroom, "checker1"),
  ];
  writing = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  checking = new StoryPage(await newsroom.pageOf(browser, "checker1"));
});
test.afterAll(() => newsroom.close());

const arrival = "The mission came on Monday.";
const troops = "Some 4,600 soldiers are in it.";
const attack = "Banjska was attacked on 24 September 2023.";

/** A story of these paragraphs with each of these words marked and verified, open on both screens. */
async function checkedStory(parts: readonly string[], ...claims: readonly string[]): Promise<string> {
  const { id } = await reporter.start({ body: paragraphs(...parts) });
  for (const quote of claims) await checker.judge(await reporter.mark(id, quote));
  await writing.open(id);
  await checking.open(id);
  for (const quote of claims) await expect(checking.claim(quote)).toContainText("Verified");
  return id;
}

/** The claim is good on the checker's screen, and what is underlined there are its words. */
async function stands(quote: string): Promise<void> {
  await expect(checking.claim(quote)).toContainText("Verified");
  await expect.poll(underlined).toContain(quote);
}

/** The underlined words of each claim; a colleague's caret within them makes two pieces of one. */
async function underlined(): Promise<readonly string[]> {
  return checking.text.evaluate((text) => {
    const words = new Map<string, string>();
    for (const mark of text.querySelectorAll<HTMLElement>("mark[data-claim]")) {
      const id = mark.dataset["claim"] ?? "";
      words.set(id, (words.get(id) ?? "") + (mark.textContent ?? ""));
    }
    return [...words.values()];
  });
}

test("[AN1] [AN2] checked words stay checked while the text around them moves", async () => {
  const id = await checkedStory([arrival, troops, attack], "4,600 soldiers", "24 September 2023");
  const { keyboard } = writing.page;
  const blocks = checking.text.locator("p, h2");

  await test.step("Enter before them", async () => {
    await writing.caretAfter(arrival);
    await keyboard.press("Enter");
    await keyboard.type("It stays until spring.");
    await expect(blocks).toHaveCount(4);
    await stands("4,600 soldiers");
  });
  await test.step("their paragraph is split", async () => {
    await writing.caretAfter("4,600 soldiers");
    await keyboard.press("Enter");
    await expect(blocks).toHaveCount(5);
    await stands("4,600 soldiers");
  });
  await test.step("and joined again", async () => {
    await keyboard.press("Backspace");
    await expect(blocks).toHaveCount(4);
    await stands("4,600 soldiers");
  });
  await test.step("it is joined to the one before", async () => {
    await keyboard.press("Home");
    await keyboard.press("Backspace");
    await expect(checking.text).toContainText(`until spring.${troops}`);
    await stands("4,600 soldiers");
    await keyboard.press("Enter");
    await expect(blocks).toHaveCount(4);
    await stands("4,600 soldiers");
  });
  await test.step("it becomes a heading", async () => {
    await keyboard.press("Control+Alt+2");
    await expect(checking.text.getByRole("heading", { name: troops })).toBeVisible();
    await stands("4,600 soldiers");
  });
  await test.step("a block is cut, and pasted at the end", async () => {
    await writing.select(troops);
    await keyboard.press("Control+x");
    await expect(checking.claim("4,600 soldiers")).toContainText("Words gone");
    await keyboard.press("Control+End");
    await keyboard.press("Enter");
    await keyboard.press("Control+v");
    await expect(blocks.last()).toHaveText(troops);
    await stands("4,600 soldiers");
    await stands("24 September 2023");
  });
  await test.step("[FR4] deleted words come back by undo", async () => {
    await writing.select("on 24 September 2023");
    await keyboard.press("Delete");
    await expect(checking.claim("24 September 2023")).toContainText("Words gone");
    await keyboard.press("Control+z");
    await stands("24 September 2023");
  });
  await test.step("[WF6] an older version is restored", async () => {
    await writing.button("Send to checking").click();
    await expect(checking.page.getByText("Checking", { exact: true }).first()).toBeVisible();
    await writing.select(troops);
    await keyboard.type("Nobody is in it.");
    await expect(checking.claim("4,600 soldiers")).toContainText("Words gone");
    await writing.saved();
    await writing.page.getByRole("tab", { name: "Versions" }).click();
    await writing.button("Read version 1").click();
    await writing.button("Restore this version").click();
    await expect(blocks.last()).toHaveText(troops);
    await stands("4,600 soldiers");
    await stands("24 September 2023");
  });
  const { text } = await reporter.story(id);
  expect(text.split("\n\n").at(-1)).toBe(troops);
});

test("[AN3] [FR2] a digit typed at a claim's edge makes it stale; taken away, it is current again", async () => {
  await checkedStory([troops], "4,600 soldiers");
  await writing.caretAfter("Some ");
  await writing.page.keyboard.type("1");
  const card = checking.claim("14,600 soldiers");
  await expect(card).toContainText("Stale");
  await card.getByRole("button").first().click();
  await expect(card).toContainText("Changed since the verdict: number");
  await expect(card.getByRole("deletion")).toHaveText(/4,600 soldiers/);
  await expect(card.getByRole("insertion")).toHaveText(/14,600 soldiers/);
  await writing.page.keyboard.press("Backspace");
  await stands("4,600 soldiers");
});

test("[FR3] “not” put into its sentence makes it stale; other words there do not", async () => {
  await checkedStory(["The mayor did say that 40 houses burned."], "40 houses burned");
  await writing.caretAfter("The mayor did");
  await writing.page.keyboard.type(" really");
  await writing.saved();
  const card = checking.claim("40 houses burned");
  await expect(checking.text).toContainText("did really say");
  await card.getByRole("button").first().click();
  await expect(card).toContainText("The rest of its sentence has changed");
  await expect(card).toContainText("Verified");
  await writing.page.keyboard.type(" not");
  await expect(card).toContainText("Stale");
  await expect(card).toContainText("Its sentence changed since the verdict");
  for (const _ of " not") await writing.page.keyboard.press("Backspace");
  await stands("40 houses burned");
});

test("[FR1] typography alone changes nothing about a verdict", async () => {
  await checkedStory(["The years 2020-2021 were quiet."], "2020-2021");
  await writing.caretAfter("2020-");
  await writing.page.keyboard.press("Backspace");
  await writing.page.keyboard.insertText("–");
  await stands("2020–2021");
  await expect(checking.claims).toContainText("all checked");
});

test("[AN1] deleted words leave an orphan that keeps them and is put on others by “Find in text”", async () => {
  await checkedStory([arrival, troops], "4,600 soldiers");
  await writing.select("4,600 soldiers are in it");
  await writing.page.keyboard.type("Four thousand people serve there");
  const gone = checking.claim("4,600 soldiers");
  await expect(gone).toContainText("Words gone");
  await gone.getByRole("button").first().click();
  await checking.select("Four thousand people");
  await gone.getByRole("button", { name: "Find in text" }).click();
  const dialog = checking.page.getByRole("dialog", { name: "Put the claim on these words?" });
  await expect(dialog).toContainText("4,600 soldiers");
  await dialog.getByRole("textbox", { name: "Reason" }).fill("It was written out.");
  await dialog.getByRole("button", { name: "Put it there" }).click();
  const found = checking.claim("Four thousand people");
  await expect(found).toContainText("Stale");
  await expect(found.getByRole("deletion")).toHaveText(/4,600 soldiers/);
});

test("claims that overlap are both reached, by the text, the list and the keyboard", async () => {
  const { id } = await reporter.start({ body: paragraphs(`${arrival} ${troops}`) });
  for (const quote of ["Some 4,600 soldiers are in it", "4,600 soldiers"]) await reporter.mark(id, quote);
  await checking.open(id);
  const card = (name: string) => checking.claims.getByRole("article", { name, exact: true });
  const [wide, narrow] = [card("Some 4,600 soldiers are in it"), card("4,600 soldiers")];
  await checking.caretAfter("4,600 sol");
  await expect(narrow).toHaveAttribute("aria-current", "true");
  await checking.caretAfter("soldiers are");
  await expect(wide).toHaveAttribute("aria-current", "true");
  await checking.page.keyboard.press("F8");
  await expect(narrow).toHaveAttribute("aria-current", "true");
  await checking.page.keyboard.press("Shift+F8");
  await expect(wide).toHaveAttribute("aria-current", "true");
  await narrow.getByRole("button").first().click();
  await expect(narrow).toHaveAttribute("aria-current", "true");
});

test("[CL6] the list shows what needs attention, what is mine, or all", async () => {
  const { id } = await reporter.start({ body: paragraphs(arrival, troops, attack) });
  await checker.judge(await reporter.mark(id, "4,600 soldiers"));
  await checker.mark(id, "24 September 2023", { kind: "date_time" });
  await checking.open(id);
  const [checked, open] = [checking.claim("4,600 soldiers"), checking.claim("24 September 2023")];
  const show = (name: RegExp) =>
    checking.claims.getByRole("group", { name: "Show" }).getByRole("button", { name }).click();
  await expect(checking.claims.getByRole("article")).toHaveCount(2);
  await show(/^Needs attention/);
  await expect(open).toBeVisible();
  await expect(checked).toBeHidden();
  await checker.judge(await checker.mark(id, "on Monday"));
  await expect(checking.claim("on Monday")).toBeHidden();
  await show(/^Mine/);
  await expect(checking.claim("on Monday")).toBeVisible();
  await expect(open).toBeVisible();
  await expect(checked).toBeHidden();
  await show(/^All/);
  await expect(checking.claims.getByRole("article")).toHaveCount(3);
});

async function boxOf(what: Locator) {
  const box = await what.boundingBox();
  if (!box) throw new Error("it is not drawn");
  return box;
}

test("cards stand beside their words, never over each other, the open one exactly", async () => {
  await checking.openDemoStory();
  const cards = checking.claims.getByRole("article");
  await expect(cards).toHaveCount(5);
  const apart = async () => {
    const boxes = (await Promise.all((await cards.all()).map(boxOf))).toSorted((a, b) => a.y - b.y);
    for (const [index, box] of boxes.slice(1).entries()) {
      const above = boxes[index];
      expect(box.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
    }
  };
  await expect(apart).toPass({ timeout: 5000 });
  for (const quote of ["five of the alliance's 32 members do not", "17 February 2008"]) {
    await checking.openClaim(quote);
    await expect(async () => {
      const card = await boxOf(checking.claim(quote));
      const words = await boxOf(checking.text.locator("mark").filter({ hasText: quote }).first());
      expect(Math.abs(card.y - words.y)).toBeLessThanOrEqual(8);
      await apart();
    }).toPass({ timeout: 5000 });
  }
});

test("on a phone the claims are a sheet over the text", async ({ browser }) => {
  const { id } = await reporter.start({ body: paragraphs(arrival, troops) });
  await reporter.mark(id, "4,600 soldiers");
  const context = await newsroom.contextOf(browser, "checker1", {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const phone = new StoryPage(await context.newPage());
  await phone.open(id);
  await expect(phone.claims).toBeHidden();
  await phone.page.getByRole("button", { name: /^Claims/ }).tap();
  const sheet = phone.page.getByRole("dialog", { name: "Claims" });
  await expect(sheet).toBeVisible();
  const box = await boxOf(sheet);
  await expect.poll(async () => Math.round((await boxOf(sheet)).y + box.height)).toBe(844);
  await phone.judge("4,600 soldiers", "Verified");
  await expect(phone.claims).toContainText("all checked");
  await phone.page.keyboard.press("Escape");
  await phone.page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});
