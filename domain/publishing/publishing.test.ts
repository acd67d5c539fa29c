import { describe, expect, test } from "vitest";
import type { BodyNode, StoryContent } from "../body/content";
import { jsonFeed, rssFeed } from "./feed";
import { jsonForScript, newsArticle } from "./news-article";
import { dayInWords, languageTag, type PublishedStory } from "./published-story";
import { escapeMarkup, storyHtml } from "./story-html";

const text = (words: string, ...marks: string[]): BodyNode => ({
  type: "text",
  text: words,
  ...(marks.length > 0 ? { marks: marks.map((type) => ({ type })) } : {}),
});
const p = (...content: BodyNode[]): BodyNode => ({ type: "paragraph", content });

function story(given: Partial<PublishedStory> = {}, content: Partial<StoryContent> = {}): PublishedStory {
  return {
    slug: "a-visit",
    url: "https://news.example/read/a-visit",
    lang: "en",
    content: {
      headline: [p(text("A visit"))],
      standfirst: [p(text("Summary."))],
      body: [p(text("Some 4,600 troops."))],
      ...content,
    },
    dateline: { place: "PRISTINA", date: "2026-11-24" },
    byline: ["Reporter One", "Reporter Two"],
    publishedAt: "2026-11-25T10:00:00.000Z",
    ...given,
  };
}
const feed = (...stories: PublishedStory[]) => ({
  title: "Newsroom",
  description: "Stories",
  url: "https://news.example",
  stories,
});

const hostile = `</script></title>]]><script>alert("1")</script><img src=x onerror='alert(1)'>&amp;<!--\u0008\uD800`;
const hostileStory = story(
  { dateline: { place: hostile, date: "2026-11-24" }, byline: [hostile] },
  {
    headline: [p(text(hostile))],
    standfirst: [p(text(hostile))],
    body: [p(text(hostile, "bold", "onclick"))],
  },
);

describe("HTML of a text", () => {
  test("holds the document's own elements and nothing else", () => {
    const body: BodyNode[] = [
      { type: "heading", attrs: { level: 3 }, content: [text("a")] },
      p(text("b", "bold", "italic"), { type: "hardBreak" }, text("c")),
      {
        type: "orderedList",
        attrs: { start: 3 },
        content: [{ type: "listItem", content: [p(text("d"))] }],
      },
      { type: "bulletList", content: [{ type: "listItem", content: [p(text("e"))] }] },
      { type: "blockquote", content: [p(text("f"))] },
      { type: "script", content: [text("alert(1)")] },
    ];
    expect(storyHtml(body)).toBe(
      '<h3>a</h3><p><strong><em>b</em></strong><br>c</p><ol start="3"><li><p>d</p></li></ol>' +
        "<ul><li><p>e</p></li></ul><blockquote><p>f</p></blockquote>alert(1)",
    );
  });

  test("links lead where the schema lets them and nowhere else", () => {
    const link = (href: string) =>
      storyHtml([{ type: "text", text: "x", marks: [{ type: "link", attrs: { href } }] }]);
    expect(link('https://example.org/?a=1&b="')).toBe(
      '<a href="https://example.org/?a=1&amp;b=&quot;">x</a>',
    );
    expect(link("javascript:alert(1)")).toBe("x");
  });

  test("characters that XML does not know are left out", () => {
    expect(escapeMarkup("a\u0000\u0008\uFFFE\uD800b👩‍🚒\n")).toBe("ab👩‍🚒\n");
  });
});

/** The terms used here, as they stand in schema.org's published context. */
const schemaOrgTerms = new Set(
  (
    "NewsArticle NewsMediaOrganization Person Place url mainEntityOfPage headline description articleBody wordCount " +
    "inLanguage datePublished dateModified dateline locationCreated author publisher isAccessibleForFree name"
  ).split(" "),
);

