"use client";
/** The claims of a story, kept up to date by the live channel; and what may be done with them. */
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { z } from "zod";
import { Claim, ClaimWhole, type ClaimStart, type VerdictGiven } from "@/domain/claims/claim";
import { askServer, fetchFrom, type Problem } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";
import { claimsKey, refreshClaims } from "./refresh-claims";

const claimKey = (claimId: string) => ["claim", claimId] as const;

/** All claims of the story that stand, in the order of the text; `initial` is what the page came with. */
export function useClaims(storyId: string, initial?: readonly Claim[]) {
  const queries = useQueryClient();
  useLiveEvents(
    (event) => {
      if (event.type !== "claims") return;
      void refreshClaims(queries, storyId, event.claimIds);
      for (const claimId of event.claimIds ?? [])
        void queries.invalidateQueries({ queryKey: claimKey(claimId) });
    },
    { storyId },
  );
  return useQuery({
    queryKey: claimsKey(storyId),
    queryFn: ({ signal }) =>
      fetchFrom({ path: `/api/stories/${storyId}/claims`, schema: z.array(Claim), signal }),
    ...(initial ? { initialData: [...initial] } : {}),
  });
}

/** One claim with its history; asked for only while `wanted`. */
export function useClaimHistory(claimId: string, wanted: boolean) {
  return useQuery({
    queryKey: claimKey(claimId),
    queryFn: ({ signal }) => fetchFrom({ path: `/api/claims/${claimId}`, schema: ClaimWhole, signal }),
    enabled: wanted,
    staleTime: 0,
  });
}

type Answer<Value> = { readonly value: Value } | { readonly problem: Problem };

async function act<Value>(
  queries: QueryClient,
  { storyId, claimId }: { readonly storyId: string; readonly claimId?: string },
  asked: Promise<Answer<Value>>,
): Promise<Answer<Value>> {
  const answer = await asked;
  // Also after a refusal, then all of them: the world has moved on.
  await refreshClaims(queries, storyId, claimId && "value" in answer ? [claimId] : undefined);
  return answer;
}

/** The acts on the claims of one story. Each answers with a value or the server's problem. */
export function useClaimActs(storyId: string) {
  const queries = useQueryClient();
  return useMemo(() => claimActs(queries, storyId), [queries, storyId]);
}

function claimActs(queries: QueryClient, storyId: string) {
  const post = (claimId: string, what: string, body: unknown) =>
    act(
      queries,
      { storyId, claimId },
      askServer({ method: "POST", path: `/api/claims/${claimId}/${what}`, body }),
    );
  return {
    mark: async (body: ClaimStart) => {
      const path = `/api/stories/${storyId}/claims`;
      const answer = await askServer({ method: "POST", path, body, schema: Claim });
      await refreshClaims(queries, storyId, "value" in answer ? [answer.value.id] : undefined);
      return answer;
    },
    judge: (claimId: string, body: VerdictGiven) => post(claimId, "verdicts", body),
    addEvidence: (claimId: string, body: unknown) => post(claimId, "evidence", body),
    comment: (claimId: string, text: string, replyTo?: string) =>
      post(claimId, "comments", { text, ...(replyTo ? { replyTo } : {}) }),
    assign: (claimId: string, personId: string | null) => post(claimId, "assignee", { personId }),
    findInText: (claimId: string, body: unknown) => post(claimId, "anchor", body),
    change: (claimId: string, body: unknown) =>
      act(
        queries,
        { storyId, claimId },
        askServer({ method: "PATCH", path: `/api/claims/${claimId}`, body }),
      ),
    remove: (claimId: string, reason: string | null) =>
      act(
        queries,
        { storyId, claimId },
        askServer({
          method: "DELETE",
          path: `/api/claims/${claimId}${reason ? `?reason=${encodeURIComponent(reason)}` : ""}`,
        }),
      ),
  };
}

export type ClaimActs = ReturnType<typeof claimActs>;
