/** [PE2] Keeps the tries in memory, those at the other processes too; the rule is `domain/people/tries.ts`. */
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import { tryWindowMs, waitBeforeTryMs } from "@/domain/people/tries";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { House } from "../house";

/** Whose sign-in is tried, and from where. */
export type Attempt = { readonly account: string; readonly client: string };

export type TooManyTries = Refusal<PeopleRefusal & "too-many-tries"> & { readonly retryAfterMs: number };

export type TryCounter = {
  /**
   * One try, counted before `look` looks at the password; or refused, and counted not at all. What `look` refuses stays
   * counted. What it lets in: the account's tries from this client are forgotten, and this one is not held against
   * anyone. Where it throws (the store is away) nobody was told anything of the password: the try is taken back.
   */
  readonly tryOnce: <Answer>(attempt: Attempt, look: () => Promise<Answer>) => Promise<Answer | TooManyTries>;
  readonly close: () => void;
};

/** What a try turned out to be. */
type Outcome = "right" | "undone";

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

  function forget(attempt: Attempt, outcome: Outcome): void {
    for (const key of Object.values(keys(attempt))) kept.set(key, timesOf(key).slice(0, -1));
    if (outcome === "right") kept.delete(keys(attempt).accountFromClient);
  }

  const off = exchange.hear((message) => {
    if (message.kind !== "sign-in") return;
    if (message.is === "begun") note(message, now().getTime());
    else forget(message, message.is);
  });

  function end(attempt: Attempt, outcome: Outcome): void {
    forget(attempt, outcome);
    exchange.tell({ kind: "sign-in", ...attempt, is: outcome });
  }

  return {
    tryOnce: async (attempt, look) => {
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
      if (waitMs > 0) return { refused: "too-many-tries", retryAfterMs: waitMs };
      note(attempt, nowMs);
      exchange.tell({ kind: "sign-in", ...attempt, is: "begun" });
      try {
        const answer = await look();
        if (!isRefused(answer)) end(attempt, "right");
        return answer;
      } catch (error) {
        end(attempt, "undone");
        throw error;
      }
    },
    close: off,
  };
}
