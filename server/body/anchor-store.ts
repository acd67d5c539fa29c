/** [AN1] Anchors in the store: made, moved, read, and told which words were judged. */
import { and, eq, inArray, sql } from "drizzle-orm";
import { fromBase64 } from "lib0/buffer";
import { type Anchor, healAnchors, type NoPlace, placeAnchor, sameAnchor } from "@/domain/body/anchor";
import type { AnchorState, Field } from "@/domain/body/anchor-state";
import { isRefused } from "@/domain/refusal";
import type { Queries, Tx } from "../store/db";
import { anchors } from "./body-tables";
import type { TextFields } from "./committed-texts";

type OwnerKind = "claim";

/** Where an owner's words stand, as last resolved. */
export type PlacedAnchor = {
  readonly storyId: string;
  readonly ownerKind: OwnerKind;
  readonly ownerId: string;
  readonly field: Field;
  readonly state: AnchorState;
  /** UTF-16 offsets in the field's plain text (BO12), end exclusive; null when orphaned. */
  readonly start: number | null;
  readonly end: number | null;
  /** The words there now; when orphaned, the last ones. */
  readonly words: string;
  /** The sentence around them; when orphaned, the last one. */
  readonly sentence: string;
  /** Encoded Yjs relative positions; null when orphaned. */
  readonly relStart: Uint8Array | null;
  readonly relEnd: Uint8Array | null;
};

/** Words chosen on screen or by a program; positions are base64 of encoded Yjs relative positions. */
export type AnchorSelect = {
  readonly field: Field;
  readonly quote: string;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  readonly relStart?: string | undefined;
  readonly relEnd?: string | undefined;
};

type AnchorRow = typeof anchors.$inferSelect;

/** An anchor with the row it lies in. */
export type StoredAnchor = {
  readonly id: string;
  readonly ownerId: string;
  readonly field: Field;
  readonly anchor: Anchor;
  /** The text in which it was last placed or found to stand elsewhere. */
  readonly logSeq: number;
};

const plainBytes = (bytes: Uint8Array | null) => (bytes === null ? null : new Uint8Array(bytes));

function placed(row: AnchorRow): PlacedAnchor {
  const { storyId, ownerKind, ownerId, field, state, start, end, words, sentence } = row;
  const isGone = state === "orphaned";
  const relStart = isGone ? null : plainBytes(row.relStart);
  const relEnd = isGone ? null : plainBytes(row.relEnd);
  return { storyId, ownerKind, ownerId, field, state, start, end, words, sentence, relStart, relEnd };
}

function anchorOf(row: AnchorRow): Anchor {
  const { state, quote, prefix, suffix, blockId, otherCopies, start, end, words, sentence } = row;
  const positions = { relStart: plainBytes(row.relStart), relEnd: plainBytes(row.relEnd) };
  return { state, ...positions, quote, prefix, suffix, blockId, otherCopies, start, end, words, sentence };
}

function place(select: AnchorSelect, text: TextFields): Anchor | NoPlace {
  const { field, quote, prefix, suffix, relStart, relEnd } = select;
  return placeAnchor(text.field(field), {
    quote,
    prefix,
    suffix,
    ...(relStart !== undefined && relEnd !== undefined
      ? { relStart: fromBase64(relStart), relEnd: fromBase64(relEnd) }
      : {}),
  });
}

/** Anchors a new owner at the selected words. Refused, nothing is kept. Only under the story's lock. */
export async function makeAnchor(
  tx: Tx,
  {
    storyId,
    ownerKind,
    ownerId,
    select,
  }: {
    readonly storyId: string;
    readonly ownerKind: OwnerKind;
    readonly ownerId: string;
    readonly select: AnchorSelect;
  },
  text: TextFields,
): Promise<PlacedAnchor | NoPlace> {
  const anchor = place(select, text);
  if (isRefused(anchor)) return anchor;
  const owner = { id: `${ownerKind}-${ownerId}`, storyId, ownerKind, ownerId };
  const row: AnchorRow = { ...owner, field: select.field, ...anchor, logSeq: text.logSeq };
  await tx.insert(anchors).values(row);
  return placed(row);
}

/** Puts an owner's anchor on other words, or on its own ones found again. Only under the story's lock. */
export async function moveAnchor(
  tx: Tx,
  { ownerId, select }: { readonly ownerId: string; readonly select: AnchorSelect },
  text: TextFields,
): Promise<PlacedAnchor | NoPlace> {
  const anchor = place(select, text);
  if (isRefused(anchor)) return anchor;
  const [row] = await tx
    .update(anchors)
    .set({ field: select.field, ...anchor, logSeq: text.logSeq })
    .where(and(eq(anchors.ownerKind, "claim"), eq(anchors.ownerId, ownerId)))
    .returning();
  if (!row) throw new Error(`claim ${ownerId} has no anchor to move`);
  return placed(row);
}

