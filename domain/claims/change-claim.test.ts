import { describe, expect, test } from "vitest";
import { changeClaim, removeClaim, rewordClaim } from "./change-claim";
import { claim, person, removed, story } from "./test-claims";

const by = (id: string) => ({ id, name: id });
const reporter = { person: person("reporter"), story: story() };
const checker = { person: person("checker"), story: story() };
const own = claim({ markedBy: by("reporter"), importance: "normal" });
const theirs = claim({ markedBy: by("other"), importance: "normal" });

describe("change and removal", () => {
  test("[CL5] a reporter takes back their own without a reason", () => {
    expect(removeClaim(reporter, own, undefined)).toBe(true);
    expect(changeClaim(reporter, own, { kind: "number" })).toEqual({ kind: "number" });
    expect(changeClaim(reporter, own, { importance: "low" })).toEqual({ importance: "low" });
  });

  test("[PE1] not a colleague's, nor their own once a colleague has added to it", () => {
    expect(removeClaim(reporter, theirs, "Reason")).toEqual({ refused: "not-your-claim" });
    expect(changeClaim(reporter, { ...own, touchedByOthers: true }, { kind: "number" })).toEqual({
      refused: "touched-by-others",
    });
  });

  test("[CL5] checkers and editors say why, even for their own", () => {
    for (const role of ["checker", "editor"] as const) {
      const who = { person: person(role), story: story() };
      for (const one of [theirs, claim({ markedBy: by(role) })]) {
        expect(removeClaim(who, one, undefined)).toEqual({ refused: "needs-reason" });
        expect(changeClaim(who, one, { importance: "low" })).toEqual({ refused: "needs-reason" });
        expect(changeClaim(who, one, { kind: "place" })).toEqual({ refused: "needs-reason" });
        expect(changeClaim(who, one, { kind: "place", reason: "Why" })).toEqual({ kind: "place" });
      }
    }
  });

  test("[PE1] raising the importance asks no more than marking a claim", () => {
    expect(changeClaim(reporter, theirs, { importance: "critical" })).toEqual({ importance: "critical" });
    expect(changeClaim(checker, theirs, { importance: "critical" })).toEqual({ importance: "critical" });
    const admin = { person: person("admin"), story: story({ people: ["admin"] }) };
    expect(changeClaim(admin, theirs, { importance: "critical" })).toEqual({ refused: "may-not-mark-claim" });
  });

  test("what is the same already is no change", () => {
    expect(changeClaim(reporter, theirs, { kind: theirs.kind, importance: theirs.importance })).toEqual({});
  });

  test("[CL5] a removed claim stays as it is", () => {
    const gone = { ...own, removed };
    expect(removeClaim(reporter, gone, undefined)).toEqual({ refused: "claim-removed" });
    expect(changeClaim(reporter, gone, { kind: "number" })).toEqual({ refused: "claim-removed" });
    expect(rewordClaim(reporter, gone, { quote: "4,600 soldiers" })).toEqual({ refused: "claim-removed" });
  });

  test("[PE1] finding a claim's own words again is anybody's; putting it on other words is not", () => {
    expect(rewordClaim(reporter, theirs, { quote: "4,600  soldiers" })).toEqual({ sameWords: true });
    expect(rewordClaim(reporter, theirs, { quote: "3,500 soldiers" })).toEqual({ refused: "not-your-claim" });
    expect(rewordClaim(reporter, own, { quote: "3,500 soldiers" })).toEqual({ sameWords: false });
    expect(rewordClaim(checker, theirs, { quote: "3,500 soldiers" })).toEqual({ refused: "needs-reason" });
    expect(rewordClaim(checker, theirs, { quote: "3,500 soldiers", reason: "Why" })).toEqual({
      sameWords: false,
    });
  });
});
