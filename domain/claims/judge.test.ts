import { describe, expect, test } from "vitest";
import type { Role } from "../people/person";
import { type Claim, type VerdictKind, verdictKinds } from "./claim";
import { judge, mayJudge } from "./judge";
import { claim, person, removed, story, verdict } from "./test-claims";

const checker = person("checker");
const colleague = { id: "colleague", name: "A colleague" };

describe("judge", () => {
  const asksRationale: readonly VerdictKind[] = ["attributed", "disputed", "false", "unverifiable"];
  for (const kind of verdictKinds) {
    const why = asksRationale.includes(kind);
    test(`[CL3] the verdict ${kind} ${why ? "says why" : "need not say why"}`, () => {
      const given = { verdict: kind, replacement: "4,000 soldiers" };
      const answer = judge(checker, story(), claim(), given);
      if (why) expect(answer).toEqual({ refused: "needs-rationale" });
      else expect(answer).toMatchObject({ verdict: kind, words: "4,600 soldiers" });
      const said = judge(checker, story(), claim(), { ...given, rationale: "The ministry's own table." });
      expect(said).toMatchObject({ verdict: kind, rationale: "The ministry's own table." });
    });

    test(`[CL2] ${kind} over a colleague's standing verdict says why; over one's own only if it has to`, () => {
      const given = { verdict: kind, replacement: "4,000 soldiers" };
      const over = judge(checker, story(), claim({ verdict: verdict({ by: colleague }) }), given);
      expect(over).toEqual({ refused: "needs-rationale" });
      const own = judge(checker, story(), claim({ verdict: verdict({ by: checker }) }), given);
      expect("refused" in own).toBe(why);
    });
  }

  test("[CL3] verified if changed says how the words should read", () => {
    expect(judge(checker, story(), claim(), { verdict: "verified_if_changed" })).toEqual({
      refused: "needs-replacement",
    });
  });

  test("[CL3] only verified if changed keeps replacement words", () => {
    const answer = judge(checker, story(), claim(), { verdict: "verified", replacement: "other words" });
    expect(answer).toMatchObject({ replacement: null });
  });

  test("[PE1][BO8] a reporter judges no story they wrote in; checker and editor judge colleagues' words in it", () => {
    const others = claim({ authors: [colleague] });
    const shared = claim({ authors: [colleague, { id: "writer", name: "The writer" }] });
    const asked = (role: Role, what: Claim) =>
      judge(person(role, "writer"), story(), what, { verdict: "verified" });
    expect(asked("reporter", others)).toEqual({ refused: "wrote-in-it" });
    for (const role of ["checker", "editor"] as const) {
      expect(asked(role, others)).toMatchObject({ verdict: "verified" });
      expect(asked(role, shared)).toEqual({ refused: "wrote-these-words" });
    }
  });

  test("[PE1] a reporter judges a colleague's story; an admin named on it does not", () => {
    expect(mayJudge(person("reporter"), story(), claim())).toBe(true);
    expect(mayJudge(person("admin"), story({ people: ["admin"] }), claim())).toEqual({
      refused: "may-not-judge",
    });
  });

  test("[CL5] a removed claim is not judged", () => {
    expect(mayJudge(checker, story(), claim({ removed }))).toEqual({ refused: "claim-removed" });
  });

  test("a verdict belongs to words: none on words that are gone or that the checker did not see", () => {
    const gone = claim({ anchor: { ...claim().anchor, state: "orphaned", start: null, end: null } });
    expect(judge(checker, story(), gone, { verdict: "verified" })).toEqual({ refused: "words-gone" });
    expect(judge(checker, story(), claim(), { verdict: "verified", words: "3,500 soldiers" })).toEqual({
      refused: "words-changed",
    });
    const seen = judge(checker, story(), claim(), { verdict: "verified", words: "4,600  soldiers" });
    expect(seen).toMatchObject({ words: "4,600 soldiers" });
  });
});
