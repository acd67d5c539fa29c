import { describe, expect, test } from "vitest";
import type { StaleReason } from "./claim";
import { freshnessOf, type WordsNow } from "./freshness";

type Told = { readonly words: string; readonly sentence?: string };

/** The freshness of a claim judged on `then` and reading `now`. */
function after(then: Told, now: Told, state: WordsNow["state"] = "anchored") {
  return freshnessOf({
    anchor: { state, words: now.words, sentence: now.sentence ?? now.words },
    verdict: { words: then.words, sentence: then.sentence ?? then.words },
  });
}

test("[FR2] words that are gone are orphaned, whatever was found about them", () => {
  expect(after({ words: "4,600 troops" }, { words: "4,600 troops" }, "orphaned").freshness.state).toBe(
    "orphaned",
  );
});

test("[FR2] without a verdict a claim is unchecked", () => {
  const anchor = { state: "anchored", words: "4,600 troops", sentence: "There are 4,600 troops." } as const;
  expect(freshnessOf({ anchor, verdict: null }).freshness).toEqual({ state: "unchecked" });
});

test("[FR4] the checked words in place are current", () => {
  const told = { words: "4,600 troops", sentence: "KFOR has 4,600 troops." };
  expect(after(told, told)).toEqual({ freshness: { state: "current" }, contextChanged: false });
});

test.each([
  ["“We stay”", '"We stay"'],
  ["2019–2023", "2019-2023"],
  ["4,600 troops", "4,600  troops"],
  ["and then…", "and then..."],
  ["the mission’s end", "the mission's end"],
])("[FR2] typography alone is cosmetic: %s → %s", (was, now) => {
  expect(after({ words: was }, { words: now }).freshness).toEqual({ state: "cosmetic" });
});

describe("[FR2] other words are stale, with the old and new ones and a reason", () => {
  const cases: readonly (readonly [string, string, StaleReason])[] = [
    ["4,600 troops", "4,700 troops", "number"],
    ["4,600 troops", "14,600 troops", "number"],
    ["4,600 troops", "4,6000 troops", "number"],
    ["two soldiers", "three soldiers", "number"],
    ["on 24 September 2023", "on 25 September 2023", "date"],
    ["on 24 September", "on 24 October", "date"],
    ["last Tuesday", "last Wednesday", "date"],
    ["in 2008", "in 2009", "date"],
    ["am 3. Mai", "am 4. Mai", "date"],
    ["24.09.2023", "25.09.2023", "date"],
    ["will leave", "will not leave", "negation"],
    ["zog ab", "zog nicht ab", "negation"],
    ["povukao se", "nije se povukao", "negation"],
    ["повукао се", "није се повукао", "negation"],
    ["u tërhoq", "nuk u tërhoq", "negation"],
    ["some villages", "all villages", "negation"],
    ["don’t go", "do go", "negation"],
    ["“we are ready”", "“we are steady”", "quotation"],
    ["General Smith said", "General Jones said", "name"],
    ["the bridge was closed", "the bridge was opened", "words"],
  ];
  test.each(cases)("%s → %s: %s", (was, now, reason) => {
    expect(after({ words: was }, { words: now }).freshness).toEqual({ state: "stale", reason, was, now });
  });
});

describe("[FR3] the rest of the sentence", () => {
  const words = "4,600 troops";
  const sentence = "KFOR has 4,600 troops in the north.";
  test.each([
    ["a negation", "KFOR has not 4,600 troops in the north."],
    ["a contraction", "KFOR hasn’t 4,600 troops in the north."],
    ["a quantifier", "KFOR has at least 4,600 troops in the north."],
    ["about", "KFOR has about 4,600 troops in the north."],
    ["over a number", "KFOR has over 4,600 troops and 30 tanks in the north."],
    ["a number", "KFOR has 4,600 troops and 30 tanks in the north."],
    ["a number in words", "KFOR has 4,600 troops and thirty tanks in the north."],
  ])("%s put into it makes the verdict stale by context", (_what, now) => {
    const there = after({ words, sentence }, { words, sentence: now });
    expect(there.freshness).toEqual({ state: "stale", reason: "context", was: sentence, now });
    const back = after({ words, sentence: now }, { words, sentence });
    expect(back.freshness.state).toBe("stale");
  });

  test.each([
    ["another word", "KFOR has 4,600 troops in the far north."],
    ["a name", "KFOR has 4,600 troops in the north of Kosovo."],
  ])("%s is marked and leaves the verdict current", (_what, now) => {
    expect(after({ words, sentence }, { words, sentence: now })).toEqual({
      freshness: { state: "current" },
      contextChanged: true,
    });
  });

  test("typography in it is no change", () => {
    const now = "KFOR  has 4,600 troops in the north.";
    expect(after({ words, sentence }, { words, sentence: now }).contextChanged).toBe(false);
  });

  test("a negation inside the claim's own words is not of the rest", () => {
    const told = { words: "not a base", sentence: "It is not a base." };
    expect(after(told, { ...told, sentence: "It is not a base now." })).toEqual({
      freshness: { state: "current" },
      contextChanged: true,
    });
  });
});
