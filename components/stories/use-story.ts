"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Story } from "@/domain/stories/story";
import { fetchFrom } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";

/** One story whole, kept up to date by events; `first` is what the page came with. */
export function useStory(storyId: string, first?: Story) {
  const queries = useQueryClient();
  const queryKey = ["story", storyId];
  useLiveEvents(
    (event) => {
      if (event.type === "presence") {
        queries.setQueryData<Story>(queryKey, (story) => story && { ...story, here: event.here });
      }
      if (event.type === "presence" || event.type === "story" || event.type === "claims") {
        void queries.invalidateQueries({ queryKey });
      }
    },
    { storyId },
  );
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      fetchFrom({ path: `/api/stories/${encodeURIComponent(storyId)}`, schema: Story, signal }),
    ...(first ? { initialData: first } : {}),
  });
}
