/** Stories for tests: a default with what matters named. */
import type { DeskStory, Story } from "@/domain/stories/story";

export function deskStory(given: Partial<DeskStory> = {}): DeskStory {
  return {
    id: "s1",
    slug: "troops-in-the-north",
    status: "draft",
    headline: "Troops in the north",
    dateline: { place: "PRISTINA", date: "2026-11-24" },
    byline: ["Reporter One"],
    lang: "en",
    deadline: null,
    private: false,
    wordCount: 300,
    claims: { total: 0, left: 0 },
    here: [],
    assignees: [],
    updatedAt: "2026-11-25T10:00:00.000Z",
    updatedBy: { id: "r1", name: "Reporter One" },
    ...given,
  };
}

export function wholeStory(given: Partial<Story> = {}): Story {
  const one = { id: "r1", name: "Reporter One" };
  return {
    ...deskStory(),
    standfirst: "",
    text: "",
    contentHash: "0".repeat(64),
    startedBy: one,
    createdAt: "2026-11-25T09:00:00.000Z",
    authors: [one],
    people: [],
    approval: null,
    lapsed: null,
    publication: null,
    epoch: "e",
    ...given,
  };
}
