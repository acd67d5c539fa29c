"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { Version, VersionDiff, VersionLine } from "@/domain/versions/version";
import { askServer, fetchFrom } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";

/** The kept versions, newest first, kept up to date; fetched only while they are looked at. */
export function useVersions(storyId: string) {
  const queries = useQueryClient();
  const queryKey = ["versions", storyId];
  useLiveEvents(
    (event) => {
      if (event.type === "versions") void queries.invalidateQueries({ queryKey });
    },
    { storyId },
  );
  return useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      fetchFrom({ path: `/api/stories/${storyId}/versions`, schema: z.array(VersionLine), signal }),
  });
}

/** One version whole. It never changes. */
export function useVersion(storyId: string, n: number) {
  return useQuery({
    queryKey: ["version", storyId, n],
    queryFn: ({ signal }) =>
      fetchFrom({ path: `/api/stories/${storyId}/versions/${String(n)}`, schema: Version, signal }),
    staleTime: Infinity,
  });
}

/** What has changed from one version to another, or to the text as it is now. */
export function useVersionDiff(storyId: string, a: number, b: number | "now") {
  return useQuery({
    queryKey: ["version-diff", storyId, a, b],
    queryFn: ({ signal }) =>
      fetchFrom({
        path: `/api/stories/${storyId}/versions/${String(a)}/diff/${String(b)}`,
        schema: VersionDiff,
        signal,
      }),
    staleTime: 0,
  });
}

export function useRestore(storyId: string) {
  const queries = useQueryClient();
  return async (n: number) => {
    const answer = await askServer({
      method: "POST",
      path: `/api/stories/${storyId}/versions/${String(n)}/restore`,
      body: {},
    });
    await queries.invalidateQueries({ queryKey: ["versions", storyId] });
    return answer;
  };
}
