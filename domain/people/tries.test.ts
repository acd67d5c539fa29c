import { expect, test } from "vitest";
import { tryLimits, tryWindowMs, waitBeforeTryMs } from "./tries";

const none = { accountFromClient: [], account: [], client: [] };
const times = (count: number, at = 0) => Array.from({ length: count }, (_, i) => at + i);

test("[PE2] the first tries wait for nothing", () => {
  expect(waitBeforeTryMs(none, 1000)).toBe(0);
  expect(waitBeforeTryMs({ ...none, accountFromClient: times(tryLimits.accountFromClient - 1) }, 1000)).toBe(
    0,
  );
});

test("[PE2] one account from one place waits until the oldest try of the window is over", () => {
  const tries = { ...none, accountFromClient: times(tryLimits.accountFromClient) };
  expect(waitBeforeTryMs(tries, 1000)).toBe(tryWindowMs - 1000);
  expect(waitBeforeTryMs(tries, tryWindowMs)).toBe(0);
});

test("[PE2] thirty colleagues' mistypings behind one router lock nobody out", () => {
  expect(waitBeforeTryMs({ ...none, client: times(90) }, 1000)).toBe(0);
});

test("[PE2] one account tried from many places waits too", () => {
  expect(waitBeforeTryMs({ ...none, account: times(tryLimits.account) }, 1000)).toBeGreaterThan(0);
});
