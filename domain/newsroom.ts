/**
 * What the pages may ask the server for while they render, in the same process. The server puts it under
 * `Symbol.for("linecheck.newsroom")` before the first request; pages read it there (a bundle of its own shares no
 * module with the server).
 */
import type { Claim } from "./claims/claim";
import type { Person } from "./people/person";
import type { PublishedStory } from "./publishing/published-story";
import type { DeskStory, Story } from "./stories/story";

export type Newsroom = {
  /** Who is signed in, by the request's Cookie header; null when nobody is. */
  readonly personOf: (cookie: string | null) => Promise<Person | null>;
  /** The stories that this person may see, last changed first. */
  readonly deskOf: (person: Person) => Promise<readonly DeskStory[]>;
  /** Null when there is no such story for this person. */
  readonly storyOf: (person: Person, storyId: string) => Promise<Story | null>;
  readonly claimsOf: (person: Person, storyId: string) => Promise<readonly Claim[]>;
  /** For anyone: the published version under this slug; null when nothing is public there. */
  readonly publishedBySlug: (slug: string) => Promise<PublishedStory | null>;
};

const key = Symbol.for("linecheck.newsroom");
type Holder = { [key]?: Newsroom };

/** Called once by the server, before it listens. */
export function provideNewsroom(newsroom: Newsroom): void {
  (globalThis as Holder)[key] = newsroom;
}

/** For a server-rendered page, inside the component after `await connection()`. Throws outside the server's process. */
export function theNewsroom(): Newsroom {
  const newsroom = (globalThis as Holder)[key];
  if (!newsroom) throw new Error("The newsroom is not open in this process.");
  return newsroom;
}
