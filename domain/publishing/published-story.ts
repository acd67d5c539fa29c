/**
 * What the public may know of a story: the published version and nothing else.
 *
 * [WF4] What is published is the approved version, byte for byte; it is a row of its own beside the working text.
 */
import { z } from "zod";
import { StoryContent } from "../body/content";
import { Byline, Dateline, Language, Slug } from "../stories/story";

export const PublishedStory = z.object({
  slug: Slug,
  /** The page's address. */
  url: z.url(),
  lang: Language,
  content: StoryContent,
  dateline: Dateline,
  byline: Byline,
  publishedAt: z.iso.datetime(),
});
export type PublishedStory = z.infer<typeof PublishedStory>;

/**
 * The story's language as browsers and search engines are told it (BCP 47): Serbian and Bosnian with the script that
 * the words are in.
 */
export function languageTag(lang: PublishedStory["lang"], words: string): string {
  if (lang !== "sr" && lang !== "bs") return lang;
  const cyrillic = words.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const latin = words.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return cyrillic > latin ? `${lang}-Cyrl` : `${lang}-Latn`;
}

/** The day in words of that language, such as "25 November 2026"; empty for no date. */
export function dayInWords(date: string, languageTag: string): string {
  if (date === "") return "";
  const locale = languageTag === "en" ? "en-GB" : languageTag;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(date));
}
