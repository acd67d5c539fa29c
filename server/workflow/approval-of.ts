/** A story's approval as everyone who sees the story may see it. */
import type { Story } from "@/domain/stories/story";
import { namesOf } from "../people/known-people";
import type { Queries } from "../store/db";
import { newestApproval } from "./approval-store";

/** The approval that stands, or the one under which the story was published; else null. */
export async function approvalOf(q: Queries, storyId: string): Promise<Story["approval"]> {
  const row = await newestApproval(q, storyId);
  if (!row || (row.ended !== null && row.ended !== "published")) return null;
  const names = await namesOf(q, [row.by]);
  const by = names.get(row.by) ?? { id: row.by, name: "" };
  return { by, at: row.at.toISOString(), contentHash: row.contentHash, version: row.version };
}

/** [WF2] The newest approval, when it lapsed: the words that did it and their writer; else null. */
export async function lapsedOf(q: Queries, storyId: string): Promise<Story["lapsed"]> {
  const row = await newestApproval(q, storyId);
  if (!row || row.ended !== "lapsed" || !row.endedAt) return null;
  const names = await namesOf(q, row.endedBy ? [row.by, row.endedBy] : [row.by]);
  return {
    at: row.endedAt.toISOString(),
    by: (row.endedBy && names.get(row.endedBy)) || null,
    was: row.lapsedWas ?? "",
    now: row.lapsedNow ?? "",
    approvedBy: names.get(row.by) ?? { id: row.by, name: "" },
  };
}
