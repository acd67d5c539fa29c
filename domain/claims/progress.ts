import type { Progress } from "./claim";
import { type CheckedClaim, claimBlockers } from "./claim-blockers";

/**
 * [CL6] `waived` (it has blockers and all are waived), `attention` (any unwaived blocker other than `unchecked`),
 * `open` (unchecked), else `checked`.
 */
export function progressOf(claim: CheckedClaim): Progress {
  const blockers = claimBlockers(claim);
  const standing = blockers.filter((blocker) => !blocker.waived);
  if (standing.some((blocker) => blocker.rule !== "unchecked")) return "attention";
  if (standing.length > 0) return "open";
  return blockers.length > 0 ? "waived" : "checked";
}

/** [CL6] Is there still something to do about a claim with this progress? */
export function isLeft(progress: Progress): boolean {
  return progress === "attention" || progress === "open";
}
