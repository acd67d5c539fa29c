import { expect, test } from "vitest";
import { bylineOf, dayOf, instantOf, localMinuteOf, slugOf } from "./detail-words";

test("a byline is names between commas", () => {
  expect(bylineOf(" Reporter One,Reporter Two; ,\nReporter Three ")).toEqual([
    "Reporter One",
    "Reporter Two",
    "Reporter Three",
  ]);
  expect(bylineOf("  ")).toEqual([]);
});

test("a dateline's day is one of the calendar, or none", () => {
  expect(dayOf(" 2026-03-02 ")).toEqual({ day: "2026-03-02" });
  expect(dayOf("")).toEqual({ day: "" });
  for (const words of ["2026-02-30", "2.3.2026", "2026-3-2"]) expect(dayOf(words)).toHaveProperty("wrong");
});

test("a deadline goes to the minute and back in this device's time", () => {
  const instant = new Date(2026, 2, 29, 18, 5).toISOString();
  expect(localMinuteOf(instant)).toBe("2026-03-29T18:05");
  expect(instantOf("2026-03-29T18:05")).toBe(instant);
  expect(localMinuteOf(null)).toBe("");
  expect(instantOf("")).toBeNull();
});

test("[WF5] a slug is tidied, and what cannot be one is said", () => {
  expect(slugOf(" Troops in the North ")).toEqual({ slug: "troops-in-the-north" });
  expect(slugOf("troops/north")).toHaveProperty("wrong");
  expect(slugOf("")).toHaveProperty("wrong");
});
