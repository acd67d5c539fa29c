import { describe, expect, test } from "vitest";
import type { Claim } from "../claims/claim";
import { claimBlockers } from "../claims/claim-blockers";
import { claim, evidence, removed, verdict, waiver } from "../claims/test-claims";
import { gate, type GatedStory } from "./gate";
import { Gate } from "./workflow";

const story = (given: Partial<GatedStory> = {}): GatedStory => ({
  headline: "A report",
  dateline: { place: "Pristina", date: "2026-03-02" },
  byline: ["Reporter One"],
  ...given,
});
const rules = (answer: Gate) => answer.blockers.map((blocker) => blocker.rule);
const at = (field: Claim["anchor"]["field"], start: number | null) => ({ ...claim().anchor, field, start });

describe("the gate", () => {
  test("[GT1] is open when nothing blocks", () => {
    const checked = claim({ verdict: verdict() });
    expect(gate(story(), [checked])).toEqual({ open: true, blockers: [] });
  });

  test("[GT2] asks for headline, dateline and byline, and never lets them be waived", () => {
    const bare = story({ headline: " …", dateline: { place: "", date: "" }, byline: [] });
    const answer = gate(bare, []);
    expect(rules(answer)).toEqual(["no-headline", "no-dateline", "no-byline"]);
    for (const blocker of answer.blockers) {
      expect(blocker).toMatchObject({ waivable: false });
      expect(blocker.sentence).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("[GT2] a dateline has a place and a date", () => {
    for (const dateline of [
      { place: "Pristina", date: "" },
      { place: " ", date: "2026-03-02" },
    ]) {
      expect(rules(gate(story({ dateline }), []))).toEqual(["no-dateline"]);
    }
  });

  test("[GT1] names each blocking claim with its words, in the order of the text, what is gone last", () => {
    const claims = [
      claim({ id: "gone", anchor: at("headline", null), freshness: { state: "orphaned" } }),
      claim({ id: "late", anchor: at("body", 200) }),
      claim({ id: "early", anchor: at("body", 7) }),
      claim({ id: "title", anchor: at("headline", 50) }),
    ];
    const answer = gate(story(), claims);
    expect(answer.blockers.map((blocker) => blocker.claimId)).toEqual(["title", "early", "late", "gone"]);
    expect(answer.blockers[0]).toMatchObject({ rule: "unchecked", quote: "4,600 soldiers", waivable: true });
    expect(Gate.parse(answer)).toEqual(answer);
  });

  test("[CL5] a removed claim blocks nothing", () => {
    expect(gate(story(), [claim({ removed })]).open).toBe(true);
  });

  test("[GT3] a verified critical number without evidence keeps it closed; with a strong source it opens", () => {
    const one = claim({ kind: "number", importance: "critical", verdict: verdict() });
    expect(rules(gate(story(), [one]))).toEqual(["evidence"]);
    const supported = { ...one, evidence: [evidence({ type: "dataset", reliability: "B" })] };
    expect(gate(story(), [supported]).open).toBe(true);
  });

  test("[GT4] what is waived blocks no more; half of two waivers is told and blocks", () => {
    const one = claim({ importance: "critical" });
    const [blocker] = claimBlockers(one);
    const by = (id: string) =>
      waiver({ rule: "unchecked", cause: blocker?.cause ?? "", by: { id, name: id } });
    expect(gate(story(), [{ ...one, waivers: [by("editor")] }]).blockers).toMatchObject([
      { rule: "unchecked", waiversGiven: 1, waiversAsked: 2 },
    ]);
    expect(gate(story(), [{ ...one, waivers: [by("editor"), by("second")] }]).open).toBe(true);
  });
});
