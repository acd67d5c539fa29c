/** A kept state of the text and its claims, with all its authors. */
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
