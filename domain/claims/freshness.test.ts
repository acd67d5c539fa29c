import { expect, test } from "vitest";
import { fold } from "../body/fold";
import type { StaleReason } from "./claim";
import { freshnessOf } from "./freshness";

type Words = { words: string; sentence?: string };

function judged(was: Words, now: Words) {
  const verdict = { words: was.words, foldedWords: fold(was.words), sentence: was.sentence ?? was.words };
  return freshnessOf({
    anchor: { state: "anchored", words: now.words, sentence: now.sentence ?? now.words },
    verdict,
  });
}

test("[FR2] without a place orphaned, without a verdict unchecked", () => {
  const anchor = { state: "orphaned" as const, words: "4,600", sentence: "4,600" };
  const verdict = { words: "4,600", foldedWords: "4,600", sentence: "4,600" };
  expect(freshnessOf({ anchor, verdict }).freshness).toEqual({ state: "orphaned" });
  expect(freshnessOf({ anchor, verdict: null }).freshness).toEqual({ state: "orphaned" });
  const there = { ...anchor, state: "changed" as const };
  expect(freshnessOf({ anchor: there, verdict: null }).freshness).toEqual({ state: "unchecked" });
  expect(freshnessOf({ anchor: { ...there, state: "moved" }, verdict }).freshness).toEqual({
    state: "current",
  });
});

const typography: readonly (readonly [string, string])[] = [
  ["4,600 troops", "4,600\u00A0troops"],
  ["“We stay”", '"We stay"'],
  ["„Wir bleiben“", "»Wir bleiben«"],
  ["2019–2020", "2019-2020"],
  ["and so on…", "and so on..."],
  ["4,600 troops", "4,600\n\ntroops"],
  ["Pri\u0161tina", "Pris\u030Ctina"],
];
test.each(typography)("[FR2] typography alone is cosmetic: %j and %j", (was, now) => {
  expect(judged({ words: was }, { words: now })).toEqual({
    freshness: { state: "cosmetic" },
    contextChanged: false,
  });
});

const changes: readonly (readonly [StaleReason, string, string])[] = [
  ["number", "4,600 troops", "4,700 troops"],
  ["number", "4,600", "14,600"],
  ["number", "4,600", "4,6000"],
  ["number", "4,600", "-4,600"],
  ["number", "4,600", "4,600 %"],
  ["number", "4,600", "€4,600"],
  ["number", "about 4,600", "about 4.600"],
  ["number", "three soldiers", "four soldiers"],
  ["number", "a dozen shots", "shots"],
  ["number", "dreiundzwanzig Soldaten", "vierundzwanzig Soldaten"],
  ["number", "dvanaest vojnika", "trinaest vojnika"],
  ["number", "дванаест војника", "тринаест војника"],
  ["number", "dymbëdhjetë ushtarë", "trembëdhjetë ushtarë"],
  ["number", "“We lost 30 men”", "“We lost 31 men”"],
  ["date", "on 24 March 1999", "on 25 March 1999"],
  ["date", "on 24 March 1999", "on 24 May 1999"],
  ["date", "on March 24, 1999", "on March 24, 1998"],
  ["date", "on Monday", "on Tuesday"],
  ["date", "yesterday", "today"],
  ["date", "at 12:30", "at 12:40"],
  ["date", "in 1999", "in 1998"],
  ["date", "am 12. März", "am 13. März"],
  ["date", "am Dienstag", "am Mittwoch"],
  ["date", "24. marta 1999. godine", "24. maja 1999. godine"],
  ["date", "u ponedeljak", "u utorak"],
  ["date", "më 24 mars 1999", "më 24 prill 1999"],
  ["date", "on 1999-03-24", "on 1999-03-25"],
  ["name", "troops under General Barduani", "troops under General Weber"],
  ["name", "Stoltenberg", "Rutte"],
  ["name", "soldiers from Kosovo came", "soldiers from Albania came"],
  ["name", "the KFOR mission", "the EULEX mission"],
  ["name", "General Enrico Barduani", "General Enrico Ferrari"],
  ["negation", "did agree to meet", "did not agree to meet"],
  ["negation", "they agreed", "they never agreed"],
  ["negation", "some villages", "all villages"],
  ["negation", "they can stay", "they can't stay"],
  ["negation", "with the army", "without the army"],
  ["negation", "sie haben das gesagt", "sie haben das nicht gesagt"],
  ["negation", "ein Soldat war da und ging", "kein Soldat war da und ging"],
  ["negation", "da je bio tamo", "da nije bio tamo"],
  ["negation", "oni će doći", "oni neće doći"],
  ["negation", "ata kanë ardhur në qytet", "ata nuk kanë ardhur në qytet"],
  ["negation", "ai ka thënë në qytet", "ai s'ka thënë në qytet"],
  ["quotation", "he said “we will stay”", "he said “we will leave”"],
  ["quotation", "er sagte „wir bleiben“", "er sagte „wir gehen“"],
  ["words", "the troops arrived", "the troops left"],
  ["words", "the troops arrived", "the troops arrived."],
  ["words", "the force", "the Force."],
];
test.each(changes.filter(([reason]) => reason !== "words"))(
  "[FR2] stale for its %s: %j to %j",
  (reason, was, now) => {
    expect(judged({ words: was }, { words: now })).toEqual({
      freshness: { state: "stale", reason, was, now },
      contextChanged: false,
    });
  },
);
test.each(changes.filter(([reason]) => reason === "words").slice(0, 2))(
  "[FR2] any other difference is stale too: %s, %j to %j",
  (reason, was, now) => {
    expect(judged({ words: was }, { words: now }).freshness).toEqual({ state: "stale", reason, was, now });
  },
);

