/**
 * A kept state of the text and its claims, with all its authors.
 *
 * [WF6] A version is kept at every move and before every sweeping change; it can be read and restored (a forward
 * edit, claims healed).
 */
import { z } from "zod";
import { Id, Instant } from "../people/person";
import { Byline, Dateline, Status } from "../stories/story";
import { StoryContent } from "../body/content";
import { Field, AnchorState } from "../body/anchor-state";

const by = z.object({ id: Id, name: z.string() });

/** Why a version was kept: a move (with the status moved to), before a sweeping edit, before a restore. */
export const VersionCause = z.discriminatedUnion("cause", [
  z.object({ cause: z.literal("move"), to: Status }),
  z.object({ cause: z.literal("sweep") }),
  z.object({ cause: z.literal("restore"), of: z.int() }),
  z.object({ cause: z.literal("import") }),
]);
export type VersionCause = z.infer<typeof VersionCause>;

/** A claim as it stood when the version was kept. */
export const KeptClaim = z.object({
  id: Id,
  kind: z.string(),
  field: Field,
  start: z.int().nullable(),
  end: z.int().nullable(),
  state: AnchorState,
  words: z.string(),
  verdict: z.string().nullable(),
  freshness: z.string(),
});
export type KeptClaim = z.infer<typeof KeptClaim>;

/** A line of `GET /api/stories/:id/versions`, newest first. */
export const VersionLine = z.object({
  n: z.int(),
  at: Instant,
  by: by.nullable(),
  why: VersionCause,
  contentHash: z.string(),
  headline: z.string(),
  wordCount: z.int(),
  authors: z.array(by),
});
export type VersionLine = z.infer<typeof VersionLine>;

export const Version = z.object({
  ...VersionLine.shape,
  content: StoryContent,
  dateline: Dateline,
  byline: Byline,
  claims: z.array(KeptClaim),
});
export type Version = z.infer<typeof Version>;

/** A run of words: in both texts, only in the earlier, only in the later. */
export const Piece = z.object({ kind: z.enum(["same", "gone", "new"]), text: z.string() });
export type Piece = z.infer<typeof Piece>;

/**
 * A block of words where two texts differ or agree, in the order of the later text; `reformed` has the same words in
 * another form (heading, list, bold, link).
 */
export const BlockDiff = z.object({
  field: Field,
  form: z.enum(["paragraph", "heading", "list-item", "quote"]),
  change: z.enum(["same", "changed", "reformed", "gone", "new"]),
  pieces: z.array(Piece),
});
export type BlockDiff = z.infer<typeof BlockDiff>;

const wasNow = z.object({ was: z.string(), now: z.string() }).nullable();

/** `GET /api/stories/:id/versions/:a/diff/:b`: `b` may be `now`, the working text. */
export const VersionDiff = z.object({
  a: z.int(),
  b: z.union([z.int(), z.literal("now")]),
  blocks: z.array(BlockDiff),
  /** Null when they are the same. */
  dateline: wasNow,
  byline: wasNow,
});
export type VersionDiff = z.infer<typeof VersionDiff>;
