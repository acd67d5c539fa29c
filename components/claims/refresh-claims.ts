/** The listed claims of a story brought up to date: only those that something happened to, where it is known which. */
import type { QueryClient } from "@tanstack/react-query";
import { z } from "zod";
import { Claim } from "@/domain/claims/claim";
import { fetchFrom } from "../ui/ask-server";

export const claimsKey = (storyId: string) => ["claims", storyId] as const;

/** As many as the server answers for at once; for more, all are fetched. */
const mostAtOnce = 200;

/** `before` with the claims of these ids as they are now: those that are not among `now` no longer stand. */
export function mergeClaims(
  before: readonly Claim[],
  ids: ReadonlySet<string>,
  now: readonly Claim[],
): readonly Claim[] {
  const fresh = new Map(now.map((claim) => [claim.id, claim]));
  const kept = before.flatMap((claim) => {
    if (!ids.has(claim.id)) return [claim];
    const one = fresh.get(claim.id);
    fresh.delete(claim.id);
    return one ? [one] : [];
  });
  return [...kept, ...fresh.values()];
}

type Refreshing = { readonly waiting: Set<string>; running: Promise<void> | null };
const refreshings = new WeakMap<QueryClient, Map<string, Refreshing>>();

function refreshingOf(queries: QueryClient, storyId: string): Refreshing {
  const ofStories = refreshings.get(queries) ?? new Map<string, Refreshing>();
  refreshings.set(queries, ofStories);
  const known = ofStories.get(storyId) ?? { waiting: new Set(), running: null };
  ofStories.set(storyId, known);
  return known;
}

/** Resolves when these claims are shown as the server has them by now; without `ids`, or with too many, all are. */
export async function refreshClaims(
  queries: QueryClient,
  storyId: string,
  ids?: readonly string[],
): Promise<void> {
  const refreshing = refreshingOf(queries, storyId);
  if (!ids) {
    refreshing.waiting.clear();
    return queries.invalidateQueries({ queryKey: claimsKey(storyId) });
  }
  for (const id of ids) refreshing.waiting.add(id);
  // One at a time, so that no older answer comes after a newer one.
  await refreshing.running;
  if (refreshing.waiting.size === 0) return refreshing.running ?? undefined;
  refreshing.running ??= refreshWaiting(queries, storyId, refreshing.waiting).finally(() => {
    refreshing.running = null;
  });
  return refreshing.running;
}

async function refreshWaiting(queries: QueryClient, storyId: string, waiting: Set<string>): Promise<void> {
  const queryKey = claimsKey(storyId);
  const ids = new Set(waiting);
  waiting.clear();
  const listed = queries.getQueryState(queryKey);
  const path = `/api/stories/${storyId}/claims?ids=${[...ids].join(",")}`;
  const isFetching = queries.isFetching({ queryKey, exact: true }) > 0;
  const now =
    !listed?.data || isFetching || ids.size > mostAtOnce
      ? null
      : await fetchFrom({ path, schema: z.array(Claim) }).catch(() => null);
  const after = queries.getQueryState(queryKey);
  // All of them came, or are coming, at a time that cannot be told from this answer's.
  const isOvertaken = after?.dataUpdatedAt !== listed?.dataUpdatedAt || after?.fetchStatus === "fetching";
  if (!now || isOvertaken) return queries.invalidateQueries({ queryKey });
  queries.setQueryData<readonly Claim[]>(queryKey, (before) => before && mergeClaims(before, ids, now));
}
