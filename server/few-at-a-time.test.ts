import { expect, test, vi } from "vitest";
import { fewAtATime } from "./few-at-a-time";
import type { Rest } from "./rest-as-long-as-worked";

/** Five milliseconds before each that is given on. */
function fiveMs(): Rest {
  let isRested = false;
  return {
    ms: () => {
      if (isRested) return 0;
      isRested = true;
      return 5;
    },
    isOver: () => {
      isRested = false;
    },
  };
}

test("so many run at once, the others in their order, also after one that fails", async () => {
  const few = fewAtATime(2);
  const begun: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const works = [0, 1, 2, 3].map((n) =>
    few(
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(n);
          ends[n] = (error) => (error ? reject(error) : resolve(n));
        }),
    ),
  );
  const failed = expect(works[1]).rejects.toThrow("not this one");
  expect(begun).toEqual([0, 1]);
  ends[1]?.(new Error("not this one"));
  await failed;
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  await works[0];
  expect(begun).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  expect(await Promise.all([works[2], works[3]])).toEqual([2, 3]);
  expect(await few(() => Promise.resolve("free again"))).toBe("free again");
});

test("while others wait, a place is given on only after the rest; nobody waits for a free one", async () => {
  vi.useFakeTimers();
  const few = fewAtATime(1, fiveMs());
  const begun: number[] = [];
  const run = (n: number) =>
    few(() => {
      begun.push(n);
      return Promise.resolve();
    });
  await run(0);
  const both = Promise.all([run(1), run(2)]);
  await vi.advanceTimersByTimeAsync(4);
  expect(begun).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual([0, 1, 2]);
  await both;
  vi.useRealTimers();
});

test("the places that became free during a rest are given on together", async () => {
  vi.useFakeTimers();
  const few = fewAtATime(2, fiveMs());
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const works = [0, 1, 2, 3, 4].map((n) =>
    few(() => {
      begun.push(n);
      return new Promise<void>((resolve) => (ends[n] = resolve));
    }),
  );
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(3);
  ends[1]?.();
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const n of [2, 3]) ends[n]?.();
  await vi.advanceTimersByTimeAsync(5);
  ends[4]?.();
  await Promise.all(works);
  vi.useRealTimers();
});
