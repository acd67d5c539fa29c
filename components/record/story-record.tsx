"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { RecordLine } from "@/domain/record/act";
import { fetchFrom } from "../ui/ask-server";
import { Button } from "../ui/button";
import { useLiveEvents } from "../ui/live-events";
import { Skeleton } from "../ui/skeleton";
import { RecordList } from "./record-list";

/** Every act on this story, newest first. */
export function StoryRecord({ storyId }: { readonly storyId: string }) {
  const queries = useQueryClient();
  const queryKey = ["story-record", storyId];
  useLiveEvents((event) => {
    if ("storyId" in event && event.storyId === storyId && event.type !== "presence") {
      void queries.invalidateQueries({ queryKey });
    }
  });
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
      {record.isError ? (
        <div role="alert" className="mt-2 flex flex-col items-start gap-2 text-sm text-red">
          The record could not be fetched.
          <Button size="small" onClick={() => void record.refetch()}>
            Try again
          </Button>
        </div>
      ) : null}
      {record.data ? <RecordList lines={record.data.toReversed()} /> : null}
    </section>
  );
}
