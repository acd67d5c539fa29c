import { describe, expect, test } from "vitest";
import { person, story } from "../claims/test-claims";
import { roles } from "../people/person";
import { type Status, statuses } from "../stories/story";
import { mayRelease, moveAsked, moves, movesOf } from "./moves";

const hash = "0".repeat(64);
const given = (to: Status) => ({ to, contentHash: hash, reason: "Because." });

/** The table WF1 once more, by hand: from → to → who may. A reporter's or checker's absence is a missing right. */
const table: Readonly<Record<Status, Readonly<Partial<Record<Status, readonly string[]>>>>> = {
  draft: { checking: ["reporter", "checker", "editor"], spiked: ["editor"] },
  checking: { draft: ["checker", "editor"], approved: ["editor"], spiked: ["editor"] },
  approved: { draft: ["editor"], checking: ["editor"], published: ["editor"], spiked: ["editor"] },
  published: {},
  spiked: { draft: ["editor"] },
};
/** Who may ever move a story there; the others are told which right they lack, wherever it stands. */
const ever: Readonly<Record<Status, readonly string[]>> = {
  draft: ["checker", "editor"],
  checking: ["reporter", "checker", "editor"],
  approved: ["editor"],
  published: ["editor"],
  spiked: ["editor"],
};

describe("moves", () => {
  for (const status of statuses) {
    for (const to of statuses) {
      for (const role of roles) {
        const starts = table[status][to];
        const expected = starts
          ? starts.includes(role)
            ? "moves"
            : "right"
          : ever[to].includes(role)
            ? "not-from-here"
            : "right";
        test(`[WF1] ${role}: ${status} → ${to}: ${expected}`, () => {
          const facts = story({ status, people: ["admin"] });
          const answer = moveAsked(person(role), facts, given(to));
          if (expected === "moves") expect(answer).toMatchObject({ to });
          else if (expected === "right")
            expect(answer).toMatchObject({ refused: expect.stringMatching(/^may-not-/) });
          else expect(answer).toEqual({ refused: "not-from-here" });
          expect(movesOf(person(role), facts).some((move) => move.to === to)).toBe(expected === "moves");
        });
      }
    }
  }

  test("[WF1] send back, withdraw and spike ask a reason; sending to checking and reviving do not", () => {
    const asked = (status: Status, to: Status) => moveAsked(person("editor"), story({ status }), { to });
    for (const [status, to] of [
      ["checking", "draft"],
      ["approved", "draft"],
      ["approved", "checking"],
      ["draft", "spiked"],
      ["checking", "spiked"],
      ["approved", "spiked"],
    ] as const) {
      expect(asked(status, to)).toEqual({ refused: "needs-reason" });
    }
    expect(asked("draft", "checking")).toMatchObject({ name: "send-to-checking" });
    expect(asked("spiked", "draft")).toMatchObject({ name: "revive" });
  });

  test("[WF3] approving and publishing ask for the content hash seen", () => {
    for (const [status, to] of [
      ["checking", "approved"],
      ["approved", "published"],
    ] as const) {
      expect(moveAsked(person("editor"), story({ status }), { to, reason: "Why" })).toEqual({
        refused: "needs-content-hash",
      });
    }
  });

  test("[PE1] an editor does not approve what only they wrote", () => {
    const own = story({ writers: ["editor"] });
    expect(moveAsked(person("editor"), own, given("approved"))).toEqual({ refused: "only-writer" });
  });

  test("a story that the person may not know of is not there, whatever they ask", () => {
    const hidden = story({ private: true, status: "published" });
    for (const to of statuses) {
      expect(moveAsked(person("reporter"), hidden, given(to))).toEqual({ refused: "not-visible" });
    }
  });

  test("[WF1] from one status at most one move leads to another", () => {
    const steps = moves.flatMap((move) => move.from.map((from) => `${from} → ${move.to}`));
    expect(new Set(steps).size).toBe(steps.length);
  });
});

describe("release", () => {
  const open = { open: true, blockers: [] };
  const closed = {
    open: false,
    blockers: [
      { rule: "no-byline", sentence: "No.", waivable: false, waiversGiven: 0, waiversAsked: 0 },
    ] as const,
  };
  test("[WF3] another hash than the person saw is text-changed, even while the gate is closed", () => {
    expect(mayRelease({ seen: "1".repeat(64), contentHash: hash, gate: open })).toEqual({
      refused: "text-changed",
    });
    const gate = { ...closed, blockers: [...closed.blockers] };
    expect(mayRelease({ seen: "1".repeat(64), contentHash: hash, gate })).toEqual({
      refused: "text-changed",
    });
    expect(mayRelease({ seen: undefined, contentHash: hash, gate: open })).toEqual({
      refused: "text-changed",
    });
  });
  test("[WF3] a closed gate says what blocks", () => {
    const gate = { ...closed, blockers: [...closed.blockers] };
    expect(mayRelease({ seen: hash, contentHash: hash, gate })).toEqual({
      refused: "gate-closed",
      blockers: gate.blockers,
    });
    expect(mayRelease({ seen: hash, contentHash: hash, gate: open })).toBe(true);
  });
});
