/** The story page as a person uses it, told by role and accessible name. */
import { expect, type Locator, type Page } from "@playwright/test";

export class StoryPage {
  constructor(readonly page: Page) {}

  get headline(): Locator {
    return this.page.getByRole("textbox", { name: "Headline", exact: true });
  }
  get standfirst(): Locator {
    return this.page.getByRole("textbox", { name: "Standfirst", exact: true });
  }
  get text(): Locator {
    return this.page.getByRole("textbox", { name: "Story text", exact: true });
  }
  get claims(): Locator {
    return this.page.getByRole("region", { name: "Claims", exact: true });
  }
  get ready(): Locator {
    return this.page.getByRole("region", { name: "Ready to publish?" });
  }
  get blockers(): Locator {
    return this.ready.getByRole("list", { name: "Blockers" }).getByRole("listitem");
  }
  claim(quote: string): Locator {
    return this.claims.getByRole("article", { name: quote });
  }
  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  async open(storyId: string): Promise<void> {
    await this.page.goto(`/stories/${storyId}`);
    await expect(this.text).toBeVisible();
  }

  /** The demo newsroom's main story. */
  async openDemoStory(): Promise<void> {
    const answer = await this.page.request.get("/api/stories?q=NATO+chief");
    const [story] = (await answer.json()) as { readonly id: string }[];
    if (!story) throw new Error("the demo story is not there");
    await this.open(story.id);
  }

  async saved(): Promise<void> {
    await expect(this.page.getByRole("status", { name: "Save state" })).toContainText("Saved");
  }

  /** Puts the caret behind these words of the story text, as a click there would. */
  async caretAfter(words: string): Promise<void> {
    await this.#select(words, true);
  }

  /** Selects these words of the story text. */
  async select(words: string): Promise<void> {
    await this.#select(words, false);
  }

  async #select(words: string, collapse: boolean): Promise<void> {
    await this.text.focus();
    await this.text.evaluate(
      (root, [wanted, toEnd]) => {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const places: { node: Node; at: number }[] = [];
        let whole = "";
        while (walker.nextNode()) {
          const node = walker.currentNode;
          // A colleague's caret and its label are no words of the story.
          if (node.parentElement?.closest(".collaboration-carets__caret, .ProseMirror-widget")) continue;
          const text = node.textContent ?? "";
          for (let at = 0; at < text.length; at += 1) places.push({ node, at });
          whole += text;
        }
        const found = whole.indexOf(wanted);
        const first = places[found];
        const last = places[found + wanted.length - 1];
        if (found < 0 || !first || !last) throw new Error(`no “${wanted}” in the story text`);
        const selection = window.getSelection();
        if (toEnd) selection?.setBaseAndExtent(last.node, last.at + 1, last.node, last.at + 1);
        else selection?.setBaseAndExtent(first.node, first.at, last.node, last.at + 1);
      },
      [words, collapse] as const,
    );
    // The editor takes the selection over in its own time: wait until its own idea of it is drawn.
    await this.page.waitForFunction(
      ([wanted, toEnd]) => {
        const selection = window.getSelection();
        return toEnd
          ? selection?.isCollapsed === true
          : selection?.toString().replaceAll("\n", "") === wanted;
      },
      [words, collapse] as const,
    );
  }

  async markClaim(words: string, kind: string, importance = "Normal"): Promise<void> {
    await this.select(words);
    await this.button("Add claim").first().click();
    const dialog = this.page.getByRole("dialog", { name: "Add claim" });
    await dialog.getByRole("combobox", { name: "Kind" }).selectOption({ label: kind });
    await dialog.getByRole("combobox", { name: "Importance" }).selectOption({ label: importance });
    await dialog.getByRole("button", { name: "Add claim" }).click();
    await expect(this.claim(words)).toBeVisible();
  }

  /** Opens the claim's card, where it is not open yet. */
  async openClaim(quote: string): Promise<Locator> {
    const card = this.claim(quote);
    if ((await card.getByRole("group", { name: "Verdict" }).count()) === 0)
      await card.getByRole("button").first().click();
    await expect(card.getByRole("group", { name: "Verdict" })).toBeVisible();
    return card;
  }

  async judge(quote: string, verdict: string): Promise<void> {
    const card = await this.openClaim(quote);
    await card
      .getByRole("group", { name: "Verdict" })
      .getByRole("button", { name: verdict, exact: true })
      .click();
    await expect(card.getByText(new RegExp(`${verdict} by`))).toBeVisible();
  }

  async addSource(
    quote: string,
    source: { readonly name: string; readonly reliability?: string },
  ): Promise<void> {
    const card = await this.openClaim(quote);
    await card.getByRole("button", { name: "Add source" }).click();
    const form = card.getByRole("form", { name: "New source" });
    await form.getByRole("textbox", { name: "Source" }).fill(source.name);
    if (source.reliability) {
      await form.getByRole("combobox", { name: "Reliability" }).selectOption({ label: source.reliability });
    }
    await form.getByRole("button", { name: "Save source" }).click();
    await expect(card.getByRole("region", { name: "Evidence" })).toContainText(source.name);
  }
}
