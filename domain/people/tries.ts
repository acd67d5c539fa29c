/**
 * [PE2] How often a sign-in may be tried. Tries are counted by account tried and by client together, so that a
 * newsroom behind one router is not locked out by one colleague's typing; the two wide limits are against somebody
 * who tries many accounts from one place, or one account from many. An address that nobody has counts the same.
 */

export const tryWindowMs = 15 * 60 * 1000;
export const tryLimits = { accountFromClient: 10, account: 100, client: 300 } as const;
export type TryScope = keyof typeof tryLimits;

/** The times (ms) of the tries so far that did not succeed, oldest first. */
export type Tries = Readonly<Record<TryScope, readonly number[]>>;

/** How long to wait before the next try, in ms; 0 when it may be made now. */
export function waitBeforeTryMs(tries: Tries, nowMs: number): number {
  const waits = Object.entries(tryLimits).map(([scope, limit]) => {
    const within = tries[scope as TryScope].filter((at) => at > nowMs - tryWindowMs);
    const blocking = within[within.length - limit];
    return blocking === undefined ? 0 : blocking + tryWindowMs - nowMs;
  });
  return Math.max(...waits);
}
