/**
 * The chain: each row's hash covers the row and the hash before it, so that no row can be altered, left out or moved
 * without every later one showing it.
 *
 * [RE1] Every act is one row, written in the same transaction, chained by hash from the first row on.
 * [RE2] An altered, missing or reordered row is found, and named.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { RecordRow } from "./act";
import { canonicalJson } from "./canonical-json";

/** What the first row has before it. */
export const hashBeforeAll = "0".repeat(64);

/** SHA-256, in hexadecimal, over the hash before and the canonical JSON of the rest of the row. */
export function rowHash(row: Omit<RecordRow, "hash">): string {
  const { prevHash, seq, at, personId, act, storyId, claimId, detail } = row;
  const text = canonicalJson({ seq, at, personId, act, storyId, claimId, detail });
  return bytesToHex(sha256(utf8ToBytes(`${prevHash}\n${text}`)));
}

export type RecordFault = {
  readonly kind: "altered" | "missing" | "reordered";
  /** The first row that it is about. */
  readonly seq: number;
  readonly sentence: string;
};

/** A search for a row's first place hashes the row once for each place tried. */
const maxPlacesTried = 200_000;
/** Where rows are gone, a row may have been written beyond the last. */
const placesBeyond = 1000;

/** Takes the rows in the order of their numbers and keeps what is wrong with them. */
export class ChainCheck {
  private readonly found = new Map<number, RecordFault>();
  private last: RecordRow | null = null;
  private placesTried = 0;

  /** `upTo`: the highest number of all rows. */
  constructor(private readonly upTo: number) {}

  get faults(): readonly RecordFault[] {
    return [...this.found.values()].sort((a, b) => a.seq - b.seq);
  }

  get head(): Pick<RecordRow, "seq" | "hash"> | null {
    return this.last && { seq: this.last.seq, hash: this.last.hash };
  }

  take(row: RecordRow): void {
    const previous = this.last;
    this.last = row;
    const expected = (previous?.seq ?? 0) + 1;
    if (row.seq !== expected) this.noteMissing(expected, row.seq - 1);
    if (rowHash(row) !== row.hash) return this.noteAltered(row);
    const follows = row.prevHash === (previous?.hash ?? hashBeforeAll);
    if (follows && row.seq === 1 && row.act !== "newsroom-opened") {
      return this.note({ kind: "altered", seq: 1, sentence: "Row 1 does not open the newsroom." });
    }
    if (follows || row.seq !== expected || (previous && this.found.has(previous.seq))) return;
    if (previous === null) {
      return this.note({ kind: "altered", seq: 1, sentence: "Row 1 is not the first of a record." });
    }
    this.note({
      kind: "altered",
      seq: previous.seq,
      sentence: `Row ${String(previous.seq)} was altered: row ${String(row.seq)} was written after another one.`,
    });
  }

  private note(fault: RecordFault): void {
    if (!this.found.has(fault.seq)) this.found.set(fault.seq, fault);
  }

  private noteMissing(from: number, to: number): void {
    const sentence =
      from === to ? `Row ${String(from)} is missing.` : `Rows ${String(from)} to ${String(to)} are missing.`;
    this.note({ kind: "missing", seq: from, sentence });
  }

  private noteAltered(row: RecordRow): void {
    for (let seq = 1; seq <= this.upTo + placesBeyond && this.placesTried < maxPlacesTried; seq += 1) {
      this.placesTried += 1;
      if (rowHash({ ...row, seq }) !== row.hash) continue;
      const sentence = `Row ${String(row.seq)} was moved: it was written as row ${String(seq)}.`;
      return this.note({ kind: "reordered", seq: row.seq, sentence });
    }
    this.note({
      kind: "altered",
      seq: row.seq,
      sentence: `Row ${String(row.seq)} (${row.act}, ${row.at}) was altered.`,
    });
  }
}
