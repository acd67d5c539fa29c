import { describe, expect, test } from "vitest";
import { wordDiff } from "./word-diff";

const textOf = (pieces: ReturnType<typeof wordDiff>, without: "gone" | "new") =>
  pieces
    .filter((piece) => piece.kind !== without)
    .map((piece) => piece.text)
    .join("");

describe("the words that changed", () => {
  test("a figure is one word, its separators too", () => {
    expect(wordDiff("Some 4,600 troops", "Some 4,700 troops")).toEqual([
      { kind: "same", text: "Some " },
      { kind: "gone", text: "4,600" },
      { kind: "new", text: "4,700" },
      { kind: "same", text: " troops" },
    ]);
  });

  test("words that changed side by side are one place", () => {
    expect(wordDiff("the old mayor said", "the new president said")).toEqual([
      { kind: "same", text: "the " },
      { kind: "gone", text: "old mayor" },
      { kind: "new", text: "new president" },
      { kind: "same", text: " said" },
    ]);
  });

  test("the same words have no difference", () => {
    expect(wordDiff("As it was.", "As it was.")).toEqual([{ kind: "same", text: "As it was." }]);
    expect(wordDiff("", "")).toEqual([]);
  });

  test("two texts of 20,000 other words each are told apart at once", () => {
    const before = Array.from({ length: 20_000 }, (_, n) => `a${String(n)}`).join(" ");
    const after = Array.from({ length: 20_000 }, (_, n) => `b${String(n)}`).join(" ");
    const pieces = wordDiff(before, after);
    expect(textOf(pieces, "new")).toBe(before);
    expect(textOf(pieces, "gone")).toBe(after);
  });

  test("pieces put together are the two texts, whatever they are (seeds 1 to 200)", () => {
    for (let seed = 1; seed <= 200; seed++) {
      let state = seed;
      const chance = (below: number) => {
        state = (state * 48_271) % 2_147_483_647;
        return state % below;
      };
      const vocabulary = ["a", "the", " ", "  ", "\n\n", "4,600", "4.600", "%", "„", "Đ", "не", "👩‍🚒", "."];
      const text = () =>
        Array.from({ length: chance(30) }, () => vocabulary[chance(vocabulary.length)] ?? "").join("");
      const before = text();
      const after = text();
      const pieces = wordDiff(before, after);
      expect(textOf(pieces, "new"), `seed ${String(seed)}`).toBe(before);
      expect(textOf(pieces, "gone"), `seed ${String(seed)}`).toBe(after);
    }
  });
});
