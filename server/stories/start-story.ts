import type { BodyNode, StoryContent } from "@/domain/body/content";
import type { Person } from "@/domain/people/person";
import { mayInNewsroom, type MissingRight } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import { oneLine } from "@/domain/body/one-line";
import { freeSlug, slugOf } from "@/domain/stories/slug";
import type { StoryStart } from "@/domain/stories/story";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import type { StoryFromAbove } from "./story-from-above";
import { insertStory, slugsLike } from "./story-store";

/**
 * Starts a story as a draft with its first words, in the name of who starts it; the byline defaults to them.
 * [WF5] Without a slug the headline gives one that is free; a given slug in use is refused.
 */
export async function startStory(
  house: House,
  above: Pick<StoryFromAbove, "startText" | "bodyOf">,
  person: Person,
  given: StoryStart,
): Promise<{ readonly id: string } | Refusal<MissingRight | "slug-taken">> {
  const may = mayInNewsroom(person, "start-story");
  if (isRefused(may)) return may;
  const content: StoryContent = {
    headline: paragraphsOf(oneLine(given.headline)),
    standfirst: paragraphsOf(given.standfirst ?? ""),
    body: given.body ? [...above.bodyOf(given.body)] : [],
  };
  const id = house.newId();
  const at = house.now();
  const details = {
    id,
    lang: given.lang ?? "en",
    dateline: given.dateline
      ? { ...given.dateline, place: oneLine(given.dateline.place) }
      : { place: "", date: "" },
    byline: (given.byline ?? [person.name]).map(oneLine).filter((name) => name !== ""),
    startedBy: person.id,
    at,
  } as const;

  const started = await house.db.transaction(async (tx) => {
    const wanted = slugOf(given.headline);
    let slug = given.slug ?? freeSlug(wanted, await slugsLike(tx, wanted));
    while (!(await insertStory(tx, { ...details, slug }))) {
      if (given.slug !== undefined) return { refused: "slug-taken" } as const;
      slug = freeSlug(wanted, await slugsLike(tx, wanted));
    }
    await above.startText(tx, { storyId: id, person, content, at });
    const detail = { slug, lang: details.lang, dateline: details.dateline, byline: details.byline };
    await recordAct(tx, { act: "story-started", personId: person.id, storyId: id, detail }, at);
    return { id };
  });
  if (!isRefused(started)) house.bus.emit({ type: "story", storyId: id });
  return started;
}

function paragraphsOf(text: string): BodyNode[] {
  return text
    .split("\n")
    .map(oneLine)
    .filter((line) => line !== "")
    .map((line) => ({ type: "paragraph", content: [{ type: "text", text: line }] }));
}
