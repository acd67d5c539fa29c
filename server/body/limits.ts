/**
 * [BO4] *Too fast*: reading is delayed, nothing is dropped. What a connection and a person may send before that: far
 * more than people type or paste, less than would keep the others waiting.
 */
type Rate = { readonly perSecond: number; readonly burst: number };
export type Limits = {
  readonly updates: { readonly connection: Rate; readonly person: Rate };
  readonly bytes: { readonly connection: Rate; readonly person: Rate };
};

const mb = 1024 * 1024;

export const limits: Limits = {
  updates: { connection: { perSecond: 100, burst: 1_000 }, person: { perSecond: 300, burst: 3_000 } },
  bytes: {
    connection: { perSecond: mb, burst: 20 * mb },
    person: { perSecond: 2 * mb, burst: 40 * mb },
  },
};

/** What was sent drains away with time; more than the burst is a debt, to be waited for. */
export type Allowance = {
  /** Notes what was sent; gives how long to wait before more is read, in milliseconds. */
  readonly take: (sent: { readonly updates: number; readonly bytes: number }, nowMs: number) => number;
};

export function openAllowance(rates: { readonly updates: Rate; readonly bytes: Rate }): Allowance {
  const updates = openBucket(rates.updates);
  const bytes = openBucket(rates.bytes);
  return { take: (sent, nowMs) => Math.max(updates(sent.updates, nowMs), bytes(sent.bytes, nowMs)) };
}

function openBucket({ perSecond, burst }: Rate): (amount: number, nowMs: number) => number {
  let level = 0;
  let atMs = -Infinity;
  return (amount, nowMs) => {
    level = Math.max(0, level - (Math.max(0, nowMs - atMs) / 1000) * perSecond) + amount;
    atMs = nowMs;
    return level <= burst ? 0 : ((level - burst) / perSecond) * 1000;
  };
}
