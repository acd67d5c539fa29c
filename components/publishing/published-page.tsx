/** The public page of a story: what readers and search engines get, complete without a script. */
import { plainText, wholeText } from "@/domain/body/content";
import { jsonForScript, newsArticle } from "@/domain/publishing/news-article";
import { dayInWords, languageTag, type PublishedStory } from "@/domain/publishing/published-story";
import { StoryBlocks } from "../body/story-blocks";

export function PublishedPage({ story }: { readonly story: PublishedStory }) {
  const { content, dateline, byline, publishedAt } = story;
  const lang = languageTag(story.lang, wholeText(content));
  const hasStandfirst = plainText(content.standfirst) !== "";
  return (
    <>
      <script
        type="application/ld+json"
        dangerouslySetInnerHTML={{ __html: jsonForScript(newsArticle(story, "Linecheck")) }}
      />
      <main id="content" className="px-5 pt-10 pb-20 sm:px-8 sm:pt-16">
        <article lang={lang} className="mx-auto max-w-[42rem] font-serif">
          <header className="border-b border-line pb-6">
            <h1 className="text-[2rem] leading-[1.15] font-[680] tracking-[-0.018em] text-balance sm:text-[2.75rem]">
              {plainText(content.headline)}
            </h1>
            {hasStandfirst && (
              <StoryBlocks
                blocks={content.standfirst}
                className="mt-4 text-[1.25rem] leading-[1.5] text-pretty text-ink-soft sm:text-[1.375rem] [&>p+p]:mt-3"
              />
            )}
            <p className="mt-6 flex flex-wrap gap-x-3 gap-y-1 font-sans text-sm text-ink-soft">
              {byline.length > 0 && <span className="font-semibold text-ink">{byline.join(", ")}</span>}
              <time dateTime={publishedAt}>{momentInWords(publishedAt, lang)}</time>
            </p>
          </header>
          <Dateline place={dateline.place} date={dateline.date} day={dayInWords(dateline.date, lang)} />
          <StoryBlocks blocks={content.body} className="mt-5 [&>p]:text-pretty" />
        </article>
        <footer className="mx-auto mt-14 flex max-w-[42rem] justify-between gap-4 border-t border-line pt-5 text-sm text-ink-soft">
          <span>Linecheck</span>
          <a href={new URL("/feed.xml", story.url).href} className="underline underline-offset-4">
            RSS
          </a>
        </footer>
      </main>
    </>
  );
}

function Dateline({
  place,
  date,
  day,
}: {
  readonly place: string;
  readonly date: string;
  readonly day: string;
}) {
  if (place === "" && date === "") return null;
  return (
    <p className="mt-7 font-sans text-[0.8125rem] font-semibold tracking-[0.06em] text-ink-soft">
      {place}
      {place !== "" && date !== "" && ", "}
      {date !== "" && <time dateTime={date}>{day}</time>}
    </p>
  );
}

function momentInWords(instant: string, lang: string): string {
  const locale = lang === "en" ? "en-GB" : lang;
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "long",
    timeStyle: "short",
    timeZone: "UTC",
  })
    .format(new Date(instant))
    .concat(" UTC");
}
