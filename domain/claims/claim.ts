/** A claim and what hangs on it: the wire shapes of `/api/…/claims`. */
import { z } from "zod";
import { Id, Instant } from "../people/person";
import { Field, AnchorState } from "../body/anchor-state";

export const kinds = [
  "number",
  "date_time",
  "quote",
  "name_title",
  "place",
  "event",
  "attribution",
  "allegation",
  "other",
] as const;
export const Kind = z.enum(kinds);
export type Kind = z.infer<typeof Kind>;

export const importances = ["critical", "normal", "low"] as const;
export const Importance = z.enum(importances);
export type Importance = z.infer<typeof Importance>;

export const origins = ["reporter", "checker", "spotter", "fact_bank"] as const;

export const verdictKinds = [
  "verified",
  "verified_if_changed",
  "attributed",
  "disputed",
  "unverifiable",
  "false",
  "not_checkable",
] as const;
export const VerdictKind = z.enum(verdictKinds);
export type VerdictKind = z.infer<typeof VerdictKind>;

export const freshnessStates = ["unchecked", "current", "cosmetic", "stale", "orphaned", "expired"] as const;
export const staleReasons = ["number", "date", "name", "negation", "quotation", "words", "context"] as const;
export const StaleReason = z.enum(staleReasons);
export type StaleReason = z.infer<typeof StaleReason>;
/** [FR2] Computed by the server, settable by nobody. `was` and `now` are the old and new words when stale. */
export const Freshness = z.object({
  state: z.enum(freshnessStates),
  reason: StaleReason.optional(),
  was: z.string().optional(),
  now: z.string().optional(),
});
export type Freshness = z.infer<typeof Freshness>;

export const sourceTypes = [
  "document",
  "recording",
  "dataset",
  "named_person",
  "spokesperson",
  "anonymous",
  "agency",
  "media",
  "social",
  "imagery",
  "expert",
] as const;
export const SourceType = z.enum(sourceTypes);
export type SourceType = z.infer<typeof SourceType>;
export const Reliability = z.enum(["A", "B", "C", "D", "E", "F"]);
export const relations = ["supports", "contradicts", "context"] as const;
export const Relation = z.enum(relations);
export type Relation = z.infer<typeof Relation>;

const line = (max: number) => z.string().trim().min(1).max(max);
const httpUrl = z.url({ protocol: /^https?$/ }).max(2000);

export const Source = z.strictObject({
  type: SourceType,
  name: line(300),
  url: httpUrl.optional(),
  reliability: Reliability.optional(),
  /** Five outlets quoting one agency are one origin; left out, the source is its own. */
  origin: line(300).optional(),
});
export type Source = z.infer<typeof Source>;

const by = z.object({ id: Id, name: z.string() });

export const Verdict = z.object({
  id: Id,
  verdict: VerdictKind,
  rationale: z.string().nullable(),
  /** The words that should stand there, with `verified_if_changed`. */
  replacement: z.string().nullable(),
  /** The words judged, as they stood then. */
  words: z.string(),
  by,
  at: Instant,
});
export type Verdict = z.infer<typeof Verdict>;

export const Evidence = z.object({
  id: Id,
  source: Source,
  relation: Relation,
  excerpt: z.string().nullable(),
  locator: z.string().nullable(),
  by,
  at: Instant,
});
export type Evidence = z.infer<typeof Evidence>;

export const Comment = z.object({ id: Id, text: z.string(), replyTo: Id.nullable(), by, at: Instant });
export type Comment = z.infer<typeof Comment>;

/** [CL6] Derived. */
export const progresses = ["waived", "attention", "open", "checked"] as const;
export const Progress = z.enum(progresses);
export type Progress = z.infer<typeof Progress>;

/** A signed "despite that" on this claim, as kept; whether it still counts is asked of `waiver.ts`. */
export const ClaimWaiver = z.object({
  id: Id,
  rule: z.string(),
  reason: z.string(),
  by,
  at: Instant,
  /** [GT4] The folded words it was given for, and the rule's cause then. */
  foldedWords: z.string(),
  cause: z.string(),
});
export type ClaimWaiver = z.infer<typeof ClaimWaiver>;

