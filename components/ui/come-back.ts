/** The server restarts (close code 1012): everybody comes back within these times, not all at once. */
export const restarting = 1012;

const soonestMs = 200;
const latestMs = 2_000;

/** How long to wait before coming back, in milliseconds; `chance` from 0 up to 1. */
export const comeBackAfterMs = (chance: number = Math.random()): number =>
  soonestMs + chance * (latestMs - soonestMs);
