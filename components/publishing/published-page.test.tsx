import { cleanup, render, screen, within } from "@testing-library/react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, expect, test } from "vitest";
import type { BodyNode } from "@/domain/body/content";
import type { PublishedStory } from "@/domain/publishing/published-story";
import { expectAccessible } from "../ui/test-screen";
import { PublishedPage } from "./published-page";

afterEach(cleanup);

const p = (text: string, ...marks: NonNullable<BodyNode["marks"]>): BodyNode => ({
  type: "paragraph",
  content: [{ type: "text", text, marks }],
});

function story(given: Partial<PublishedStory> = {}): PublishedStory {
  return {
    slug: "a-visit",
    url: "https://news.example/read/a-visit",
    lang: "en",
    content: {
      headline: [p("A visit")],
      standfirst: [p("The summary.")],
      body: [
        { type: "heading", attrs: { level: 2 }, content: [{ type: "text", text: "The north" }] },
        p("Bold words", { type: "bold" }, { type: "italic" }),
        p("a link", { type: "link", attrs: { href: "https://example.org/" } }),
        p("no link", { type: "link", attrs: { href: "javascript:alert(1)" } }),
        {
          type: "orderedList",
          attrs: { start: 3 },
          content: [{ type: "listItem", content: [p("third")] }],
        },
        { type: "blockquote", content: [p("said so")] },
      ],
    },
    dateline: { place: "Pristina", date: "2026-11-24" },
    byline: ["Reporter One", "Reporter Two"],
    publishedAt: "2026-11-25T10:00:00.000Z",
    ...given,
  };
}

test("[WF4] the page says headline, standfirst, byline, dateline, time and text", async () => {
  render(<PublishedPage story={story()} />);
  const article = screen.getByRole("article");
  expect(article).toHaveProperty("lang", "en");
  const { getByRole, getByText } = within(article);
  expect(getByRole("heading", { level: 1 }).textContent).toBe("A visit");
  for (const words of ["The summary.", "Reporter One, Reporter Two", "25 November 2026 at 10:00 UTC"]) {
    expect(getByText(words)).toBeTruthy();
  }
  expect(getByText("24 November 2026").getAttribute("datetime")).toBe("2026-11-24");
  expect(getByRole("heading", { level: 2 }).textContent).toBe("The north");
  expect(getByText("Bold words").closest("strong")).toBeTruthy();
  expect(getByRole("link", { name: "a link" }).getAttribute("href")).toBe("https://example.org/");
  expect(getByText("no link").closest("a")).toBeNull();
  expect(getByRole("list").getAttribute("start")).toBe("3");
  expect(getByText("said so").closest("blockquote")).toBeTruthy();
  await expectAccessible();
});

test("[WF4] what the story does not have leaves no trace", async () => {
  const { headline, body } = story().content;
  render(
    <PublishedPage
      story={story({
        content: { headline, body, standfirst: [{ type: "paragraph" }] },
        dateline: { place: "", date: "" },
        byline: [],
      })}
    />,
  );
  expect(screen.queryByText(/Pristina|undefined|null/)).toBeNull();
  await expectAccessible();
});

test("hostile words come out as words", () => {
  const hostile = `</script><script>alert(1)</script><img src=x onerror=alert(1)>"'&amp;`;
  const html = renderToStaticMarkup(
    <PublishedPage
      story={story({
        content: { headline: [p(hostile)], standfirst: [p(hostile)], body: [p(hostile, { type: hostile })] },
        dateline: { place: hostile, date: "" },
        byline: [hostile],
      })}
    />,
  );
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(html.match(/<\/script/g)).toHaveLength(1);
  expect(html).not.toContain("<img");
});
