import { expect, test } from "vitest";
import { holdsWords, widen } from "./tokens";

function widened(text: string, words: string): string {
  const start = text.indexOf(words);
  const span = widen(text, { start, end: start + words.length });
  return text.slice(span.start, span.end);
}

const table: readonly (readonly [string, string, string])[] = [
  ["About 14,600 troops", "4,600", "14,600"],
  ["About 4,6000 troops", "4,600", "4,6000"],
  ["About -4,600 troops", "4,600", "-4,600"],
  ["About −4,600 troops", "4,600", "−4,600"],
  ["About 4,600 % more", "4,600", "4,600 %"],
  ["About 4,600\u00A0% more", "4,600", "4,600\u00A0%"],
  ["About 4,600% more", "4,600", "4,600%"],
  ["About €4,600 more", "4,600", "€4,600"],
  ["About € 4,600 more", "4,600", "€ 4,600"],
  ["About 4,600 € more", "4,600", "4,600 €"],
  ["About -€4,600 more", "4,600", "-€4,600"],
  ["About 4,600.5 more", "4,600", "4,600.5"],
  ["At 12:30 they", "12", "12:30"],
  ["About 4,600, they", "4,600", "4,600"],
  ["It was 4,600. They", "4,600", "4,600"],
  ["In 2019-2020 they", "2020", "2020"],
  ["NATO-led troops", "led", "led"],
  ["Stoltenbergs Reise", "Stoltenberg", "Stoltenbergs"],
  ["in (4,600) of", "4,600", "4,600"],
  ["Pris\u030Ctina and", "Pris", "Pris\u030Ctina"],
  ["a 😀 b", "😀", "😀"],
  ["it said “no”", " said ", "said"],
];
test.each(table)("[AN3] in %j, %j is widened to %j", (text, words, wide) => {
  expect(widened(text, words)).toBe(wide);
});

test("[CL1] words hold a letter or a digit", () => {
  for (const words of ["a", "7", "š", "“no”"]) expect(holdsWords(words)).toBe(true);
  for (const words of ["", " ", "…", "—", "“”", "%", "😀"]) expect(holdsWords(words)).toBe(false);
});
