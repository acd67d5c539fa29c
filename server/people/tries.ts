/** [PE2] Keeps the tries in memory, those at the other processes too; the rule is `domain/people/tries.ts`. */
import { tryWindowMs, waitBeforeTryMs } from "@/domain/people/tries";
import type { House } from "../house";

/** Whose sign-in is tried, and from where. */
export type Attempt = { readonly account: string; readonly client: string };

export type TryCounter = {
  /** Counts the try before the password is looked at; or says how long to wait, and counts nothing. */
  readonly begin: (attempt: Attempt) => { readonly waitMs: number };
  /** It was the right password: the account's tries from this client are forgotten, and this one is not held against anyone. */
  readonly succeeded: (attempt: Attempt) => void;
  readonly close: () => void;
};

const maxKeys = 20_000;

export function countTries(now: () => Date, exchange: House["exchange"]): TryCounter {
  const kept = new Map<string, number[]>();
  const keys = ({ account, client }: Attempt) => ({
    accountFromClient: `both ${account} ${client}`,
    account: `account ${account}`,
    client: `client ${client}`,
  });
  const timesOf = (key: string) => kept.get(key) ?? [];

  function noteFor(key: string, nowMs: number): void {
    const within = timesOf(key).filter((at) => at > nowMs - tryWindowMs);
    kept.delete(key);
    kept.set(key, [...within, nowMs]);
    if (kept.size <= maxKeys) return;
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }

  function note(attempt: Attempt, nowMs: number): void {
    for (const key of Object.values(keys(attempt))) noteFor(key, nowMs);
  }

  function forget(attempt: Attempt): void {
    const key = keys(attempt);
    kept.delete(key.accountFromClient);
    for (const wide of [key.account, key.client]) kept.set(wide, timesOf(wide).slice(0, -1));
  }

  const off = exchange.hear((message) => {
    if (message.kind !== "sign-in") return;
    if (message.right) forget(message);
    else note(message, now().getTime());
  });

  return {
    begin: (attempt) => {
      const nowMs = now().getTime();
      const key = keys(attempt);
      const waitMs = waitBeforeTryMs(
        {
          accountFromClient: timesOf(key.accountFromClient),
          account: timesOf(key.account),
          client: timesOf(key.client),
        },
        nowMs,
      );
      if (waitMs === 0) {
        note(attempt, nowMs);
        exchange.tell({ kind: "sign-in", ...attempt, right: false });
      }
      return { waitMs };
    },
    succeeded: (attempt) => {
      forget(attempt);
      exchange.tell({ kind: "sign-in", ...attempt, right: true });
    },
    close: off,
  };
}