/** The anchors of a story, or of these owners, in no order. */
export async function anchorsOf(
  q: Queries,
  of: { readonly storyId: string } | { readonly ownerIds: readonly string[] },
): Promise<readonly PlacedAnchor[]> {
  if ("ownerIds" in of && of.ownerIds.length === 0) return [];
  const which =
    "storyId" in of
      ? eq(anchors.storyId, of.storyId)
      : and(eq(anchors.ownerKind, "claim"), inArray(anchors.ownerId, [...of.ownerIds]));
  return (await q.select().from(anchors).where(which)).map(placed);
}

/** From now on the anchor looks for the words that were judged. Only under the story's lock. */
export async function noteJudged(
  tx: Tx,
  { ownerId, words }: { readonly ownerId: string; readonly words: string },
  textOf: (storyId: string) => Promise<TextFields | null>,
): Promise<void> {
  const [row] = await tx
    .select()
    .from(anchors)
    .where(and(eq(anchors.ownerKind, "claim"), eq(anchors.ownerId, ownerId)));
  if (!row || row.quote === words) return;
  const text = await textOf(row.storyId);
  const looking: Anchor = { ...anchorOf(row), quote: words };
  const [healed = looking] = text ? healAnchors(text.field(row.field), [looking]) : [];
  await tx
    .update(anchors)
    .set({ ...healed, logSeq: text?.logSeq ?? row.logSeq })
    .where(eq(anchors.id, row.id));
}

/** Every anchor of a story with its row's id. */
export async function storedAnchors(q: Queries, storyId: string): Promise<readonly StoredAnchor[]> {
  const rows = await q.select().from(anchors).where(eq(anchors.storyId, storyId)).orderBy(anchors.id);
  return rows.map((row) => {
    const { id, ownerId, field, logSeq } = row;
    return { id, ownerId, field, logSeq, anchor: anchorOf(row) };
  });
}

/** An anchor before and after it was resolved anew. */
export type ResolvedAnchor = Omit<StoredAnchor, "logSeq"> & { readonly before: Anchor };

/** Writes resolved anchors back: those that were only pushed along in one short statement. Only under the story's lock. */
export async function saveAnchors(
  tx: Tx,
  resolved: readonly ResolvedAnchor[],
  logSeq: number,
): Promise<void> {
  const pushed = resolved.flatMap((one) => {
    const by = pushedBy(one);
    return by === null ? [] : [{ id: one.id, by }];
  });
  const rewritten = pushed.length === 0 ? resolved : resolved.filter((one) => pushedBy(one) === null);
  await savePushed(tx, pushed, logSeq);
  await saveRewritten(tx, rewritten, logSeq);
}

/** How far the anchor was pushed along, when nothing else about it is new. */
function pushedBy({ before, anchor }: ResolvedAnchor): number | null {
  if (anchor.start === null || before.start === null) return null;
  const { start, end } = before;
  return sameAnchor({ ...anchor, start, end }, before) ? anchor.start - start : null;
}

async function savePushed(
  tx: Tx,
  pushed: readonly { readonly id: string; readonly by: number }[],
  logSeq: number,
): Promise<void> {
  if (pushed.length === 0) return;
  const ids = sql.param(pushed.map(({ id }) => id));
  const shifts = sql.param(pushed.map(({ by }) => by));
  await tx.execute(sql`
    update ${anchors} set start = start + now.by, "end" = "end" + now.by, log_seq = ${logSeq}
    from unnest(${ids}::text[], ${shifts}::int[]) as now(id, by)
    where ${anchors.id} = now.id`);
}

async function saveRewritten(tx: Tx, resolved: readonly ResolvedAnchor[], logSeq: number): Promise<void> {
  if (resolved.length === 0) return;
  const base64 = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString("base64");
  const rows = resolved.map(({ id, anchor }) => ({
    id,
    state: anchor.state,
    rel_start: base64(anchor.relStart),
    rel_end: base64(anchor.relEnd),
    prefix: anchor.prefix,
    suffix: anchor.suffix,
    block_id: anchor.blockId,
    other_copies: anchor.otherCopies,
    start: anchor.start,
    end: anchor.end,
    words: anchor.words,
    sentence: anchor.sentence,
  }));
  await tx.execute(sql`
    update ${anchors} set
      state = now.state, rel_start = decode(now.rel_start, 'base64'), rel_end = decode(now.rel_end, 'base64'),
      prefix = now.prefix, suffix = now.suffix, block_id = now.block_id, other_copies = now.other_copies,
      start = now.start, "end" = now."end", words = now.words, sentence = now.sentence, log_seq = ${logSeq}
    from json_to_recordset(${JSON.stringify(rows)}::json) as now(
      id text, state text, rel_start text, rel_end text, prefix text, suffix text, block_id text,
      other_copies int, start int, "end" int, words text, sentence text)
    where ${anchors.id} = now.id`);
}
