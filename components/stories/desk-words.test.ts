import { describe, expect, test } from "vitest";
import { datelineWords, deadlineWords } from "./desk-words";

describe("the dateline on the desk", () => {
  test.each([
    [{ place: "PRISTINA", date: "2026-11-12" }, "PRISTINA, 12 Nov 2026"],
    [{ place: "PRISTINA", date: "" }, "PRISTINA"],
    [{ place: "", date: "2026-11-12" }, "12 Nov 2026"],
    [{ place: "", date: "" }, ""],
  ])("%j is said as “%s”", (dateline, words) => {
    expect(datelineWords(dateline)).toBe(words);
  });
});

describe("the deadline on the desk", () => {
  const now = new Date(2026, 10, 25, 12, 0).getTime();
  const at = (hours: number) => new Date(now + hours * 60 * 60 * 1000).toISOString();

  test("today it is a time, later a day and a time", () => {
    expect(deadlineWords(at(4), "draft", now)).toEqual({ words: "due 16:00", pressing: false });
    expect(deadlineWords(at(28), "draft", now)).toEqual({ words: "due 26 Nov, 16:00", pressing: false });
  });
  test("presses in its last hour and after it", () => {
    expect(deadlineWords(at(0.5), "checking", now)?.pressing).toBe(true);
    expect(deadlineWords(at(-1), "checking", now)).toEqual({ words: "overdue since 11:00", pressing: true });
  });
  test("says nothing once the story is out or spiked", () => {
    expect(deadlineWords(at(-1), "published", now)).toBeNull();
    expect(deadlineWords(at(-1), "spiked", now)).toBeNull();
    expect(deadlineWords(null, "draft", now)).toBeNull();
  });
});
