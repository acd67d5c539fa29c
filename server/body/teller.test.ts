import { expect, test } from "vitest";
import { paceMs } from "./teller";

test("Who writes with a few is told at once; a hundred readers are told together, no later than anybody sees", () => {
  expect([1, 20, 21, 62, 80, 100, 500].map(paceMs)).toEqual([0, 0, 25, 25, 32, 40, 40]);
});
