// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { RecordLine } from "@/domain/record/act";
import { expectAccessible } from "../ui/test-screen";
import { RecordList } from "./record-list";

afterEach(cleanup);

function line(seq: number, given: Partial<RecordLine> = {}): RecordLine {
  return {
    seq,
    at: "2026-11-25T08:10:00.000Z",
    personId: "p1",
    personName: "Reporter One",
    act: "claim-marked",
    storyId: "s1",
    claimId: null,
    detail: {},
    prevHash: "0".repeat(64),
    hash: String(seq).padEnd(64, "a"),
    ...given,
  };
}
function edited(seq: number, numbers: string, more: Readonly<Record<string, unknown>> = {}, given = {}) {
  const [first = 1] = numbers.split(/[-,]/).map(Number);
  const times = { begun: "2026-11-25T08:00:00.000Z", ended: "2026-11-25T08:05:00.000Z" };
  const detail = { first, last: 96, numbers, updates: 29, ...times, sha256: "0".repeat(64), ...more };
  return line(seq, { act: "text-edited", detail, ...given });
}
const two = { personId: "p2", personName: "Reporter Two" };
const server = { personId: null, personName: null };
const rows = () => screen.getAllByRole("listitem").map((row) => row.textContent);

test.each([
  [
    edited(5, "12-40", { wordsWritten: 214, wordsRemoved: 12 }),
    "wrote 214 words, took away 12 · changes 12–40",
  ],
  [edited(5, "12-40", { wordsWritten: 1, wordsRemoved: 0 }), "wrote 1 word · changes 12–40"],
  [edited(5, "7", { updates: 1, wordsWritten: 0, wordsRemoved: 3 }), "took away 3 words · change 7"],
  [edited(5, "7,9-11", { wordsWritten: 0, wordsRemoved: 0 }), "changed the text · changes 7, 9–11"],
  [edited(5, "1,3,5,7,1096"), "wrote in the text · 29 changes between 1 and 96"],
])("[RE1] edits are told in words, with the numbers of their changes", (edits, sentence) => {
  render(<RecordList lines={[edits]} />);
  expect(rows()).toEqual([expect.stringContaining(`Reporter One ${sentence}`)]);
});

test("[RE1] the server's own edits, and those from before there was a record of them, are Linecheck's to tell", () => {
  const older = { first: 1, last: 1200, numbers: "1-1200", updates: 1200 };
  const lines = [
    edited(6, "1201", { updates: 1, wordsWritten: 0, wordsRemoved: 0 }, server),
    line(5, { act: "text-unrecorded", detail: older, ...server }),
  ];
  render(<RecordList lines={lines} />);
  expect(rows()).toEqual([
    expect.stringContaining("Linecheck tidied the text · change 1,201"),
    expect.stringContaining("Linecheck has no record of who made changes 1–1,200"),
  ]);
});

test("[RE1] edits that follow one another are one entry, which opens; other acts stand by themselves", async () => {
  const lines = [
    line(9, { act: "story-moved", detail: { to: "approved" } }),
    edited(8, "41-69", { wordsWritten: 10, wordsRemoved: 0 }, two),
    edited(7, "12-40", { wordsWritten: 214, wordsRemoved: 12 }),
    edited(6, "11", { wordsWritten: 0, wordsRemoved: 0, updates: 1 }, server),
    line(5),
    edited(4, "1-10", { wordsWritten: 3, wordsRemoved: 0 }),
  ];
  render(<RecordList lines={lines} />);
  const list = screen.getAllByRole("list")[0];
  if (!list) throw new Error("no list");
  expect(list.children).toHaveLength(4);
  const together = list.children[1] as HTMLElement;
  expect(together.textContent).toContain(
    "Reporter Two and Reporter One wrote 224 words, took away 12 · 59 changes",
  );
  fireEvent.click(within(together).getByText("3 rows"));
  const inside = within(together).getAllByRole("listitem");
  expect(inside.map((row) => row.textContent)).toEqual([
    expect.stringContaining("Reporter Two wrote 10 words · changes 41–69"),
    expect.stringContaining("Reporter One wrote 214 words, took away 12 · changes 12–40"),
    expect.stringContaining("Linecheck tidied the text · change 11"),
  ]);
  await expectAccessible();
});

test("[RE1] edits of several stories are told as such", () => {
  const lines = [
    edited(8, "41-69", { wordsWritten: 10, wordsRemoved: 0 }, { ...two, storyId: "s2" }),
    edited(7, "12-40", { wordsWritten: 214, wordsRemoved: 12 }),
  ];
  render(<RecordList lines={lines} />);
  expect(rows()[0]).toContain("wrote 224 words, took away 12 in 2 stories · 58 changes");
});
