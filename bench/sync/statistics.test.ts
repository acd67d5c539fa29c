import { expect, test } from "vitest";
import { digits, median, openHistogram, quantile, ratios, spreadOf, spreadText } from "./statistics";

test("the median of an even number of runs lies between the middle two", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
  expect(median([])).toBeNaN();
});

test("a quantile is one of the values", () => {
  const values = Array.from({ length: 101 }, (_, n) => 100 - n);
  expect(quantile(values, 0.99)).toBe(99);
  expect(quantile(values, 0)).toBe(0);
});

test("ratios are taken run by run", () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
  expect(spreadText(spreadOf(ratios([2, 9], [1, 3])))).toBe("2.5 (2–3)");
});

test("figures keep the digits that count", () => {
  expect([1234.5, 12.34, 1, 0.01234, 0, Number.NaN].map(digits)).toEqual([
    "1235",
    "12.3",
    "1",
    "0.012",
    "0",
    "—",
  ]);
});

test("a histogram tells quantiles to within two in a hundred", () => {
  const histogram = openHistogram();
  for (let ms = 1; ms <= 1000; ms += 1) histogram.add(ms);
  expect(histogram.count()).toBe(1000);
  expect(Math.abs(histogram.quantile(0.5) / 500 - 1)).toBeLessThan(0.021);
  expect(Math.abs(histogram.quantile(0.99) / 990 - 1)).toBeLessThan(0.021);
  expect(openHistogram().quantile(0.5)).toBeNaN();
  const slower = openHistogram();
  slower.add(5000, 1000);
  slower.addAll(histogram);
  expect(slower.count()).toBe(2000);
  expect(Math.abs(slower.quantile(0.25) / 500 - 1)).toBeLessThan(0.021);
});
