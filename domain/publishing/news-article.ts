/** The published story as schema.org's `NewsArticle`, for search engines and archives. */
import { plainText, wholeText } from "../body/content";
import { wordCount } from "../body/word-count";
import { languageTag, type PublishedStory } from "./published-story";

/** JSON-LD as a plain object; what the story does not have is left out. */
export function newsArticle(story: PublishedStory, publisher: string): Readonly<Record<string, unknown>> {
  const { content, dateline, byline, publishedAt, url } = story;
  const standfirst = plainText(content.standfirst);
  const place = dateline.place;
  return {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": url,
    url,
    mainEntityOfPage: url,
    headline: plainText(content.headline),
    ...(standfirst === "" ? {} : { description: standfirst }),
    articleBody: plainText(content.body),
    wordCount: wordCount(plainText(content.body)),
    inLanguage: languageTag(story.lang, wholeText(content)),
    datePublished: publishedAt,
    dateModified: publishedAt,
    ...(place === "" && dateline.date === ""
      ? {}
      : { dateline: [place, dateline.date].filter(Boolean).join(", ") }),
    ...(place === "" ? {} : { locationCreated: { "@type": "Place", name: place } }),
    ...(byline.length === 0 ? {} : { author: byline.map((name) => ({ "@type": "Person", name })) }),
    publisher: { "@type": "NewsMediaOrganization", name: publisher },
    isAccessibleForFree: true,
  };
}

/** JSON that can stand inside a script element: no word in it ends the element or opens a comment. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
