/** Claims as they stand now: their rows, their places in the text, and what follows from both. */
import type { Claim, ClaimWhole, PlacedClaim } from "@/domain/claims/claim";
import {
  Importance,
  Kind,
  origins,
  Reliability,
  Relation,
  SourceType,
  VerdictKind,
} from "@/domain/claims/claim";
import { fields } from "@/domain/body/anchor-state";
import { freshnessOf } from "@/domain/claims/freshness";
import { isLeft, progressOf } from "@/domain/claims/progress";
import type { Named } from "@/domain/stories/story";
import { z } from "zod";
import { anchorsOf, type PlacedAnchor } from "../body/anchors";
import { namesOf } from "../people/known-people";
import { recordOf } from "../record/record-act";
import type { Queries } from "../store/db";
import { assignedIn, groupedBy, type StoredClaim, storedClaims } from "./claim-store";

export type WhichClaims = { readonly removed?: boolean; readonly ids?: readonly string[] | undefined };

const Origin = z.enum(origins);
type NameOf = (id: string) => Named;

/** Everyone whose name stands somewhere on the claim. */
function peopleOn({ row, verdicts, evidence, comments, waivers }: StoredClaim): readonly string[] {
  const appended = [...verdicts, ...evidence.map((one) => one.evidence), ...comments, ...waivers];
  return [row.markedBy, row.assigneeId, row.removedBy, ...appended.map((one) => one.by)].filter(
    (id) => id !== null,
  );
}

function claimOf(stored: StoredClaim, anchor: PlacedAnchor, name: NameOf): PlacedClaim {
  const { row } = stored;
  const appended = [
    ...stored.verdicts,
    ...stored.evidence.map((one) => one.evidence),
    ...stored.comments,
    ...stored.waivers,
  ];
  const judgedLast = stored.verdicts.at(-1) ?? null;
  const { freshness, contextChanged } = freshnessOf({ anchor, verdict: judgedLast });
  const verdicts = stored.verdicts.map(({ id, verdict, rationale, replacement, words, by, at }) => ({
    id,
    verdict: VerdictKind.parse(verdict),
    rationale,
    replacement,
    words,
    by: name(by),
    at: at.toISOString(),
  }));
  const derived = {
    id: row.id,
    storyId: row.storyId,
    kind: Kind.parse(row.kind),
    importance: Importance.parse(row.importance),
    origin: Origin.parse(row.origin),
    note: row.note,
    quote: row.quote,
    anchor: {
      field: anchor.field,
      start: anchor.start,
      end: anchor.end,
      state: anchor.state,
      words: anchor.words,
      relStart: base64(anchor.relStart),
      relEnd: base64(anchor.relEnd),
    },
    freshness,
    contextChanged,
    verdict: verdicts.at(-1) ?? null,
    verdicts,
    evidence: stored.evidence.map(({ evidence, source }) => ({
      id: evidence.id,
      source: {
        type: SourceType.parse(source.type),
        name: source.name,
        ...(source.url !== null && { url: source.url }),
        ...(source.reliability !== null && { reliability: Reliability.parse(source.reliability) }),
        ...(source.origin !== null && { origin: source.origin }),
      },
      relation: Relation.parse(evidence.relation),
      excerpt: evidence.excerpt,
      locator: evidence.locator,
      by: name(evidence.by),
      at: evidence.at.toISOString(),
    })),
    thread: stored.comments.map(({ id, text, replyTo, by, at }) => ({
      id,
      text,
      replyTo,
      by: name(by),
      at: at.toISOString(),
    })),
    waivers: stored.waivers.map(({ id, rule, reason, foldedWords, cause, by, at }) => ({
      id,
      rule,
      reason,
      foldedWords,
      cause,
      by: name(by),
      at: at.toISOString(),
    })),
    assignee: row.assigneeId === null ? null : name(row.assigneeId),
    markedBy: name(row.markedBy),
    markedAt: row.markedAt.toISOString(),
    touchedByOthers: appended.some((one) => one.by !== row.markedBy),
    removed:
      row.removedBy === null || row.removedAt === null
        ? null
        : { by: name(row.removedBy), at: row.removedAt.toISOString(), reason: row.removedReason },
  };
  return { ...derived, progress: progressOf(derived) };
}

