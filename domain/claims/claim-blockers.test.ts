import { describe, expect, test } from "vitest";
import { type Claim, staleReasons, type VerdictKind, verdictKinds } from "./claim";
import { claimBlockers } from "./claim-blockers";
import { progressOf } from "./progress";
import { claim, evidence, verdict, waiver } from "./test-claims";

const rulesOf = (one: Claim) => claimBlockers(one).map((blocker) => blocker.rule);
const judged = (kind: VerdictKind, given: Partial<Claim> = {}) =>
  claim({ verdict: verdict({ verdict: kind, replacement: "4,000 soldiers" }), ...given });
/** The claim with a waiver for each of its blockers by each of these editors. */
const waivedBy = (one: Claim, ...editors: readonly string[]): Claim => ({
  ...one,
  waivers: editors.flatMap((id) =>
    claimBlockers(one).map(({ rule, foldedWords, cause }) =>
      waiver({ rule, foldedWords, cause, by: { id, name: id } }),
    ),
  ),
});

describe("what blocks", () => {
  test("[GT2] an unchecked claim, by its words", () => {
    expect(claimBlockers(claim())).toMatchObject([
      {
        rule: "unchecked",
        claimId: "claim",
        quote: "4,600 soldiers",
        sentence: "“4,600 soldiers” has not been checked.",
      },
    ]);
  });

  const byVerdict: Readonly<Record<VerdictKind, readonly string[]>> = {
    verified: [],
    attributed: [],
    not_checkable: [],
    false: ["false"],
    disputed: ["disputed"],
    unverifiable: ["unverifiable"],
    verified_if_changed: ["verified-if-changed"],
  };
  for (const kind of verdictKinds) {
    test(`[GT2] a normal claim judged ${kind}: ${byVerdict[kind].join() || "nothing"}`, () => {
      for (const state of ["current", "cosmetic"] as const) {
        expect(rulesOf(judged(kind, { freshness: { state } }))).toEqual(byVerdict[kind]);
      }
    });
    const wantsEvidence = kind === "verified" || kind === "verified_if_changed";
    test(`[GT3] a critical number judged ${kind} ${wantsEvidence ? "needs" : "does not need"} evidence`, () => {
      const one = judged(kind, { kind: "number", importance: "critical" });
      expect(rulesOf(one).includes("evidence")).toBe(wantsEvidence);
      const supported = { ...one, evidence: [evidence({ type: "document", reliability: "A" })] };
      expect(rulesOf(supported)).toEqual(byVerdict[kind]);
    });
  }

  test("[GT2] a verified-if-changed claim says how it should read", () => {
    const [blocker] = claimBlockers(judged("verified_if_changed"));
    expect(blocker?.sentence).toBe("“4,600 soldiers” is verified only if it reads “4,000 soldiers”.");
  });

  test("[GT2] words that are gone", () => {
    const one = judged("false", { freshness: { state: "orphaned" } });
    expect(claimBlockers(one)).toMatchObject([
      {
        rule: "orphaned",
        sentence: "“4,600 soldiers” is gone from the text: find it again, or remove the claim.",
      },
    ]);
  });

  for (const reason of staleReasons) {
    test(`[GT2] a stale claim (${reason}) says what was judged, how, and what changed`, () => {
      const one = claim({
        verdict: verdict({ words: "3,500 soldiers" }),
        freshness: { state: "stale", reason, was: "3,500 soldiers", now: "4,600 soldiers" },
      });
      const [blocker] = claimBlockers(one);
      expect(blocker?.rule).toBe("stale");
      expect(blocker?.sentence).toContain("verified");
      expect(blocker?.sentence).toContain("“4,600 soldiers”");
      expect(blocker?.sentence.includes("“3,500 soldiers”")).toBe(reason !== "context");
    });
  }

  test("[GT2] proposed words in place still need a verdict, and the sentence says so", () => {
    const one = claim({
      verdict: verdict({
        verdict: "verified_if_changed",
        words: "3,500 soldiers",
        replacement: "4,600 soldiers",
      }),
      freshness: { state: "stale", reason: "number", was: "3,500 soldiers", now: "4,600 soldiers" },
    });
    expect(claimBlockers(one)).toMatchObject([
      {
        rule: "stale",
        sentence: "“4,600 soldiers” now reads as the checker proposed; a verdict has to confirm it.",
      },
    ]);
  });

  test("long words are shortened in the sentence, not in the quote", () => {
    const words = "word ".repeat(100).trim();
    const [blocker] = claimBlockers(claim({ anchor: { ...claim().anchor, words } }));
    expect(blocker?.quote).toBe(words);
    expect(blocker?.sentence.length).toBeLessThan(160);
  });
});

