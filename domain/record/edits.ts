/**
 * Edits in the record: one act for each person and batch of a story's log, with the numbers of their updates.
 *
 * [RE1] The acts of a story hold each log number once, from 1 to the last that was recorded; what was merged before
 * edits were recorded is an act that says so, with no hash and nobody's name.
 */
import { z } from "zod";
import type { RecordRow } from "./act";

/** Numbers in a row, both ends inclusive. */
export type Stretch = { readonly from: number; readonly to: number };

/** What a `text-unrecorded` act says. */
export const UnrecordedEdits = z.object({
  first: z.int().min(1),
  last: z.int().min(1),
  /** The log numbers in their order, those in a row as one: `12-40,43`. */
  numbers: z.string(),
  /** How many there are. */
  updates: z.int().min(1),
});
export type UnrecordedEdits = z.infer<typeof UnrecordedEdits>;

/** What a `text-edited` act says; the person, null for the server's own edits, is the act's. */
export const RecordedEdits = z.object({
  ...UnrecordedEdits.shape,
  /** When the first and the last of them were stored. */
  begun: z.iso.datetime(),
  ended: z.iso.datetime(),
  /** Words that they wrote and took away, where these were counted; what they moved or put back is neither. */
  wordsWritten: z.int().min(0).optional(),
  wordsRemoved: z.int().min(0).optional(),
  /**
   * SHA-256, in hexadecimal, over the updates in the order of their numbers: of each its number, its time (ms since
   * 1970) and its length in bytes, as 8 bytes big-endian each, then its bytes.
   */
  sha256: z.string().length(64),
});
export type RecordedEdits = z.infer<typeof RecordedEdits>;

/** `numbers` ascending, each once. */
export function stretchesOf(numbers: readonly number[]): readonly Stretch[] {
  const stretches: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = stretches.at(-1);
    if (last?.to === number - 1) last.to = number;
    else stretches.push({ from: number, to: number });
  }
  return stretches;
}

export function numbersAsText(stretches: readonly Stretch[]): string {
  return stretches
    .map(({ from, to }) => (from === to ? String(from) : `${String(from)}-${String(to)}`))
    .join(",");
}

/** Null where the text is no ascending list of numbers. */
export function numbersFromText(text: string): readonly Stretch[] | null {
  if (!/^[1-9]\d{0,14}(-[1-9]\d{0,14})?(,[1-9]\d{0,14}(-[1-9]\d{0,14})?)*$/.test(text)) return null;
  const stretches = text.split(",").map((part) => {
    const [from = "", to = from] = part.split("-");
    return { from: Number(from), to: Number(to) };
  });
  const isAscending = stretches.every(
    ({ from, to }, index) => from > (stretches[index - 1]?.to ?? 0) && to >= from,
  );
  return isAscending ? stretches : null;
}

/** Some numbers of a story's log, and the row of the record that names them; `edits` is null where they have no hash. */
export type NamedStretch = Stretch & { readonly row: RecordRow; readonly edits: RecordedEdits | null };

export type EditCoverage = {
  /** In the order of the log. */
  readonly stretches: readonly NamedStretch[];
  readonly faults: readonly string[];
};

/** Do these acts of one story, oldest first, name each number from 1 to `upTo` once? */
export function coverageOf(rows: readonly RecordRow[], upTo: number): EditCoverage {
  const faults: string[] = [];
  const stretches = rows.flatMap((row): NamedStretch[] => {
    const edits = row.act === "text-edited" ? (RecordedEdits.safeParse(row.detail).data ?? null) : null;
    const said = edits ?? UnrecordedEdits.safeParse(row.detail).data;
    const numbers = said && numbersFromText(said.numbers);
    if (!numbers || (row.act === "text-edited" && !edits)) {
      faults.push(`row ${String(row.seq)} does not say which changes it is about`);
      return [];
    }
    return numbers.map((stretch) => ({ ...stretch, row, edits }));
  });
  stretches.sort((a, b) => a.from - b.from || a.to - b.to);
  let next = 1;
  for (const { from, to, row, edits } of stretches) {
    if (from > next) faults.push(`${changes(next, from - 1)} recorded by no row`);
    if (from < next)
      faults.push(`${changes(from, Math.min(to, next - 1))} recorded twice, also by row ${String(row.seq)}`);
    if (!edits && from > 1)
      faults.push(`${changes(from, to)} gone from the log unrecorded (row ${String(row.seq)})`);
    next = Math.max(next, to + 1);
  }
  if (next <= upTo) faults.push(`${changes(next, upTo)} recorded by no row`);
  if (next > upTo + 1) faults.push(`${changes(upTo + 1, next - 1)} recorded, and the story says otherwise`);
  return { stretches, faults };
}

/** `change 3 is`, `changes 3–7 are`. */
export function changes(from: number, to: number): string {
  return from === to ? `change ${String(from)} is` : `changes ${String(from)}–${String(to)} are`;
}
