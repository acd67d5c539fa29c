/** The SQL of approvals. One is given once and ended once; at most one of a story stands. */
import { and, desc, eq, isNull } from "drizzle-orm";
import type { Queries, Tx } from "../store/db";
import { approvals } from "./workflow-tables";

export type ApprovalRow = typeof approvals.$inferSelect;
export type ApprovalEnd = NonNullable<ApprovalRow["ended"]>;

/** The newest approval of the story, standing or ended; null when it never had one. */
export async function newestApproval(q: Queries, storyId: string): Promise<ApprovalRow | null> {
  const [row] = await q
    .select()
    .from(approvals)
    .where(eq(approvals.storyId, storyId))
    // The standing one has no end and comes first: descending order puts nulls before all.
    .orderBy(desc(approvals.endedAt), desc(approvals.at))
    .limit(1);
  return row ?? null;
}

export async function insertApproval(
  tx: Tx,
  row: Pick<ApprovalRow, "id" | "storyId" | "contentHash" | "version" | "by" | "at">,
): Promise<void> {
  await tx.insert(approvals).values(row);
}

/** Ends the standing approval and gives it; null when none stands. */
export async function endApproval(
  tx: Tx,
  given: {
    readonly storyId: string;
    readonly ended: ApprovalEnd;
    readonly by: string | null;
    readonly at: Date;
    readonly lapsed?: { readonly was: string; readonly now: string };
  },
): Promise<ApprovalRow | null> {
  const { storyId, ended, by, at, lapsed } = given;
  const [row] = await tx
    .update(approvals)
    .set({
      ended,
      endedBy: by,
      endedAt: at,
      ...(lapsed && { lapsedWas: lapsed.was, lapsedNow: lapsed.now }),
    })
    .where(and(eq(approvals.storyId, storyId), isNull(approvals.endedAt)))
    .returning();
  return row ?? null;
}
