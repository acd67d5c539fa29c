import { expect, test } from "vitest";
import type { HashedContent } from "../body/content-hash";
import { lapsedWords, wordsBetween } from "./lapsed-words";

const paragraph = (text: string, marks: readonly { type: string }[] = []) => ({
  type: "paragraph",
  content: [{ type: "text", text, ...(marks.length > 0 && { marks }) }],
});
const approved = (given: { headline?: string; body?: string; place?: string } = {}): HashedContent => ({
  content: {
    headline: [paragraph(given.headline ?? "A report")],
    standfirst: [],
    body: [paragraph("First."), paragraph(given.body ?? "Some 4,600 soldiers came.")],
  },
  dateline: { place: given.place ?? "Pristina", date: "2026-03-02" },
  byline: ["Reporter One"],
});

test("[WF2] a digit typed into a number names both numbers whole", () => {
  expect(wordsBetween("Some 4,600 soldiers came.", "Some 14,600 soldiers came.")).toEqual({
    was: "4,600",
    now: "14,600",
  });
});

test("[WF2] put in, taken out, and changed in two places", () => {
  expect(wordsBetween("He came.", "He never came.")).toEqual({ was: "He came", now: "He never came" });
  expect(wordsBetween("He never came.", "He came.")).toEqual({ was: "He never came", now: "He came" });
  expect(wordsBetween("One two three four.", "One 2 three 4.")).toEqual({
    was: "two three four",
    now: "2 three 4",
  });
});

test("[WF2] a space typed after a word tells where", () => {
  expect(wordsBetween("A patrol in town.", "A patrol  in town.")).toEqual({
    was: "patrol in",
    now: "patrol in",
  });
  expect(wordsBetween("It ends.\n\nNext.", "It ends. \n\nNext.")).toEqual({
    was: "ends. Next",
    now: "ends. Next",
  });
});

test("[WF2] words and the part of the story in which they stood", () => {
  expect(lapsedWords(approved(), approved({ body: "Some 4,601 soldiers came." }))).toEqual({
    part: "text",
    was: "4,600",
    now: "4,601",
  });
  expect(lapsedWords(approved(), approved({ headline: "A last report" }))).toMatchObject({
    part: "headline",
    was: "A report",
    now: "A last report",
  });
  expect(lapsedWords(approved(), approved({ place: "Prizren" }))).toEqual({
    part: "dateline",
    was: "Pristina",
    now: "Prizren",
  });
});

test("[WF2] a change of form alone names the words it is about", () => {
  const bold = approved();
  const body = [paragraph("First."), paragraph("Some 4,600 soldiers came.", [{ type: "bold" }])];
  expect(lapsedWords(bold, { ...bold, content: { ...bold.content, body } })).toEqual({
    part: "text",
    was: "Some 4,600 soldiers came.",
    now: "Some 4,600 soldiers came.",
  });
});

test("[WF2] long words are shortened", () => {
  const { now } = wordsBetween("a", "word ".repeat(1000));
  expect(now.length).toBeLessThan(210);
});
