import { expect, test } from "vitest";
import { sentenceAround, sentenceStarts } from "./sentences";

function sentences(text: string): string[] {
  const starts = [0, ...sentenceStarts(text)];
  return starts.map((start, index) => text.slice(start, starts[index + 1]).trimEnd());
}

const texts: readonly (readonly string[])[] = [
  ["KFOR has 4,600 troops.", "They come from 27 nations."],
  ["It grew by 4.5 percent.", "Nobody knew why."],
  ["Gen. Enrico Barduani met Dr. Kurti.", "They spoke."],
  ["J. Stoltenberg came to the U.S. Embassy.", "He left."],
  ["“It is true.”", "“We came back!” he said.", "Then silence."],
  ["He asked: “Why?” and left.", "Nobody answered."],
  ["Am 12. März kamen 30 Soldaten.", "Im 19. Jahrhundert war das anders.", "Es waren z.B. Reiter."],
  ["Die Zahl liegt bei 4.600.", "Das sagte Oberst a. D. Müller."],
  ["Napad se dogodio 24. marta 1999. godine.", "Poginulo je 12 ljudi."],
  ["Napad je bio 24. 3. 1999. u Prištini.", "Poginulo je 12 ljudi."],
  ["Riječ je o tzv. kosovskim snagama.", "Dr. Ivić je otišao."],
  ["Sulmi ndodhi më 24 mars 1999.", "Z. Kurti tha p.sh. se ishte vonë."],
  ["One… two.", "Three!", "Four?"],
];
test.each(texts)("[FR3] sentences end where they end: %j", (...expected) => {
  expect(sentences(expected.join(" "))).toEqual(expected);
});

test("[FR3] a join of two paragraphs joins no sentences", () => {
  expect(sentences("It ended.KFOR stayed. The U.S.Army e.V. z.B.Reiter v.Chr. left.")).toEqual([
    "It ended.",
    "KFOR stayed.",
    "The U.S.Army e.V. z.B.Reiter v.Chr. left.",
  ]);
});

test("[FR3] a sentence ends with its block", () => {
  const text = "Headline without stop\n\nFirst. Second one here. Third.";
  const blocks = [
    { start: 0, end: 21, type: "heading", id: null },
    { start: 23, end: text.length, type: "paragraph", id: null },
  ];
  const around = (words: string) => {
    const start = text.indexOf(words);
    const span = sentenceAround({ text, blocks }, { start, end: start + words.length });
    return text.slice(span.start, span.end);
  };
  expect(around("without")).toBe("Headline without stop");
  expect(around("First")).toBe("First.");
  expect(around("one")).toBe("Second one here.");
  expect(around("here. Third")).toBe("Second one here. Third.");
  expect(around("stop\n\nFirst")).toBe("Headline without stop\n\nFirst.");
});
