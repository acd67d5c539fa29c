/** Medians and spreads of repeated runs, and a histogram for very many delays. */

/** The value below which this share (0 to 1) of the values lies; NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
}

/** The middle value; between two, their mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

export type Spread = { readonly median: number; readonly min: number; readonly max: number };

export const spreadOf = (values: readonly number[]): Spread => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

/** Run by run: the first measured beside the second in the same round. */
export const ratios = (ours: readonly number[], theirs: readonly number[]): number[] =>
  ours.slice(0, theirs.length).map((value, round) => value / (theirs[round] ?? Number.NaN));

export const differences = (ours: readonly number[], theirs: readonly number[]): number[] =>
  ours.slice(0, theirs.length).map((value, round) => value - (theirs[round] ?? Number.NaN));

/** Three digits that count: 1234, 12.3, 0.0123. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  if (size === 0 || size >= 1000) return value.toFixed(0);
  return value
    .toPrecision(size >= 1 ? 3 : 2)
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}

export function spreadText({ median, min, max }: Spread): string {
  return `${digits(median)} (${digits(min)}–${digits(max)})`;
}

export type Histogram = {
  readonly add: (ms: number, times?: number) => void;
  /** Takes in all that another one counted. */
  readonly addAll: (other: Histogram) => void;
  readonly count: () => number;
  /** How many delays lie in each bucket. */
  readonly buckets: () => readonly number[];
  /** To within two in a hundred, or 0.01 ms. */
  readonly quantile: (share: number) => number;
};

const finestMs = 0.01;
const growth = 1.02;

/** Counts delays in buckets that grow by two in a hundred: a million of them cost no memory. */
export function openHistogram(): Histogram {
  const buckets: number[] = [];
  let count = 0;
  function addAt(at: number, times: number): void {
    buckets[at] = (buckets[at] ?? 0) + times;
    count += times;
  }
  return {
    add: (ms, times = 1) =>
      addAt(ms <= finestMs ? 0 : Math.ceil(Math.log(ms / finestMs) / Math.log(growth)), times),
    addAll: (other) => {
      for (const [at, held = 0] of other.buckets().entries()) addAt(at, held);
    },
    count: () => count,
    buckets: () => buckets,
    quantile: (share) => {
      let left = Math.max(1, Math.ceil(count * share));
      for (const [at, held = 0] of buckets.entries()) {
        left -= held;
        if (left <= 0) return finestMs * growth ** at;
      }
      return Number.NaN;
    },
  };
}
