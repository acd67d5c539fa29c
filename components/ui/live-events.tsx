"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import type { LiveEvent } from "@/domain/stories/story";
import { openLiveChannel, type About } from "./live-channel";
import { sayTheSessionIsOver } from "./query-client";

let ofThisTab: ReturnType<typeof openLiveChannel> | undefined;

function theLiveChannel() {
  if (ofThisTab) return ofThisTab;
  const address = `${window.location.protocol === "https:" ? "wss:" : "ws:"}//${window.location.host}/events`;
  const channel = openLiveChannel({
    connect: (storyId) => new WebSocket(storyId === undefined ? address : `${address}?story=${storyId}`),
    onSessionOver: sayTheSessionIsOver,
  });
  window.addEventListener("online", channel.hurry);
  document.addEventListener("visibilitychange", channel.hurry);
  ofThisTab = channel;
  return channel;
}

/**
 * Hears what happens in the newsroom while the component is on screen: of the story or stories that it is about, and what
 * is of none. `missed` comes after every (re)connect: by then everything fetched through the query client is already
 * being fetched anew (RE3).
 */
export function useLiveEvents(
  onEvent: (event: LiveEvent) => void,
  { storyId, everyStory = false }: About = {},
): void {
  const hear = useEffectEvent(onEvent);
  const queries = useQueryClient();
  useEffect(
    () =>
      theLiveChannel().listen(
        (event) => {
          if (event.type === "missed") void queries.invalidateQueries();
          hear(event);
        },
        { everyStory, ...(storyId === undefined ? {} : { storyId }) },
      ),
    [queries, storyId, everyStory],
  );
}
