import { describe, expect, test } from "vitest";
import type { RecordRow } from "./act";
import { canonicalJson } from "./canonical-json";
import { ChainCheck, hashBeforeAll, rowHash } from "./chain";

function chain(length: number): RecordRow[] {
  const rows: RecordRow[] = [];
  for (let seq = 1; seq <= length; seq += 1) {
    const row = {
      seq,
      at: "2026-11-25T08:00:00.000Z",
      personId: seq === 1 ? null : "p1",
      act: seq === 1 ? ("newsroom-opened" as const) : ("claim-marked" as const),
      storyId: "s1",
      claimId: null,
      detail: { quote: `words ${String(seq)}` },
      prevHash: rows.at(-1)?.hash ?? hashBeforeAll,
    };
    rows.push({ ...row, hash: rowHash(row) });
  }
  return rows;
}
function faultsOf(rows: readonly RecordRow[]) {
  const check = new ChainCheck(Math.max(0, ...rows.map((row) => row.seq)));
  for (const row of rows.toSorted((a, b) => a.seq - b.seq)) check.take(row);
  return check.faults.map(({ kind, seq }) => `${kind} ${String(seq)}`);
}
const rehashed = (row: RecordRow) => ({ ...row, hash: rowHash(row) });

describe("[RE2] what was done to a record is found and named", () => {
  test("a whole chain has no faults, an empty one neither", () => {
    expect(faultsOf(chain(6))).toEqual([]);
    expect(faultsOf([])).toEqual([]);
  });
  test.each<[string, Partial<RecordRow>]>([
    ["words", { detail: { quote: "other words" } }],
    ["person", { personId: "p2" }],
    ["time", { at: "2026-11-25T08:00:00.001Z" }],
    ["act", { act: "claim-removed" }],
    ["story", { storyId: null }],
    ["hash", { hash: hashBeforeAll }],
    ["hash before", { prevHash: hashBeforeAll }],
  ])("an altered row: its %s", (_what, change) => {
    expect(faultsOf(chain(6).map((row) => (row.seq === 4 ? { ...row, ...change } : row)))).toEqual([
      "altered 4",
    ]);
  });
  test("an altered row whose hash was made anew", () => {
    const rows = chain(6).map((row) => (row.seq === 4 ? rehashed({ ...row, personId: "p2" }) : row));
    expect(faultsOf(rows)).toEqual(["altered 4"]);
  });
  test("a missing row, several, and the first", () => {
    expect(faultsOf(chain(6).filter((row) => row.seq !== 3))).toEqual(["missing 3"]);
    expect(faultsOf(chain(6).filter((row) => row.seq < 3 || row.seq > 4))).toEqual(["missing 3"]);
    expect(faultsOf(chain(6).filter((row) => row.seq !== 1))).toEqual(["missing 1"]);
  });
  test("a missing row behind which the others closed ranks", () => {
    const rows = chain(6).flatMap((row) =>
      row.seq === 3 ? [] : [{ ...row, seq: row.seq > 3 ? row.seq - 1 : row.seq }],
    );
    expect(faultsOf(rows)).toEqual(["reordered 3", "reordered 4", "reordered 5"]);
  });
  test("two rows that changed places", () => {
    const places: Readonly<Record<number, number>> = { 3: 4, 4: 3 };
    const rows = chain(6).map((row) => ({ ...row, seq: places[row.seq] ?? row.seq }));
    expect(faultsOf(rows)).toEqual(["reordered 3", "reordered 4"]);
  });
  test("another first row", () => {
    const [first, ...rest] = chain(1);
    if (!first) throw new Error("no row");
    expect(faultsOf([rehashed({ ...first, act: "claim-marked" }), ...rest])).toEqual(["altered 1"]);
    expect(faultsOf([rehashed({ ...first, prevHash: "f".repeat(64) }), ...rest])).toEqual(["altered 1"]);
  });
});

test("[RE1] the same act has the same hash in whatever order its keys are written", () => {
  expect(canonicalJson({ b: [1, { d: null, c: "é" }], a: undefined })).toBe('{"b":[1,{"c":"é","d":null}]}');
  expect(canonicalJson({ a: 1, B: 2 })).toBe(canonicalJson({ B: 2, a: 1 }));
  const [row] = chain(1);
  if (!row) throw new Error("no row");
  const backwards = Object.fromEntries(Object.entries(row).toReversed()) as RecordRow;
  expect(rowHash(backwards)).toBe(row.hash);
});
