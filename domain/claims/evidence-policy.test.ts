import { describe, expect, test } from "vitest";
import { type Importance, importances, type Kind, kinds, type Source, sourceTypes } from "./claim";
import { evidenceMissing, evidenceNeed, originOf } from "./evidence-policy";
import { claim, evidence } from "./test-claims";

const missing = (kind: Kind, importance: Importance, ...sources: readonly Partial<Source>[]) =>
  evidenceMissing(claim({ kind, importance, evidence: sources.map((source) => evidence(source)) }));

describe("the default evidence policy", () => {
  for (const kind of kinds) {
    for (const importance of importances) {
      const expected =
        kind === "quote"
          ? "quote"
          : importance !== "critical"
            ? null
            : ["number", "event", "allegation"].includes(kind)
              ? "strong-or-two"
              : "one";
      test(`[GT3] a ${importance} claim of kind ${kind} needs ${expected ?? "nothing"}`, () => {
        expect(evidenceNeed({ kind, importance })).toBe(expected);
        expect(missing(kind, importance)).toBe(expected);
      });
    }
  }

  for (const type of sourceTypes) {
    for (const reliability of ["A", "B", "C", undefined] as const) {
      const strong = ["document", "recording", "dataset"].includes(type) && /[AB]/.test(reliability ?? "");
      test(`[GT3] one ${type} of reliability ${reliability ?? "unknown"} is ${strong ? "" : "not "}enough for a critical number`, () => {
        const source = { type, ...(reliability && { reliability }) };
        expect(missing("number", "critical", source)).toBe(strong ? null : "strong-or-two");
      });
    }
    const confirms = ["recording", "document", "named_person", "spokesperson"].includes(type);
    test(`[GT3] a ${type} ${confirms ? "confirms" : "does not confirm"} a quote`, () => {
      expect(missing("quote", "low", { type })).toBe(confirms ? null : "quote");
    });
  }

  test("[GT3] two sources of different origin are enough; five outlets quoting one agency are one", () => {
    const outlet = (name: string) => ({ type: "media", name, origin: "One agency" }) as const;
    const outlets = ["One", "Two", "Three", "Four", "Five"].map(outlet);
    expect(missing("event", "critical", ...outlets)).toBe("strong-or-two");
    expect(missing("event", "critical", ...outlets, { name: "An eyewitness" })).toBeNull();
  });

  test("[GT3] the agency itself and an outlet that quotes it are one origin", () => {
    const agency = { type: "agency", name: "One Agency" } as const;
    expect(missing("allegation", "critical", agency, { name: "Outlet", origin: "one  agency" })).toBe(
      "strong-or-two",
    );
  });

  test("[GT3] the same source cited twice is one; without an origin a source is its own", () => {
    expect(missing("number", "critical", { name: "A paper" }, { name: "A paper" })).toBe("strong-or-two");
    expect(missing("number", "critical", { name: "A paper" }, { name: "Another paper" })).toBeNull();
    expect(originOf({ name: " “A” Paper " })).toBe('"a" paper');
  });

  test("[GT3] only what supports counts", () => {
    const source = { type: "document", reliability: "A" } as const;
    for (const relation of ["contradicts", "context"] as const) {
      const one = claim({
        kind: "number",
        importance: "critical",
        evidence: [evidence(source, { relation })],
      });
      expect(evidenceMissing(one)).toBe("strong-or-two");
    }
  });

  test("[GT3] every other critical claim needs one source of any type", () => {
    expect(missing("place", "critical", { type: "social" })).toBeNull();
  });
});
