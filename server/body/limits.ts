/**
 * [BO4] *Too fast*: reading is delayed, nothing is dropped. What a connection and a person may send before that: far
 * more than people type or paste, less than would keep the others waiting. Of several rates each is kept.
 */
type Rate = { readonly perSecond: number; readonly burst: number };
type Rates = { readonly connection: readonly Rate[]; readonly person: readonly Rate[] };
export type Limits = {
  /** Of whatever kind: each has to be read and answered. */
  readonly messages: Rates;
  readonly bytes: Rates;
};

const mb = 1024 * 1024;

export const limits: Limits = {
  messages: {
    // What one has in reserve is not all done in the same second: the others would wait for it.
    connection: [
      { perSecond: 100, burst: 1_000 },
      { perSecond: 200, burst: 20 },
    ],
    person: [{ perSecond: 300, burst: 3_000 }],
  },
  bytes: {
    connection: [{ perSecond: mb, burst: 20 * mb }],
    person: [{ perSecond: 2 * mb, burst: 40 * mb }],
  },
};

/** What was sent drains away with time; more than the burst is a debt, to be waited for. */
export type Allowance = {
  /** Notes a message that was sent; gives how long to wait before more is read, in milliseconds. */
  readonly take: (message: { readonly bytes: number }, nowMs: number) => number;
};

export function openAllowance(rates: Limits, of: "connection" | "person"): Allowance {
  const messages = rates.messages[of].map(openBucket);
  const bytes = rates.bytes[of].map(openBucket);
  return {
    take: (message, nowMs) =>
      Math.max(
        0,
        ...messages.map((take) => take(1, nowMs)),
        ...bytes.map((take) => take(message.bytes, nowMs)),
      ),
  };
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
