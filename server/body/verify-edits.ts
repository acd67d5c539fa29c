/** [RE2] Is what the record says of edits so? Checked against the logs, as far as they were not merged. */
import { createHash, type Hash } from "node:crypto";
import { changes, coverageOf, type NamedStretch } from "@/domain/record/edits";
import { recordOf } from "../record/record-act";
import type { Db, Queries } from "../store/db";
import { storiesAfter } from "../stories/story-row";
import { logRows } from "./log-rows";
import { snapshotSeq } from "./log-store";
import { addToHash } from "./record-edits";

const storiesAtOnce = 100;

type Written = Awaited<ReturnType<typeof storiesAfter>>[number];

/**
 * As of one moment of the store: each story's edits are in the record once, up to the number that the story gives; the
 * log goes on without a gap after what was merged; its rows are by the people and have the bytes that were recorded.
 * Gives a sentence for each fault.
 */
export function verifyEdits(db: Db): Promise<readonly string[]> {
  return db.transaction(
    async (tx) => {
      const sentences: string[] = [];
      for (let after = ""; ;) {
        const stories = await storiesAfter(tx, { after, atMost: storiesAtOnce });
        for (const story of stories) {
          for (const fault of await faultsOf(tx, story)) sentences.push(`Story ${story.slug}: ${fault}.`);
        }
        const last = stories.at(-1);
        if (!last) return sentences;
        after = last.id;
      }
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );
}

async function faultsOf(
  q: Queries,
  { id: storyId, logSeq, recordedSeq }: Written,
): Promise<readonly string[]> {
  const rows = await recordOf(q, { storyId, acts: ["text-edited", "text-unrecorded"] });
  const { stretches, faults } = coverageOf(rows, recordedSeq);
  return [...faults, ...(await faultsInLog(q, { storyId, logSeq, stretches }))];
}

/** An act of which every row is in the log still. */
type Checked = { readonly hash: Hash; updates: number };

async function faultsInLog(
  q: Queries,
  given: { readonly storyId: string; readonly logSeq: number; readonly stretches: readonly NamedStretch[] },
): Promise<readonly string[]> {
  const { storyId, logSeq, stretches } = given;
  const merged = (await snapshotSeq(q, storyId)) ?? 0;
  const faults: string[] = [];
  const checked = new Map<number, Checked>();
  let next = merged + 1;
  let index = 0;
  for await (const row of logRows(q, { storyId, after: merged, upTo: Number.MAX_SAFE_INTEGER })) {
    if (row.seq > next) faults.push(`${changes(next, row.seq - 1)} missing in the log`);
    next = row.seq + 1;
    while ((stretches[index]?.to ?? Infinity) < row.seq) index += 1;
    const named = stretches[index];
    if (!named?.edits || named.from > row.seq) continue;
    if (named.row.personId !== row.personId) {
      faults.push(`${changes(row.seq, row.seq)} by somebody else than row ${String(named.row.seq)} says`);
    }
    const own = checked.get(named.row.seq) ?? { hash: createHash("sha256"), updates: 0 };
    checked.set(named.row.seq, own);
    own.updates += 1;
    addToHash(own.hash, row);
  }
  if (next <= logSeq) faults.push(`${changes(next, logSeq)} missing in the log`);
  if (next > logSeq + 1)
    faults.push(`${changes(logSeq + 1, next - 1)} in the log, and the story says otherwise`);
  const seen = new Set<number>();
  for (const { row, edits } of stretches) {
    const own = checked.get(row.seq);
    if (!edits || !own || seen.has(row.seq)) continue;
    seen.add(row.seq);
    const isWhole = edits.first > merged;
    if (!isWhole || (own.updates === edits.updates && own.hash.digest("hex") === edits.sha256)) continue;
    faults.push(`changes ${edits.numbers} are not as they were recorded in row ${String(row.seq)}`);
  }
  return faults;
}
