"use client";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { z } from "zod";
import { DeskStory, type LiveEvent } from "@/domain/stories/story";
import { fetchFrom } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";

/** While somebody types, a story changes all the time: the desk fetches at most this often. */
const calmMs = 400;

/**
 * The stories that this person may see and that hold these words, last changed first; kept up to date by events.
 * `first` is what the page came with.
 */
export function useDesk(words: string, first: readonly DeskStory[]) {
  const queries = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(
    () => () => {
      if (waiting.current) clearTimeout(waiting.current);
    },
    [],
  );
  const fetchSoon = () => {
    waiting.current ??= setTimeout(() => {
      waiting.current = null;
      void queries.invalidateQueries({ queryKey: ["stories"] });
    }, calmMs);
  };

  useLiveEvents(
    (event) => {
      switch (event.type) {
        case "presence":
          // At once; then asked too, because an answer still on its way may be from before.
          queries.setQueriesData<readonly DeskStory[]>(
            { queryKey: ["stories"] },
            (stories) => stories && withPresence(stories, event),
          );
          fetchSoon();
          break;
        case "story":
        case "claims":
          fetchSoon();
          break;
        case "versions":
        case "emptied":
        case "people":
        case "missed":
          break;
      }
    },
    { everyStory: true },
  );

  return useQuery({
    queryKey: ["stories", words],
    queryFn: ({ signal }): Promise<readonly DeskStory[]> => {
      const query = words ? `?q=${encodeURIComponent(words)}` : "";
      return fetchFrom({ path: `/api/stories${query}`, schema: z.array(DeskStory), signal });
    },
    placeholderData: keepPreviousData,
    ...(words === "" ? { initialData: first } : {}),
  });
}

type Presence = Extract<LiveEvent, { type: "presence" }>;

const withPresence = (stories: readonly DeskStory[], { storyId, here }: Presence) =>
  stories.map((story) => (story.id === storyId ? { ...story, here } : story));
