import { expect, test } from "vitest";
import { fold, foldWithPlaces } from "./fold";

const same: readonly (readonly [string, string])[] = [
  ["4,600  troops", "4,600 troops"],
  ["4,600\u00A0troops", "4,600 troops"],
  ["4,600\n\ntroops", "4,600 troops"],
  ["Pri\u0161tina", "Pris\u030Ctina"],
  ["“They came”, he said", '"They came", he said'],
  ["„Sie kamen“", "»Sie kamen«"],
  ["KFOR’s", "KFOR's"],
  ["2019–2020", "2019-2020"],
  ["wait…", "wait..."],
  ["co\u00ADoperate", "cooperate"],
  ["\u200B4,600", "4,600"],
  ["  4,600 ", "4,600"],
  [" 4,600", "4,600"],
];
test.each(same)("[FR1] typography alone folds together: %j and %j", (a, b) => {
  expect(fold(a)).toBe(fold(b));
});

const other: readonly (readonly [string, string])[] = [
  ["4,600", "4.600"],
  ["4,600", "-4,600"],
  ["Force", "force"],
  ["4,600", "4600"],
  ["They came.", "They came"],
  ["They came?", "They came!"],
  ["he came", "hecame"],
];
test.each(other)("[FR1] case, digits, signs and punctuation stay: %j and %j", (a, b) => {
  expect(fold(a)).not.toBe(fold(b));
});

test("[FR1] every folded letter knows where it stood", () => {
  const text = "A  “big”  co\u00ADop … and Pris\u030Ctina — 4,600\n\ntroops.";
  const folded = foldWithPlaces(text);
  expect(folded.text).toBe('A "big" coop ... and Pri\u0161tina - 4,600 troops.');
  for (const word of ["big", "and", "4,600", "troops"]) {
    const at = folded.text.indexOf(word);
    expect(folded.unfold(at)).toBe(text.indexOf(word));
    expect(folded.unfold(at + word.length)).toBe(text.indexOf(word) + word.length);
    expect(folded.refold(text.indexOf(word))).toBe(at);
  }
  expect(folded.unfold(folded.text.length)).toBe(text.length);
});

test("[FR1] folding twice changes nothing", () => {
  for (const [a, b] of [...same, ...other])
    for (const text of [a, b]) expect(fold(fold(text))).toBe(fold(text));
});
