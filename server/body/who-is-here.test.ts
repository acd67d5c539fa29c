import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openWhoIsHere } from "./who-is-here";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ada = { id: "ada", name: "Ada" };
const ben = { id: "ben", name: "Ben" };

test("five hundred who come at once are told together, not each to each", () => {
  const told: (readonly { id: string }[])[] = [];
  const room = openWhoIsHere((here) => told.push(here));
  for (let n = 0; n < 500; n += 1) room.enter({ id: String(n), name: `Person ${String(n)}` });
  vi.advanceTimersByTime(50);
  expect(told.map((here) => here.length)).toEqual([500]);
});

test("a second window of the same person is told to nobody, nor that one of two is closed", () => {
  const told: unknown[] = [];
  const room = openWhoIsHere((here) => told.push(here));
  room.enter(ada);
  vi.advanceTimersByTime(50);
  room.enter(ada);
  room.leave("ada");
  vi.advanceTimersByTime(50);
  expect(told).toEqual([[ada]]);
  expect(room.here()).toEqual([ada]);
  room.leave("ada");
  expect(room.here()).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(told).toEqual([[ada], []]);
});

test("who has come is here at once, and told at the latest when the room closes", () => {
  const told: unknown[] = [];
  const room = openWhoIsHere((here) => told.push(here));
  room.enter(ada);
  room.enter(ben);
  expect(room.here()).toEqual([ada, ben]);
  room.close();
  vi.advanceTimersByTime(50);
  expect(told).toEqual([[ada, ben]]);
  room.close();
  expect(told).toHaveLength(1);
});