describe("waivers", () => {
  test("[GT4] one editor is enough for a normal claim", () => {
    const [blocker] = claimBlockers(waivedBy(claim(), "editor"));
    expect(blocker).toMatchObject({ waived: true, waiversGiven: 1, waiversAsked: 1 });
  });

  test("[GT4] a critical claim asks two different editors", () => {
    const one = claim({ importance: "critical" });
    const twice = [...waivedBy(one, "editor").waivers, ...waivedBy(one, "editor").waivers];
    expect(claimBlockers({ ...one, waivers: twice })).toMatchObject([{ waived: false, waiversGiven: 1 }]);
    expect(claimBlockers(waivedBy(one, "editor", "second"))).toMatchObject([
      { waived: true, waiversGiven: 2 },
    ]);
  });

  test("[GT4] a normal claim's waiver is half of what it asks once it is critical", () => {
    const one = { ...waivedBy(claim(), "editor"), importance: "critical" } as const;
    expect(claimBlockers(one)).toMatchObject([{ waived: false, waiversGiven: 1, waiversAsked: 2 }]);
  });

  test("[GT4] a waiver covers one rule", () => {
    const one = judged("verified_if_changed", { kind: "number", importance: "normal" });
    const critical = { ...one, importance: "critical" } as const;
    const waivers = waivedBy(critical, "editor", "second").waivers.filter((w) => w.rule === "evidence");
    expect(claimBlockers({ ...critical, waivers }).map(({ rule, waived }) => [rule, waived])).toEqual([
      ["verified-if-changed", false],
      ["evidence", true],
    ]);
  });

  test("[GT4] it lapses with the words, not with their typography", () => {
    const one = waivedBy(claim(), "editor");
    const at = (words: string) => claimBlockers({ ...one, anchor: { ...one.anchor, words } })[0]?.waived;
    expect(at("4,600  soldiers")).toBe(true);
    expect(at("4,601 soldiers")).toBe(false);
    expect(at("4,600 soldiers")).toBe(true);
  });

  test("[GT4] it lapses when a new verdict gives the rule another cause", () => {
    const one = waivedBy(judged("false"), "editor");
    expect(claimBlockers(one)).toMatchObject([{ waived: true }]);
    const again = { ...one, verdict: verdict({ id: "later", verdict: "false" }) };
    expect(claimBlockers(again)).toMatchObject([{ waived: false, waiversGiven: 0 }]);
  });

  test("[GT4] a waived lack of evidence lapses with new evidence that is weighed, not with context", () => {
    const one = waivedBy(judged("verified", { kind: "quote" }), "editor");
    const plus = (relation: "supports" | "contradicts" | "context") =>
      claimBlockers({ ...one, evidence: [evidence({ type: "social" }, { relation })] })[0]?.waived;
    expect(plus("context")).toBe(true);
    expect(plus("contradicts")).toBe(false);
    expect(plus("supports")).toBe(false);
  });

  test("[GT4] a waived stale context lapses when the sentence changes again", () => {
    const stale = (now: string): Claim["freshness"] => ({ state: "stale", reason: "context", was: "", now });
    const one = waivedBy(judged("verified", { freshness: stale("not") }), "editor");
    expect(claimBlockers(one)).toMatchObject([{ waived: true }]);
    expect(claimBlockers({ ...one, freshness: stale("never") })).toMatchObject([{ waived: false }]);
  });
});

describe("progress", () => {
  test("[CL6] unchecked is open, verified is checked, anything that blocks wants attention", () => {
    expect(progressOf(claim())).toBe("open");
    expect(progressOf(claim({ importance: "critical", kind: "number" }))).toBe("open");
    expect(progressOf(judged("verified"))).toBe("checked");
    expect(progressOf(judged("attributed"))).toBe("checked");
    expect(progressOf(judged("not_checkable"))).toBe("checked");
    for (const kind of ["false", "disputed", "unverifiable", "verified_if_changed"] as const) {
      expect(progressOf(judged(kind))).toBe("attention");
    }
    for (const state of ["stale", "orphaned", "expired"] as const) {
      expect(progressOf(judged("verified", { freshness: { state } }))).toBe("attention");
    }
    expect(progressOf(judged("verified", { kind: "quote" }))).toBe("attention");
  });

  test("[CL6] waived when all its blockers are, not before", () => {
    expect(progressOf(waivedBy(claim(), "editor"))).toBe("waived");
    const critical = claim({ importance: "critical" });
    expect(progressOf(waivedBy(critical, "editor"))).toBe("open");
    expect(progressOf(waivedBy(critical, "editor", "second"))).toBe("waived");
  });
});
