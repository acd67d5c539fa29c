/** The published stories as RSS 2.0 and JSON Feed 1.1. Written by hand: every value passes one escape function. */
import { plainText, wholeText } from "../body/content";
import { languageTag, type PublishedStory } from "./published-story";
import { escapeMarkup, storyHtml } from "./story-html";

export type Feed = {
  readonly title: string;
  readonly description: string;
  /** The newsroom's address, without a trailing slash. */
  readonly url: string;
  /** Newest first. */
  readonly stories: readonly PublishedStory[];
};

const element = (name: string, value: string) => `<${name}>${escapeMarkup(value)}</${name}>`;
const httpDate = (instant: string) => new Date(instant).toUTCString();

export function rssFeed({ title, description, url, stories }: Feed): string {
  const newest = stories[0]?.publishedAt;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    "<channel>",
    element("title", title),
    element("link", `${url}/`),
    element("description", description),
    `<atom:link href="${escapeMarkup(`${url}/feed.xml`)}" rel="self" type="application/rss+xml"/>`,
    element("docs", "https://www.rssboard.org/rss-specification"),
    ...(newest === undefined ? [] : [element("lastBuildDate", httpDate(newest))]),
    ...stories.map(rssItem),
    "</channel>",
    "</rss>",
    "",
  ].join("\n");
}

function rssItem(story: PublishedStory): string {
  const { content, byline, publishedAt, url } = story;
  const standfirst = plainText(content.standfirst);
  return [
    "<item>",
    element("title", plainText(content.headline)),
    element("link", url),
    `<guid isPermaLink="true">${escapeMarkup(url)}</guid>`,
    element("pubDate", httpDate(publishedAt)),
    ...byline.map((name) => element("dc:creator", name)),
    element("dc:language", languageTag(story.lang, wholeText(content))),
    // Readers take a description for HTML, so the standfirst is escaped for HTML first and for XML then.
    ...(standfirst === "" ? [] : [element("description", escapeMarkup(standfirst))]),
    element("content:encoded", storyHtml(content.body)),
    "</item>",
  ].join("\n");
}

/** JSON Feed 1.1, as an object. */
export function jsonFeed({ title, description, url, stories }: Feed): Readonly<Record<string, unknown>> {
  return {
    version: "https://jsonfeed.org/version/1.1",
    title,
    description,
    home_page_url: `${url}/`,
    feed_url: `${url}/feed.json`,
    items: stories.map((story) => {
      const { content, byline, publishedAt } = story;
      const standfirst = plainText(content.standfirst);
      return {
        id: story.url,
        url: story.url,
        title: plainText(content.headline),
        ...(standfirst === "" ? {} : { summary: standfirst }),
        content_html: storyHtml(content.body),
        date_published: publishedAt,
        ...(byline.length === 0 ? {} : { authors: byline.map((name) => ({ name })) }),
        language: languageTag(story.lang, wholeText(content)),
      };
    }),
  };
}
