/** The record: every act, one row each, in one hash chain from the first row on (RE1). */
import { z } from "zod";

export const acts = [
  "newsroom-opened",
  "backup-restored",
  "signed-in",
  "signed-out",
  "person-invited",
  "person-changed",
  "link-made",
  "link-redeemed",
  "password-changed",
  "story-started",
  "story-changed",
  "story-moved",
  "approval-lapsed",
  "text-edited",
  "text-unrecorded",
  "claim-marked",
  "claim-changed",
  "claim-reanchored",
  "claim-removed",
  "claim-assigned",
  "verdict-given",
  "evidence-added",
  "comment-added",
  "waiver-given",
  "version-kept",
  "version-restored",
  "published",
] as const;
export const ActWord = z.enum(acts);
export type ActWord = z.infer<typeof ActWord>;

/** An act to be recorded. `detail` is JSON without secrets, without confidential sources. */
export type Act = {
  readonly act: ActWord;
  /** Null for the server's own acts. */
  readonly personId: string | null;
  readonly storyId?: string | undefined;
  readonly claimId?: string | undefined;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** A row as kept. `hash` is SHA-256 over the previous hash and the canonical JSON of the rest. */
export const RecordRow = z.object({
  seq: z.int(),
  at: z.iso.datetime(),
  personId: z.string().nullable(),
  act: ActWord,
  storyId: z.string().nullable(),
  claimId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
  prevHash: z.string(),
  hash: z.string(),
});
export type RecordRow = z.infer<typeof RecordRow>;

/** A line of `GET /api/stories/:id/audit`, oldest first. */
export const RecordLine = z.object({ ...RecordRow.shape, personName: z.string().nullable() });
export type RecordLine = z.infer<typeof RecordLine>;

/** `GET /api/audit?before=SEQ`: newest first; `next` is the `before` of the next page, null at the end. */
export const RecordPage = z.object({ lines: z.array(RecordLine), next: z.int().nullable() });
export type RecordPage = z.infer<typeof RecordPage>;

/** `GET /api/audit/head`: the newest row; before the first act its number is 0. */
export const RecordHead = z.object({ seq: z.int(), hash: z.string() });
export type RecordHead = z.infer<typeof RecordHead>;
