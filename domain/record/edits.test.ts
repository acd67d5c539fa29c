import { describe, expect, test } from "vitest";
import type { RecordRow } from "./act";
import { coverageOf, numbersAsText, numbersFromText, stretchesOf } from "./edits";

function edited(seq: number, numbers: string, act: RecordRow["act"] = "text-edited"): RecordRow {
  const stretches = numbersFromText(numbers) ?? [];
  const detail = {
    first: stretches[0]?.from ?? 1,
    last: stretches.at(-1)?.to ?? 1,
    numbers,
    updates: stretches.reduce((sum, { from, to }) => sum + to - from + 1, 0),
    ...(act === "text-edited" && {
      begun: "2026-11-25T08:00:00.000Z",
      ended: "2026-11-25T08:00:09.000Z",
      sha256: "0".repeat(64),
    }),
  };
  const hash = "0".repeat(64);
  const at = "2026-11-25T08:01:00.000Z";
  return { seq, at, personId: "p1", act, storyId: "s1", claimId: null, detail, prevHash: hash, hash };
}

test("[RE1] the numbers of a batch are written short and read back", () => {
  const stretches = stretchesOf([12, 13, 14, 17, 40, 41]);
  expect(numbersAsText(stretches)).toBe("12-14,17,40-41");
  expect(numbersFromText("12-14,17,40-41")).toEqual(stretches);
  expect(stretchesOf([])).toEqual([]);
  for (const wrong of ["", "a", "1-", "3,2", "5-4", "1-3,3", "0", "1,,2"]) {
    expect(numbersFromText(wrong), wrong).toBeNull();
  }
});

describe("[RE2] a story's edits are in the record once, without a gap", () => {
  const faultsOf = (rows: readonly RecordRow[], upTo: number) => coverageOf(rows, upTo).faults;

  test("by two people between each other's, in several batches", () => {
    const rows = [edited(4, "1-3,6"), edited(5, "4-5"), edited(9, "7")];
    expect(faultsOf(rows, 7)).toEqual([]);
    expect(coverageOf(rows, 7).stretches.map(({ from, row }) => [from, row.seq])).toEqual([
      [1, 4],
      [4, 5],
      [6, 4],
      [7, 9],
    ]);
  });
  test("after those of a time in which they were not recorded", () => {
    expect(faultsOf([edited(4, "1-90", "text-unrecorded"), edited(5, "91-95")], 95)).toEqual([]);
    expect(faultsOf([edited(4, "1-90"), edited(5, "91-95", "text-unrecorded")], 95)).toEqual([
      "changes 91–95 are gone from the log unrecorded (row 5)",
    ]);
  });
  test.each<[string, readonly RecordRow[], number, readonly string[]]>([
    ["a missing first", [edited(5, "3-4")], 4, ["changes 1–2 are recorded by no row"]],
    ["one missing between", [edited(4, "1-3"), edited(6, "5")], 5, ["change 4 is recorded by no row"]],
    ["a missing last", [edited(4, "1-3")], 5, ["changes 4–5 are recorded by no row"]],
    ["none at all", [], 2, ["changes 1–2 are recorded by no row"]],
    ["one twice", [edited(4, "1-3"), edited(5, "3-5")], 5, ["change 3 is recorded twice, also by row 5"]],
    ["more than there are", [edited(4, "1-3")], 2, ["change 3 is recorded, and the story says otherwise"]],
    [
      "one that says nothing",
      [edited(4, "1-3"), { ...edited(5, "4"), detail: {} }],
      3,
      ["row 5 does not say which changes it is about"],
    ],
  ])("%s is found", (_what, rows, upTo, found) => {
    expect(faultsOf(rows, upTo)).toEqual(found);
  });
});
