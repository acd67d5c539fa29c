/** The text on screen: where it is kept, who may write it, and how it comes back. */
import { expect } from "@playwright/test";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
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

const start = (...parts: readonly string[]) => reporter.start({ body: paragraphs(...parts) });
const saveState = (story: StoryPage) => story.page.getByRole("status", { name: "Save state" });

test("[BO2] offline the changes are counted on screen; back online they are saved and a colleague sees them", async () => {
  const { id } = await start("The bridge is closed.");
  await mine.open(id);
  await theirs.open(id);
  await mine.saved();
  await mine.page.context().setOffline(true);
  await expect(saveState(mine)).toContainText("Offline");
  await mine.caretAfter("The bridge is closed.");
  await mine.page.keyboard.type(" For a week");
  await expect(saveState(mine)).toContainText("Offline, 11 changes only on this device");

  await test.step("on a phone, a narrow one too, it covers nothing of the bar", async () => {
    const { page } = mine;
    const desktop = page.viewportSize();
    if (!desktop) throw new Error("The page has no size.");
    const bar = page.getByRole("banner");
    for (const width of [390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      const status = await bar.getByText("Draft", { exact: true }).boundingBox();
      const state = await saveState(mine).boundingBox();
      const account = await bar.getByRole("button", { name: /^Account of/ }).boundingBox();
      if (!status || !state || !account) throw new Error("The bar is not there.");
      expect(state.x).toBeGreaterThanOrEqual(status.x + status.width);
      expect(account.x).toBeGreaterThanOrEqual(state.x + state.width);
      expect(state.y).toBeGreaterThanOrEqual(0);
      expect(state.y + state.height).toBeLessThanOrEqual((await bar.boundingBox())?.height ?? 0);
    }
    await page.setViewportSize(desktop);
  });

  await test.step("leaving now is warned of", async () => {
    const asked = mine.page.waitForEvent("dialog");
    // Not awaited: it ends when the dialog is answered.
    const leaving = mine.page.evaluate(() => location.reload()).catch(() => undefined);
    const dialog = await asked;
    expect(dialog.type()).toBe("beforeunload");
    await dialog.dismiss();
    await leaving;
    await expect(mine.text).toContainText("For a week");
  });

  await expect(theirs.text).not.toContainText("For a week");
  await mine.page.context().setOffline(false);
  await mine.saved();
  await expect(theirs.text).toHaveText("The bridge is closed. For a week");
  await theirs.caretAfter("For a week");
  await theirs.page.keyboard.type(" at least");
  await expect(mine.text).toHaveText("The bridge is closed. For a week at least");
});

test("Markdown as it is typed becomes headings, lists, quotes and bold, for the colleague too", async () => {
  const { id } = await start("Begin.");
  await mine.open(id);
  await theirs.open(id);
  await mine.caretAfter("Begin.");
  const { keyboard } = mine.page;
  await keyboard.press("Enter");
  await keyboard.type("## The north");
  await keyboard.press("Enter");
  await keyboard.type("Some **4,600** came.");
  await keyboard.press("Enter");
  await keyboard.type("- one");
  await keyboard.press("Enter");
  await keyboard.type("two");
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await keyboard.type("> So it is.");
  await expect(theirs.text.getByRole("heading", { level: 2 })).toHaveText("The north");
  await expect(theirs.text.getByRole("strong")).toHaveText("4,600");
  await expect(theirs.text.getByRole("list").getByRole("listitem")).toHaveText(["one", "two"]);
  await expect(theirs.text.getByRole("blockquote")).toHaveText("So it is.");
});

test("[BO4] a checker reads and selects, and the page says why nothing can be typed", async ({ browser }) => {
  const { id } = await start("The bridge is closed.");
  const checking = new StoryPage(await newsroom.pageOf(browser, "checker1"));
  await checking.open(id);
  await expect(checking.page.getByText("You can select and mark claims")).toBeVisible();
  await expect(checking.text).toHaveAttribute("aria-readonly", "true");
  await checking.select("bridge");
  await checking.page.keyboard.type("road");
  await checking.page.keyboard.press("Delete");
  await expect(checking.text).toHaveText("The bridge is closed.");
  await expect(checking.button("Add claim").first()).toBeVisible();
  expect((await reporter.story(id)).text).toBe("The bridge is closed.");
});

test("[WF4] once it is published the text is read-only and says so, on a page already open too", async () => {
  const { id } = await start("The bridge is closed.");
  await mine.open(id);
  await expect(mine.text).not.toHaveAttribute("aria-readonly", "true");
  const editor = await ApiPerson.signIn(newsroom, "editor1");
  for (const to of ["checking", "approved", "published"] as const) await editor.move(id, to);
  await expect(mine.page.getByRole("main").getByText("This story is published")).toBeVisible();
  await mine.caretAfter("closed");
  await mine.page.keyboard.type(" for good");
  await expect(mine.text).toHaveText("The bridge is closed.");
  await expect(saveState(mine)).toContainText("Saved");
});

test("[PE4] a story made private is closed on a colleague's open page, which says so and looks again when asked", async () => {
  const { id } = await start("The bridge is closed.");
  await theirs.open(id);
  await theirs.saved();
  const keep = (isPrivate: boolean) =>
    reporter.api.patch(`/api/stories/${id}`, { data: { private: isPrivate } });
  expect((await keep(true)).ok()).toBe(true);
  const notice = theirs.page.getByRole("alert", { name: "This story is no longer open to you" });
  await expect(notice).toBeVisible();
  await expect(theirs.page.getByText("it cannot be changed from this page")).toBeVisible();
  await theirs.caretAfter("closed.");
  await theirs.page.keyboard.type(" Typed in vain");
  await expect(theirs.text).toHaveText("The bridge is closed.");

  expect((await keep(false)).ok()).toBe(true);
  await notice.getByRole("button", { name: "Look again" }).click();
  await theirs.saved();
  await expect(notice).toBeHidden();
  await theirs.caretAfter("closed.");
  await theirs.page.keyboard.type(" Open again");
  await theirs.saved();
  expect((await reporter.story(id)).text).toBe("The bridge is closed. Open again");
});

test("[BO4] after a refusal by the guard the unsaved words are offered, and writing goes on afresh", async ({
  browser,
}) => {
  const { id } = await start("The bridge is closed.");
  const story = new StoryPage(await newsroom.pageOf(browser, "reporter1"));
  const { page } = story;
  // Sockets whose messages can be kept from leaving, as on a bad line, and that can say what no editor would.
  await page.addInitScript(() => {
    const sockets: WebSocket[] = [];
    class Held extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
      }
      override send(data: Uint8Array<ArrayBuffer>) {
        if (document.body.dataset["sends"] !== "nothing") super.send(data);
      }
      say(data: Uint8Array<ArrayBuffer>) {
        super.send(data);
      }
    }
    Object.assign(window, {
      WebSocket: Held,
      sayNonsense: () => {
        for (const socket of sockets)
          if (socket instanceof Held && socket.url.includes("/collab/") && socket.readyState === 1)
            socket.say(new Uint8Array([0, 2, 3, 9, 9, 9]));
      },
    });
  });
  await story.open(id);
  await story.saved();
  await page.evaluate(() => (document.body.dataset["sends"] = "nothing"));
  await story.caretAfter("The bridge is closed.");
  await page.keyboard.type(" For a week");
  await page.evaluate(() => {
    delete document.body.dataset["sends"];
    (window as unknown as { sayNonsense: () => void }).sayNonsense();
  });
  const offer = page.getByRole("alert", { name: "The server could not take your last change" });
  await expect(offer).toBeInViewport();
  await expect(offer).toContainText("For a week");
  await offer.getByRole("button", { name: "Go on without them" }).click();
  await expect(story.text).toHaveText("The bridge is closed.");
  await story.caretAfter("The bridge is closed.");
  await page.keyboard.type(" Until Monday");
  await story.saved();
  expect((await reporter.story(id)).text).toBe("The bridge is closed. Until Monday");
});

