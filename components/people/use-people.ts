"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { Colleague } from "@/domain/people/person";
import { fetchFrom } from "../ui/ask-server";
import { useLiveEvents } from "../ui/live-events";

/** Everyone in the newsroom, kept up to date. */
export function usePeople() {
  const queries = useQueryClient();
  useLiveEvents((event) => {
    if (event.type === "people") void queries.invalidateQueries({ queryKey: ["people"] });
  });
  return useQuery({
    queryKey: ["people"],
    queryFn: ({ signal }) => fetchFrom({ path: "/api/people", schema: z.array(Colleague), signal }),
  });
}
