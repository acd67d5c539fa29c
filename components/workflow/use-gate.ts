"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Gate, type MoveGiven, type WaiverGiven } from "@/domain/workflow/workflow";
import { askServer, fetchFrom } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";

/** What keeps the story from being released, kept up to date. */
export function useGate(storyId: string) {
  const queries = useQueryClient();
  const queryKey = ["gate", storyId];
  useLiveEvents(
    (event) => {
      if (event.type === "claims" || event.type === "story") void queries.invalidateQueries({ queryKey });
    },
    { storyId },
  );
  return useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchFrom({ path: `/api/stories/${storyId}/gate`, schema: Gate, signal }),
  });
}

/** The steps of the workflow and the waivers; each answers with the server's problem when it was refused. */
export function useWorkflowActs(storyId: string) {
  const queries = useQueryClient();
  const refetch = () =>
    Promise.all(
      ["gate", "story", "claims", "versions", "story-record"].map((kind) =>
        queries.invalidateQueries({ queryKey: [kind, storyId] }),
      ),
    );
  return {
    move: async (body: MoveGiven) => {
      const answer = await askServer({ method: "POST", path: `/api/stories/${storyId}/moves`, body });
      await refetch();
      return answer;
    },
    waive: async (claimId: string, body: WaiverGiven) => {
      const answer = await askServer({ method: "POST", path: `/api/claims/${claimId}/waivers`, body });
      await refetch();
      return answer;
    },
  };
}

export type WorkflowActs = ReturnType<typeof useWorkflowActs>;