test("[FR2] words inside a quotation are quoted though the marks stand outside", () => {
  const was = { words: "we will stay", sentence: "He said: “And we will stay here.”" };
  const now = { words: "we will leave", sentence: "He said: “And we will leave here.”" };
  expect(judged(was, now).freshness).toMatchObject({ state: "stale", reason: "quotation" });
});

test("[FR2] a word that only opens its sentence is no name", () => {
  const was = { words: "Troops arrived", sentence: "Troops arrived at noon." };
  const now = { words: "Buses arrived", sentence: "Buses arrived at noon." };
  expect(judged(was, now).freshness).toMatchObject({ state: "stale", reason: "words" });
});

const turned: readonly (readonly [string, string, string])[] = [
  ["4,600", "KFOR has 4,600 troops.", "KFOR does not have 4,600 troops."],
  ["4,600", "KFOR has 4,600 troops.", "KFOR has about 4,600 troops."],
  ["4,600", "KFOR has about 4,600 troops.", "KFOR has 4,600 troops."],
  ["4,600", "KFOR has 4,600 troops.", "KFOR has at least 4,600 troops."],
  ["4,600", "KFOR has 4,600 troops.", "KFOR has over 4,600 troops."],
  ["4,600", "KFOR has 4,600 troops.", "KFOR has 4,600 million troops."],
  ["troops", "The troops left.", "All troops left."],
  ["troops", "The troops left.", "Only the troops left."],
  ["troops", "The troops left.", "The 12 troops left."],
  ["30", "There were 30 dead on 3 days.", "There were 30 dead on 4 days."],
  ["Soldaten", "Die Soldaten sind da.", "Die Soldaten sind nicht da."],
  ["Soldaten", "Die Soldaten sind da.", "Nur die Soldaten sind da."],
  ["4.600", "Es sind 4.600 Soldaten.", "Es sind etwa 4.600 Soldaten."],
  ["vojnici", "Svi vojnici su otišli.", "Vojnici su otišli."],
  ["vojnici", "Vojnici su otišli.", "Vojnici nisu otišli."],
  ["војници", "Ту су војници.", "Ту нису војници."],
  ["4.600", "Ima 4.600 vojnika.", "Ima oko 4.600 vojnika."],
  ["4.600", "Riječ je o 4.600 vojnika.", "Riječ je o najmanje 4.600 vojnika."],
  ["ushtarët", "Ushtarët kanë shkuar.", "Ushtarët nuk kanë shkuar."],
  ["4.600", "KFOR-i ka 4.600 ushtarë.", "KFOR-i ka rreth 4.600 ushtarë."],
  ["ushtarët", "Janë ushtarët atje.", "Janë të gjithë ushtarët atje."],
];
test.each(turned)("[FR3] what turns the sentence of %j makes it stale: %j to %j", (words, was, now) => {
  expect(judged({ words, sentence: was }, { words, sentence: now })).toEqual({
    freshness: { state: "stale", reason: "context", was, now },
    contextChanged: false,
  });
});

const besides: readonly (readonly [string, string, string])[] = [
  ["4,600", "KFOR has 4,600 troops.", "KFOR keeps 4,600 troops."],
  ["4,600", "KFOR has 4,600 troops.", "KFOR has 4,600 soldiers in Kosovo."],
  ["troops", "The troops left.", "The troops went over the bridge."],
  ["Soldaten", "Die Soldaten sind da.", "Die Soldaten sind über die Brücke gegangen."],
  ["not there", "They were not there.", "They were not there then."],
  ["30", "On 3 days 30 died.", "On 3 nights, 30 died."],
];
test.each(besides)("[FR3] other changes beside %j are only marked: %j to %j", (words, was, now) => {
  expect(judged({ words, sentence: was }, { words, sentence: now })).toEqual({
    freshness: { state: "current" },
    contextChanged: true,
  });
});

test("[FR3] typography in the rest of the sentence is no change", () => {
  const was = { words: "4,600", sentence: "“KFOR has 4,600 troops.”" };
  const now = { words: "4,600", sentence: '"KFOR  has 4,600\u00A0troops."' };
  expect(judged(was, now)).toEqual({ freshness: { state: "current" }, contextChanged: false });
});

test("[FR4] the checked words back in place are current again", () => {
  const was = { words: "4,600", sentence: "KFOR has 4,600 troops." };
  expect(judged(was, { words: "14,600", sentence: "KFOR has 14,600 troops." }).freshness.state).toBe("stale");
  expect(judged(was, was)).toEqual({ freshness: { state: "current" }, contextChanged: false });
});
