import { expect, test } from "vitest";
import { placeCards, type CardToPlace } from "./card-layout";

const card = (id: string, wantedTop: number, height = 50): CardToPlace => ({ id, wantedTop, height });
const gap = 10;

test("a card with room stands beside its words", () => {
  expect([...placeCards([card("a", 40), card("b", 300)], { gap })]).toEqual([
    ["a", 40],
    ["b", 300],
  ]);
});

test("cards whose words are close share the shift and do not overlap", () => {
  const tops = placeCards([card("a", 200), card("b", 210)], { gap });
  expect(tops.get("a")).toBe(175);
  expect(tops.get("b")).toBe(235);
});

test("the active card is exactly aligned and the others make room", () => {
  const cards = [card("a", 200), card("b", 210), card("c", 215), card("d", 220)];
  const tops = placeCards(cards, { gap, activeId: "c" });
  expect(tops.get("c")).toBe(215);
  expect(tops.get("b")).toBeLessThanOrEqual(215 - 60);
  expect(tops.get("d")).toBeGreaterThanOrEqual(215 + 60);
});

test("no card stands above the column", () => {
  const tops = placeCards([card("a", 0), card("b", 5), card("c", 10)], { gap });
  expect(tops.get("a")).toBe(0);
  expect(tops.get("b")).toBe(60);
});

test("seeded columns: order kept, no overlap, active aligned", () => {
  let seed = 20260917;
  const random = () => {
    seed = (seed * 1664525 + 1013904223) % 4294967296;
    return seed / 4294967296;
  };
  for (let run = 0; run < 200; run += 1) {
    const cards = Array.from({ length: 1 + Math.floor(random() * 40) }, (_, index) =>
      card(`c${String(index)}`, Math.floor(random() * 2000), 30 + Math.floor(random() * 200)),
    );
    const active = random() < 0.7 ? cards[Math.floor(random() * cards.length)] : undefined;
    const tops = placeCards(cards, { gap, activeId: active?.id });
    const ordered = cards
      .map((one, given) => ({ ...one, given, top: tops.get(one.id) ?? NaN }))
      .toSorted((a, b) => a.wantedTop - b.wantedTop || a.given - b.given);
    for (const [index, one] of ordered.entries()) {
      const next = ordered[index + 1];
      if (next) expect(next.top - (one.top + one.height)).toBeGreaterThanOrEqual(gap - 1e-6);
    }
    if (active) expect(tops.get(active.id)).toBeCloseTo(active.wantedTop, 6);
  }
});
