import { expect, test } from "vitest";
import { restAsLongAsWorked } from "./rest-as-long-as-worked";

/** A process that says how long it was busy and idle. */
function processThat() {
  const times = { active: 0, idle: 0 };
  const rest = restAsLongAsWorked(() => ({ ...times }));
  return {
    rest,
    works: (ms: number) => (times.active += ms),
    rests: (ms: number) => (times.idle += ms),
  };
}

test("it rests as long as it worked, with what it rested already", () => {
  const { rest, works, rests } = processThat();
  works(12);
  expect(rest.ms(0)).toBe(12);
  rests(8);
  works(3);
  expect(rest.ms(0)).toBe(7);
  rests(7);
  expect(rest.ms(0)).toBe(0);
});

test("each rest counts from the last; after a quiet time there is none", () => {
  const { rest, works, rests } = processThat();
  works(30);
  rests(30);
  rest.isOver();
  expect(rest.ms(0)).toBe(2);
  works(4);
  expect(rest.ms(0)).toBe(4);
  rests(1_000);
  expect(rest.ms(0)).toBe(0);
});

test("the longer somebody waited, the shorter it rests for the others' sake", () => {
  const { rest, works } = processThat();
  works(60);
  expect(rest.ms(0)).toBe(60);
  expect(rest.ms(10_000)).toBeCloseTo(40);
  expect(rest.ms(40_000)).toBe(0);
});

test("where the process never rests it goes on all the same", () => {
  const { rest, works } = processThat();
  works(150);
  expect(rest.ms(0)).toBe(50);
  works(50);
  expect(rest.ms(0)).toBe(0);
});
