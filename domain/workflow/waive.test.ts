import { expect, test } from "vitest";
import { claim, person, removed, story, verdict, waiver } from "../claims/test-claims";
import { roles } from "../people/person";
import { waive } from "./waive";
import { rules } from "./workflow";

const editor = person("editor");

test("[PE1] only an editor waives", () => {
  for (const role of roles) {
    const answer = waive(person(role), story({ people: ["admin"] }), claim(), "unchecked");
    if (role === "editor") expect(answer).toMatchObject({ rule: "unchecked", foldedWords: "4,600 soldiers" });
    else expect(answer).toEqual({ refused: "may-not-waive" });
  }
});

test("[GT4] headline, dateline and byline are never waived", () => {
  for (const rule of rules.filter((rule) => rule.startsWith("no-"))) {
    expect(waive(editor, story(), claim(), rule)).toEqual({ refused: "never-waived" });
  }
});

test("[GT4] what does not block cannot be waived", () => {
  expect(waive(editor, story(), claim(), "stale")).toEqual({ refused: "nothing-to-waive" });
  expect(waive(editor, story(), claim({ verdict: verdict() }), "unchecked")).toEqual({
    refused: "nothing-to-waive",
  });
  expect(waive(editor, story(), claim({ removed }), "unchecked")).toEqual({ refused: "claim-removed" });
});

test("[GT4] one editor waives once, another may too; after the words changed the first may again", () => {
  const one = claim({ importance: "critical", waivers: [waiver({ cause: "[]" })] });
  expect(waive(editor, story(), one, "unchecked")).toEqual({ refused: "already-waived" });
  expect(waive(person("editor", "second"), story(), one, "unchecked")).toMatchObject({ rule: "unchecked" });
  const reworded = { ...one, anchor: { ...one.anchor, words: "4,601 soldiers" } };
  expect(waive(editor, story(), reworded, "unchecked")).toMatchObject({ foldedWords: "4,601 soldiers" });
});
