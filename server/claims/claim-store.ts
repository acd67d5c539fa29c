/** The SQL of claims and what hangs on them: one query a table, however many claims. */
import { asc, eq, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import type { Queries, Tx } from "../store/db";
import { claims, comments, evidence, sources, verdicts, waivers } from "./claim-tables";

export type ClaimRow = typeof claims.$inferSelect;
export type VerdictRow = typeof verdicts.$inferSelect;
export type CommentRow = typeof comments.$inferSelect;
export type WaiverRow = typeof waivers.$inferSelect;
export type EvidenceRow = {
  readonly evidence: typeof evidence.$inferSelect;
  readonly source: typeof sources.$inferSelect;
};

/** A claim with its rows, oldest first. */
export type StoredClaim = {
  readonly row: ClaimRow;
  readonly verdicts: readonly VerdictRow[];
  readonly evidence: readonly EvidenceRow[];
  readonly comments: readonly CommentRow[];
  readonly waivers: readonly WaiverRow[];
};

/** One parameter, however many ids: the desk asks for the claims of all its stories. */
const isOneOf = (column: PgColumn, ids: readonly string[]): SQL =>
  sql`${column} = any(${sql.param([...ids])})`;

/** As `Map.groupBy`, which the oldest Node that we run on does not know. */
export function groupedBy<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** Which story a claim belongs to; null when there is no such claim. */
export async function storyIdOfClaim(q: Queries, claimId: string): Promise<string | null> {
  const [row] = await q.select({ storyId: claims.storyId }).from(claims).where(eq(claims.id, claimId));
  return row?.storyId ?? null;
}

/** The claims of these stories, or these claims; removed ones too. In the order in which they were marked. */
export async function storedClaims(
  q: Queries,
  which: { readonly storyIds: readonly string[] } | { readonly claimIds: readonly string[] },
): Promise<readonly StoredClaim[]> {
  const rows = await q
    .select()
    .from(claims)
    .where("storyIds" in which ? isOneOf(claims.storyId, which.storyIds) : isOneOf(claims.id, which.claimIds))
    .orderBy(asc(claims.markedAt), asc(claims.id));
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const judged = await q.select().from(verdicts).where(isOneOf(verdicts.claimId, ids)).orderBy(verdicts.n);
  const supported = await q
    .select({ evidence, source: sources })
    .from(evidence)
    .innerJoin(sources, eq(sources.id, evidence.sourceId))
    .where(isOneOf(evidence.claimId, ids))
    .orderBy(evidence.n);
  const discussed = await q.select().from(comments).where(isOneOf(comments.claimId, ids)).orderBy(comments.n);
  const waived = await q.select().from(waivers).where(isOneOf(waivers.claimId, ids)).orderBy(waivers.n);
  const verdictsOf = groupedBy(judged, (row) => row.claimId);
  const evidenceOf = groupedBy(supported, (row) => row.evidence.claimId);
  const commentsOf = groupedBy(discussed, (row) => row.claimId);
  const waiversOf = groupedBy(waived, (row) => row.claimId);
  return rows.map((row) => ({
    row,
    verdicts: verdictsOf.get(row.id) ?? [],
    evidence: evidenceOf.get(row.id) ?? [],
    comments: commentsOf.get(row.id) ?? [],
    waivers: waiversOf.get(row.id) ?? [],
  }));
}

/** Story and assignee of every standing claim of these stories that has one. */
export async function assignedIn(
  q: Queries,
  storyIds: readonly string[],
): Promise<readonly { readonly storyId: string; readonly personId: string }[]> {
  if (storyIds.length === 0) return [];
  const rows = await q
    .selectDistinct({ storyId: claims.storyId, personId: claims.assigneeId, removedAt: claims.removedAt })
    .from(claims)
    .where(isOneOf(claims.storyId, storyIds))
    .orderBy(claims.storyId, claims.assigneeId);
  return rows.flatMap(({ storyId, personId, removedAt }) =>
    personId !== null && removedAt === null ? [{ storyId, personId }] : [],
  );
}

export async function insertClaim(tx: Tx, row: typeof claims.$inferInsert): Promise<void> {
  await tx.insert(claims).values(row);
}

/** Only what may change on a claim's row: everything else is appended beside it. */
export async function updateClaim(
  tx: Tx,
  id: string,
  change: Partial<
    Pick<ClaimRow, "kind" | "importance" | "assigneeId" | "removedBy" | "removedAt" | "removedReason">
  >,
): Promise<void> {
  await tx.update(claims).set(change).where(eq(claims.id, id));
}

/** [CL2] Appended; the newest stands. */
export async function insertVerdict(tx: Tx, row: Omit<VerdictRow, "n">): Promise<void> {
  await tx.insert(verdicts).values(row);
}

export async function insertEvidence(
  tx: Tx,
  given: {
    readonly source: EvidenceRow["source"];
    readonly evidence: Omit<EvidenceRow["evidence"], "n" | "sourceId">;
  },
): Promise<void> {
  await tx.insert(sources).values(given.source);
  await tx.insert(evidence).values({ ...given.evidence, sourceId: given.source.id });
}

export async function insertComment(tx: Tx, row: Omit<CommentRow, "n">): Promise<void> {
  await tx.insert(comments).values(row);
}

/** [GT4] Appended; whether it still counts is derived. */
export async function insertWaiver(tx: Tx, row: Omit<WaiverRow, "n">): Promise<void> {
  await tx.insert(waivers).values(row);
}