/** A line of the claim's history: from the record. */
export const ClaimAct = z.object({
  at: Instant,
  by: by.nullable(),
  act: z.string(),
  detail: z.record(z.string(), z.unknown()),
});
export type ClaimAct = z.infer<typeof ClaimAct>;

export const Claim = z.object({
  id: Id,
  storyId: Id,
  kind: Kind,
  importance: Importance,
  origin: z.enum(origins),
  note: z.string().nullable(),
  /** The words at creation. */
  quote: z.string(),
  anchor: z.object({
    field: Field,
    /** UTF-16 offsets in that field's plain text (BO12), end exclusive; null when orphaned. */
    start: z.int().nullable(),
    end: z.int().nullable(),
    state: AnchorState,
    /** The words that stand there now; when orphaned, the last ones. */
    words: z.string(),
    /** Encoded Yjs relative positions, base64; null when orphaned. */
    relStart: z.string().nullable(),
    relEnd: z.string().nullable(),
  }),
  /** [BO8] Who wrote the words that stand there now, or a letter of them; nobody when orphaned. */
  authors: z.array(by),
  freshness: Freshness,
  /** [FR3] The rest of the sentence differs from the one judged; the verdict stays current. */
  contextChanged: z.boolean(),
  /** The standing one: the newest. */
  verdict: Verdict.nullable(),
  verdicts: z.array(Verdict),
  evidence: z.array(Evidence),
  thread: z.array(Comment),
  waivers: z.array(ClaimWaiver),
  assignee: by.nullable(),
  progress: Progress,
  markedBy: by,
  markedAt: Instant,
  /** Somebody other than who marked it judged it, commented or added evidence. */
  touchedByOthers: z.boolean(),
  removed: z.object({ by, at: Instant, reason: z.string().nullable() }).nullable(),
});
export type Claim = z.infer<typeof Claim>;
/** A claim as it stands, whoever wrote its words. */
export type PlacedClaim = Omit<Claim, "authors">;

/** `GET /api/claims/:id` adds the claim's history. */
export const ClaimWhole = z.object({ ...Claim.shape, history: z.array(ClaimAct) });
export type ClaimWhole = z.infer<typeof ClaimWhole>;

export const ClaimStart = z.strictObject({
  field: Field,
  quote: z.string().min(1).max(5000),
  prefix: z.string().max(500).optional(),
  suffix: z.string().max(500).optional(),
  /** Base64 of encoded Yjs relative positions; when given they must enclose exactly the quote. */
  relStart: z.base64().max(1000).optional(),
  relEnd: z.base64().max(1000).optional(),
  kind: Kind,
  importance: Importance.optional(),
  note: line(2000).optional(),
});
export type ClaimStart = z.infer<typeof ClaimStart>;

export const ClaimChange = z
  .strictObject({ kind: Kind.optional(), importance: Importance.optional(), reason: line(2000).optional() })
  .refine((change) => change.kind !== undefined || change.importance !== undefined, "nothing to change");
export type ClaimChange = z.infer<typeof ClaimChange>;
export const VerdictGiven = z.strictObject({
  verdict: VerdictKind,
  rationale: line(5000).optional(),
  replacement: line(5000).optional(),
  /** The words that the person saw; when others stand there meanwhile, nothing is judged. */
  words: z.string().min(1).max(5000).optional(),
});
export type VerdictGiven = z.infer<typeof VerdictGiven>;
export const EvidenceGiven = z.strictObject({
  source: Source,
  relation: Relation,
  excerpt: line(10_000).optional(),
  locator: line(500).optional(),
});
export type EvidenceGiven = z.infer<typeof EvidenceGiven>;
export const CommentGiven = z.strictObject({ text: line(5000), replyTo: Id.optional() });
export type CommentGiven = z.infer<typeof CommentGiven>;
export const AssigneeGiven = z.strictObject({ personId: Id.nullable() });
export const AnchorGiven = z.strictObject({
  field: Field,
  quote: z.string().min(1).max(5000),
  prefix: z.string().max(500).optional(),
  suffix: z.string().max(500).optional(),
  relStart: z.base64().max(1000).optional(),
  relEnd: z.base64().max(1000).optional(),
  reason: line(2000).optional(),
});
export type AnchorGiven = z.infer<typeof AnchorGiven>;
