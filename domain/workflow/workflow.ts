/** The wire shapes of moves, gate and waivers. */
import { z } from "zod";
import { claimRules } from "../claims/claim-blockers";
import { Id } from "../people/person";
import { Status } from "../stories/story";

/** [GT2] */
export const rules = [...claimRules, "no-headline", "no-dateline", "no-byline"] as const;
export const Rule = z.enum(rules);
export type Rule = z.infer<typeof Rule>;

/** One reason why the story may not be released. */
export const Blocker = z.object({
  rule: Rule,
  claimId: Id.optional(),
  /** The words it is about. */
  quote: z.string().optional(),
  sentence: z.string(),
  /** [GT4] May it be waived at all, and by how many editors it has been so far, of how many asked. */
  waivable: z.boolean(),
  waiversGiven: z.int(),
  waiversAsked: z.int(),
});
export type Blocker = z.infer<typeof Blocker>;

export const Gate = z.object({ open: z.boolean(), blockers: z.array(Blocker) });
export type Gate = z.infer<typeof Gate>;

const reason = z.string().trim().min(1).max(2000);
export const MoveGiven = z.strictObject({
  to: Status,
  contentHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  reason: reason.optional(),
});
export type MoveGiven = z.infer<typeof MoveGiven>;

export const WaiverGiven = z.strictObject({ rule: Rule, reason });
export type WaiverGiven = z.infer<typeof WaiverGiven>;
