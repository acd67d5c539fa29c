import { expect, test } from "vitest";
import { inPieces } from "./in-pieces";

const work = (ms: number) => {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
};

/** What was done, in its order, while all else in the process wants to do something every turn. */
async function turnsOf(works: (done: string[]) => Promise<unknown>): Promise<readonly string[]> {
  const done: string[] = [];
  let isOver = false;
  const wish = () => {
    if (done.at(-1) !== "all else") done.push("all else");
    if (!isOver) setImmediate(wish);
  };
  setImmediate(wish);
  await works(done);
  isOver = true;
  return done;
}

test("short work is done in one go", async () => {
  const done = await turnsOf(async (pieces) => {
    const nextPiece = inPieces();
    for (let n = 0; n < 5; n += 1) {
      pieces.push("piece");
      await nextPiece();
    }
  });
  expect(done).toEqual(["piece", "piece", "piece", "piece", "piece"]);
});

test("after a piece of long work all else has its turn, also where several are done at once", async () => {
  const longWork = async (pieces: string[]) => {
    const nextPiece = inPieces();
    for (let n = 0; n < 6; n += 1) {
      work(4);
      await nextPiece();
      pieces.push("piece");
    }
  };
  const done = await turnsOf((pieces) => Promise.all([1, 2, 3].map(() => longWork(pieces))));
  expect(done.filter((what) => what === "piece")).toHaveLength(18);
  const neighbours = done.filter((what, n) => what === "piece" && done[n - 1] === "piece");
  expect(neighbours).toEqual([]);
});
