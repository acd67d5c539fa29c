import { describe, expect, test } from "vitest";
import type { BodyNode, StoryContent } from "../body/content";
import type { BlockDiff } from "./version";
import { contentDiff } from "./version-diff";

const p = (text: string): BodyNode => ({ type: "paragraph", content: [{ type: "text", text }] });
const content = (...body: BodyNode[]): StoryContent => ({ headline: [p("Headline")], standfirst: [], body });
const body = (blocks: readonly BlockDiff[]) => blocks.filter((block) => block.field === "body");
const changes = (blocks: readonly BlockDiff[]) => body(blocks).map((block) => block.change);

describe("the comparison of two versions", () => {
  test("[WF6] a changed figure is shown inside its paragraph", () => {
    const blocks = contentDiff(
      content(p("One."), p("Some 4,600 troops serve there."), p("Three.")),
      content(p("One."), p("Some 4,700 troops serve there."), p("Three.")),
    );
    expect(changes(blocks)).toEqual(["same", "changed", "same"]);
    expect(body(blocks)[1]?.pieces).toEqual([
      { kind: "same", text: "Some " },
      { kind: "gone", text: "4,600" },
      { kind: "new", text: "4,700" },
      { kind: "same", text: " troops serve there." },
    ]);
  });

  test("[WF6] a paragraph put in and one taken out stand where they stand and stood", () => {
    const blocks = contentDiff(
      content(p("One."), p("Two is gone."), p("Three.")),
      content(p("One."), p("Three."), p("Four is new.")),
    );
    expect(changes(blocks)).toEqual(["same", "gone", "same", "new"]);
  });

  test("[WF6] paragraphs with nothing in common are not one paragraph changed", () => {
    const blocks = contentDiff(
      content(p("The mayor spoke at noon.")),
      content(p("Rain fell over Pristina.")),
    );
    expect(changes(blocks)).toEqual(["gone", "new"]);
  });

  test("[WF6] of several changed paragraphs each meets its own", () => {
    const blocks = contentDiff(
      content(p("The first of May is a holiday."), p("Some 4,600 troops serve there.")),
      content(
        p("Nobody expected that to happen."),
        p("The first of June is a holiday."),
        p("Some 4,700 troops serve there."),
      ),
    );
    expect(changes(blocks)).toEqual(["new", "changed", "changed"]);
  });

  test("[WF6] the same words as a heading, in bold or with a link are said to be reformed", () => {
    const heading: BodyNode = { ...p("What happened"), type: "heading", attrs: { level: 2 } };
    const bold: BodyNode = {
      type: "paragraph",
      content: [{ type: "text", text: "Bold words", marks: [{ type: "bold" }] }],
    };
    const blocks = contentDiff(content(p("What happened"), p("Bold words")), content(heading, bold));
    expect(changes(blocks)).toEqual(["reformed", "reformed"]);
    expect(body(blocks)[0]?.form).toBe("heading");
  });

  test("[WF6] JSON that the store has put in another order is the same", () => {
    const stored: BodyNode = { content: [{ text: "What happened", type: "text" }], type: "paragraph" };
    expect(changes(contentDiff(content(p("What happened")), content(stored)))).toEqual(["same"]);
  });

  test("[WF6] list items and quotes are compared one by one", () => {
    const list = (...items: string[]): BodyNode => ({
      type: "bulletList",
      content: items.map((item) => ({ type: "listItem", content: [p(item)] })),
    });
    const quote = (text: string): BodyNode => ({ type: "blockquote", content: [p(text)] });
    const blocks = contentDiff(
      content(list("a one", "b two"), quote("said")),
      content(list("a one", "b three"), quote("said")),
    );
    expect(body(blocks).map(({ form, change }) => [form, change])).toEqual([
      ["list-item", "same"],
      ["list-item", "changed"],
      ["quote", "same"],
    ]);
  });

  test("100 edits in 20,000 words are found quickly", () => {
    const paragraphs = Array.from({ length: 400 }, (_, n) =>
      Array.from({ length: 50 }, (_, w) => `word${String((n * 7 + w * 13) % 997)}`).join(" "),
    );
    const edited = paragraphs.map((text, n) => (n % 4 === 0 ? text.replace("word", "other") : text));
    const startedMs = performance.now();
    const blocks = contentDiff(content(...paragraphs.map(p)), content(...edited.map(p)));
    expect(changes(blocks).filter((change) => change === "changed")).toHaveLength(100);
    expect(performance.now() - startedMs).toBeLessThan(1500);
  });
});