test("[BO9] a sudden emptying tells everyone who did it, and Restore brings the text back", async () => {
  const sentence = "The bridge over the river in the north is closed since Monday morning. ";
  const { id } = await start(sentence.repeat(6).trim());
  await mine.open(id);
  await theirs.open(id);
  await mine.text.click();
  await mine.page.keyboard.press("Control+a");
  await mine.page.keyboard.press("Delete");
  const notice = theirs.page.getByRole("alert", { name: "Most of the text was deleted" });
  await expect(notice).toContainText("Reporter One deleted most of the text");
  await expect(theirs.text).not.toContainText("The bridge");
  await notice.getByRole("button", { name: "Restore" }).click();
  await expect(theirs.text).toHaveText(sentence.repeat(6).trim());
  await expect(mine.text).toHaveText(sentence.repeat(6).trim());
  await expect(notice).toBeHidden();
});

/** The provider of y-websocket as it is, in Node, with the cookie of this person's session alone. */
async function stockProvider(storyId: string, person: ApiPerson) {
  const { cookies } = await person.api.storageState();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  class WithCookie extends WebSocket {
    constructor(address: string) {
      super(address, { headers: { cookie } });
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(newsroom.url.replace("http", "ws") + "/collab", storyId, doc, {
    // `ws` is the browser's WebSocket in all that the provider uses.
    WebSocketPolyfill: WithCookie as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
  await expect.poll(() => provider.synced).toBe(true);
  const words = () => {
    const block = doc.getXmlFragment("body").get(0);
    const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
    if (!(text instanceof Y.XmlText)) throw new Error("the body has no words");
    return text;
  };
  return { provider, words, text: () => words().toString() };
}

test("[BO1] a stock y-websocket provider with the cookie alone edits together with a browser", async () => {
  const { id } = await start("The bridge is closed.");
  await mine.open(id);
  const program = await stockProvider(id, await ApiPerson.signIn(newsroom, "reporter2"));
  expect(program.text()).toBe("The bridge is closed.");
  program.words().insert(0, "Since Monday: ");
  await expect(mine.text).toHaveText("Since Monday: The bridge is closed.");
  await mine.caretAfter("closed.");
  await mine.page.keyboard.type(" Again.");
  await expect.poll(program.text).toBe("Since Monday: The bridge is closed. Again.");
  program.provider.destroy();
});

test("[BO4] as a checker it changes nothing, hears why, and goes on reading", async () => {
  const { id } = await start("The bridge is closed.");
  await mine.open(id);
  const program = await stockProvider(id, await ApiPerson.signIn(newsroom, "checker1"));
  const heard: string[] = [];
  program.provider.messageHandlers[2] = (_, decoder) => {
    heard.push(Buffer.from(decoder.arr).toString());
  };
  program.words().insert(0, "Not: ");
  await expect.poll(() => heard.join()).toContain("permission denied");
  await mine.caretAfter("closed.");
  await mine.page.keyboard.type(" Again.");
  await mine.saved();
  await expect.poll(program.text).toContain("Again.");
  await expect(mine.text).toHaveText("The bridge is closed. Again.");
  expect((await reporter.story(id)).text).toBe("The bridge is closed. Again.");
  program.provider.destroy();
});

test("[BO8] [PE1] who wrote selected words is told, through a heading too, and decides who may judge them", async ({
  browser,
}) => {
  const { id } = await start("The bridge is closed.");
  const editing = new StoryPage(await newsroom.pageOf(browser, "editor1"));
  for (const page of [mine, theirs, editing]) await page.open(id);
  await theirs.caretAfter("closed.");
  await theirs.page.keyboard.type(" It opens on Friday.");
  await theirs.saved();
  await editing.caretAfter("Friday.");
  await editing.page.keyboard.type(" Some 40 soldiers guard it.");
  await editing.saved();

  await test.step("cut, brought back by undo, pasted elsewhere: the words are still their author's", async () => {
    const { keyboard } = theirs.page;
    await theirs.select("The bridge is closed.");
    await keyboard.press("Control+x");
    await expect(mine.text).toHaveText("It opens on Friday. Some 40 soldiers guard it.");
    await keyboard.press("Control+z");
    await expect(mine.text).toHaveText(
      "The bridge is closed. It opens on Friday. Some 40 soldiers guard it.",
    );
    await theirs.select("bridge is");
    await keyboard.press("Control+x");
    await expect(mine.text).toHaveText("The closed. It opens on Friday. Some 40 soldiers guard it.");
    await theirs.caretAfter("The ");
    await keyboard.press("Control+v");
    await expect(mine.text).toHaveText(/^The bridge is ?closed\./);
    await theirs.saved();
  });

  await test.step("each author of the words across is named, with theirs", async () => {
    await mine.caretAfter("guard it.");
    await mine.page.keyboard.press("Control+Alt+2");
    await expect(mine.text.locator("h2")).toHaveText(
      "The bridge is closed. It opens on Friday. Some 40 soldiers guard it.",
    );
    await mine.saved();
    await mine.select("is closed. It opens on");
    await mine.button("Who wrote this").click();
    const answer = mine.page.getByRole("dialog", { name: "Who wrote this" });
    await expect(answer.getByRole("list", { name: "Authors" }).getByRole("listitem")).toHaveText([
      /Reporter One \(you\).*is closed\./,
      /Reporter Two.*It opens on/,
    ]);
    await mine.page.keyboard.press("Escape");
    await expect(answer).toHaveCount(0);
    await expect(mine.text).toBeFocused();
    await mine.page.keyboard.press("Control+Alt+a");
    await expect(answer.getByRole("list", { name: "Authors" })).toBeVisible();
    await mine.page.keyboard.press("Escape");
    await expect(mine.text).toBeFocused();
  });

  await test.step("an editor judges colleagues' words and not the ones they wrote", async () => {
    for (const quote of ["40 soldiers", "Friday"]) await reporter.mark(id, quote);
    const own = await editing.openClaim("40 soldiers");
    await expect(own).toContainText("You wrote these words, so somebody else has to judge them.");
    await expect(own.getByRole("button", { name: "Verified", exact: true })).toBeDisabled();
    await editing.judge("Friday", "Verified");
  });
});
