import { expect, test, vi } from "vitest";
import { oneATurn } from "./one-a-turn";

function workFor(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

test("works that come together are done one after the other, and all else has as long in between", async () => {
  const inTurn = oneATurn();
  const done: string[] = [];
  inTurn(() => {
    workFor(20);
    done.push("first");
    setTimeout(() => done.push("something else"), 5);
  });
  await new Promise<void>((resolve) => {
    inTurn(() => {
      done.push("second");
      inTurn(() => resolve(void done.push("third")));
    });
    expect(done).toEqual([]);
  });
  expect(done).toEqual(["first", "something else", "second", "third"]);
});

test("one that fails holds up none of the others", () => {
  vi.useFakeTimers();
  try {
    const inTurn = oneATurn();
    const done: string[] = [];
    inTurn(() => {
      throw new Error("not this one");
    });
    inTurn(() => done.push("next"));
    expect(() => vi.advanceTimersToNextTimer()).toThrow("not this one");
    vi.runAllTimers();
    inTurn(() => done.push("later"));
    vi.runAllTimers();
    expect(done).toEqual(["next", "later"]);
  } finally {
    vi.useRealTimers();
  }
});
