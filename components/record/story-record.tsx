"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { RecordLine } from "@/domain/record/act";
import { fetchFrom } from "../ui/ask-server";
import { FetchFailed } from "../ui/fetch-failed";
import { useLiveEvents } from "../ui/live-events";
import { Skeleton } from "../ui/skeleton";
import { RecordList } from "./record-list";

/** Every act on this story, newest first. */
export function StoryRecord({ storyId }: { readonly storyId: string }) {
  const queries = useQueryClient();
  const queryKey = ["story-record", storyId];
  useLiveEvents(
    (event) => {
      if ("storyId" in event && event.type !== "presence") void queries.invalidateQueries({ queryKey });
    },
    { storyId },
  );
  const record = useQuery({
    queryKey,
    queryFn: ({ signal }) =>
      fetchFrom({ path: `/api/stories/${storyId}/audit`, schema: z.array(RecordLine), signal }),
  });
  return (
    <section aria-labelledby="record-of-story">
      <h2 id="record-of-story" className="text-sm font-semibold">
        Record
      </h2>
      {record.isPending ? <Skeleton className="mt-2 h-24" /> : null}
      {record.isError ? <FetchFailed what="The record" onRetry={() => void record.refetch()} /> : null}
      {record.data ? <RecordList lines={record.data.toReversed()} /> : null}
    </section>
  );
}