const base64 = (bytes: Uint8Array | null) => (bytes === null ? null : Buffer.from(bytes).toString("base64"));

/** In the order of the text; what is gone from it comes last, then as marked. */
function inTextOrder(a: PlacedClaim, b: PlacedClaim): number {
  if (a.anchor.start === null || b.anchor.start === null) {
    return Number(a.anchor.start === null) - Number(b.anchor.start === null);
  }
  const fieldOrder = fields.indexOf(a.anchor.field) - fields.indexOf(b.anchor.field);
  return fieldOrder || a.anchor.start - b.anchor.start || (a.anchor.end ?? 0) - (b.anchor.end ?? 0);
}

async function placed(q: Queries, stored: readonly StoredClaim[]): Promise<readonly PlacedClaim[]> {
  if (stored.length === 0) return [];
  const ids = stored.map((one) => one.row.id);
  const anchors = new Map((await anchorsOf(q, { ownerIds: ids })).map((one) => [one.ownerId, one]));
  const names = await namesOf(q, stored.flatMap(peopleOn));
  const name: NameOf = (id) => names.get(id) ?? { id, name: "" };
  return stored
    .map((one) => {
      const anchor = anchors.get(one.row.id);
      if (!anchor) throw new Error(`claim ${one.row.id} has no anchor`);
      return claimOf(one, anchor, name);
    })
    .toSorted(inTextOrder);
}

/** The claims of a story in the order of the text, or those of these ids among them; removed ones only when asked for. */
export async function claimsOf(
  q: Queries,
  storyId: string,
  { removed = false, ids }: WhichClaims = {},
): Promise<readonly PlacedClaim[]> {
  const stored = await storedClaims(q, ids ? { claimIds: ids } : { storyIds: [storyId] });
  return placed(
    q,
    stored.filter(({ row }) => row.storyId === storyId && (removed || row.removedAt === null)),
  );
}

/** Null when there is no such claim. Whoever acts on the answer asks the rights on its story first. */
export async function claimById(q: Queries, claimId: string): Promise<PlacedClaim | null> {
  const [claim] = await placed(q, await storedClaims(q, { claimIds: [claimId] }));
  return claim ?? null;
}

/** The claim with its history from the record, oldest first. */
export async function withHistory(q: Queries, claim: Claim): Promise<ClaimWhole> {
  const rows = await recordOf(q, { claimId: claim.id });
  const names = await namesOf(
    q,
    rows.flatMap((row) => row.personId ?? []),
  );
  const history = rows.map(({ at, personId, act, detail }) => {
    const by = personId === null ? null : (names.get(personId) ?? { id: personId, name: "" });
    return { at, by, act, detail };
  });
  return { ...claim, history };
}

/** [CL6] How many claims stand in each story and how many of them are left; stories without claims are left out. */
export async function claimCounts(
  q: Queries,
  storyIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly total: number; readonly left: number }>> {
  const stored = storyIds.length === 0 ? [] : await storedClaims(q, { storyIds });
  const standing = await placed(
    q,
    stored.filter((one) => one.row.removedAt === null),
  );
  const byStory = groupedBy(standing, (claim) => claim.storyId);
  return new Map(
    [...byStory].map(([storyId, claims]) => [
      storyId,
      { total: claims.length, left: claims.filter((claim) => isLeft(claim.progress)).length },
    ]),
  );
}

/** Person ids by story: to whom its standing claims are assigned. */
export async function assigneesOf(
  q: Queries,
  storyIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byStory = groupedBy(await assignedIn(q, storyIds), (one) => one.storyId);
  return new Map([...byStory].map(([storyId, all]) => [storyId, all.map((one) => one.personId)]));
}
