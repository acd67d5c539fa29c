"use client";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { RecordHead, RecordPage } from "@/domain/record/act";
import { fetchFrom } from "../ui/ask-server";
import { Button } from "../ui/button";
import { FetchFailed } from "../ui/fetch-failed";
import { Skeleton } from "../ui/skeleton";
import { RecordList } from "./record-list";

/** Every act in the newsroom, newest first; its head is what an editor can write down and compare later. */
export function NewsroomRecord() {
  const head = useQuery({
    queryKey: ["record-head"],
    queryFn: ({ signal }) => fetchFrom({ path: "/api/audit/head", schema: RecordHead, signal }),
    staleTime: 0,
  });
  const record = useInfiniteQuery({
    queryKey: ["newsroom-record"],
    queryFn: ({ pageParam, signal }) =>
      fetchFrom({
        path: pageParam === null ? "/api/audit" : `/api/audit?before=${String(pageParam)}`,
        schema: RecordPage,
        signal,
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    staleTime: 0,
  });
  return (
    <main id="content" className="mx-auto w-full max-w-3xl px-4 py-8 sm:px-6">
      <h1 className="text-2xl font-semibold">Record</h1>
      <p className="mt-1 max-w-prose text-sm text-ink-soft">
        Every act in the newsroom, each row chained to the one before it by its hash. Nothing in it can be
        altered or taken out unseen.
      </p>
      {head.data ? (
        <p className="mt-3 text-xs break-all text-ink-faint">
          Head: row {head.data.seq}, <code>{head.data.hash}</code>
        </p>
      ) : null}
      <div className="mt-4 border-t">
        {record.isPending ? <Skeleton className="mt-4 h-64" /> : null}
        {record.isError ? <FetchFailed what="The record" onRetry={() => void record.refetch()} /> : null}
        {record.data ? <RecordList lines={record.data.pages.flatMap((page) => page.lines)} /> : null}
        {record.hasNextPage ? (
          <Button
            className="mt-3"
            busy={record.isFetchingNextPage}
            onClick={() => void record.fetchNextPage()}
          >
            Show earlier acts
          </Button>
        ) : null}
      </div>
    </main>
  );
}
