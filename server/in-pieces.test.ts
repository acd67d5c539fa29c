import { expect, test } from "vitest";
import { inPieces } from "./in-pieces";

const work = (ms: number) => {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
};

test("long work lets all else have its turn between; short work is done in one", async () => {
  let turns = 0;
  let isOver = false;
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  const nextPiece = inPieces();
  for (let n = 0; n < 5; n += 1) await nextPiece();
  expect(turns).toBe(0);
  for (let n = 0; n < 5; n += 1) {
    const before = turns;
    work(4);
    await nextPiece();
    expect(turns).toBeGreaterThan(before);
  }
  isOver = true;
});