describe("NewsArticle", () => {
  test("says only what schema.org has terms for", () => {
    const article = newsArticle(story(), "Newsroom");
    const terms =
      JSON.stringify(article)
        .match(/"(\w+)":/g)
        ?.map((key) => key.slice(1, -2)) ?? [];
    const types =
      JSON.stringify(article)
        .match(/"@type":"(\w+)"/g)
        ?.map((type) => type.slice(9, -1)) ?? [];
    for (const term of [...terms, ...types]) expect(schemaOrgTerms, term).toContain(term);
    expect(article).toMatchObject({
      "@type": "NewsArticle",
      headline: "A visit",
      dateline: "PRISTINA, 2026-11-24",
      datePublished: "2026-11-25T10:00:00.000Z",
      author: [{ name: "Reporter One" }, { name: "Reporter Two" }],
    });
  });

  test("leaves out what the story does not have", () => {
    const bare = newsArticle(
      story({ dateline: { place: "", date: "" }, byline: [] }, { standfirst: [] }),
      "N",
    );
    for (const key of ["dateline", "locationCreated", "author", "description"])
      expect(bare).not.toHaveProperty(key);
  });

  test("no word ends the script element it stands in", () => {
    const json = jsonForScript(newsArticle(hostileStory, "N"));
    expect(json).not.toMatch(/[<>&\u2028\u2029]/);
    expect(JSON.parse(json)).toMatchObject({ headline: expect.stringContaining("</script>") as string });
  });
});

describe("feeds", () => {
  test("RSS 2.0 with every word escaped", () => {
    const rss = rssFeed(feed(hostileStory, story()));
    expect(rss).not.toMatch(/<script|<img|onerror='|\]\]>|<!--/);
    expect(rss).toContain("<title>A visit</title>");
    expect(rss).toContain("<link>https://news.example/read/a-visit</link>");
    expect(rss).toContain("<pubDate>Wed, 25 Nov 2026 10:00:00 GMT</pubDate>");
    expect(rss).toContain("<dc:creator>Reporter One</dc:creator>");
    expect(rss).toContain("<content:encoded>&lt;p&gt;Some 4,600 troops.&lt;/p&gt;</content:encoded>");
    const open = rss.match(/<[a-zA-Z:]+/g)?.length ?? 0;
    const closed = (rss.match(/<\/[a-zA-Z:]+>/g)?.length ?? 0) + (rss.match(/<[^>?]*\/>/g)?.length ?? 0);
    expect(closed).toBe(open);
  });

  test("a description is text for readers who take it for HTML", () => {
    const rss = rssFeed(feed(story({}, { standfirst: [p(text("a < b"))] })));
    expect(rss).toContain("<description>a &amp;lt; b</description>");
  });

  test("JSON Feed 1.1", () => {
    expect(jsonFeed(feed(story()))).toMatchObject({
      version: "https://jsonfeed.org/version/1.1",
      feed_url: "https://news.example/feed.json",
      items: [
        {
          id: "https://news.example/read/a-visit",
          content_html: "<p>Some 4,600 troops.</p>",
          authors: [{ name: "Reporter One" }, { name: "Reporter Two" }],
          language: "en",
        },
      ],
    });
  });

  test("without stories they are feeds all the same", () => {
    expect(rssFeed(feed())).toContain("</channel>");
    expect(jsonFeed(feed())).toMatchObject({ items: [] });
  });
});

describe("languages", () => {
  test("Serbian and Bosnian say their script", () => {
    expect(languageTag("sr", "Командант КФОР-а")).toBe("sr-Cyrl");
    expect(languageTag("bs", "Komandant KFOR-a")).toBe("bs-Latn");
    expect(languageTag("sq", "Komandanti")).toBe("sq");
  });

  test("a day is said in the story's language", () => {
    expect(dayInWords("2026-11-25", "en")).toBe("25 November 2026");
    expect(dayInWords("2026-11-25", "de")).toBe("25. November 2026");
    expect(dayInWords("2026-11-25", "sr-Latn")).toBe("25. novembar 2026.");
    expect(dayInWords("2026-11-25", "sr-Cyrl")).toBe("25. новембар 2026.");
    expect(dayInWords("", "en")).toBe("");
  });
});
