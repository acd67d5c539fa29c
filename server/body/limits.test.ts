import { expect, test } from "vitest";
import { limits, openAllowance, type Limits } from "./limits";

const few: Limits = {
  messages: { connection: [{ perSecond: 10, burst: 3 }], person: [{ perSecond: 20, burst: 100 }] },
  bytes: { connection: [{ perSecond: 100, burst: 1_000 }], person: [{ perSecond: 100, burst: 1_000 }] },
};

test("[BO4] too fast is to wait until what came beyond the burst is made up for", () => {
  const allowance = openAllowance(few, "connection");
  const waits = [0, 0, 0, 0, 0].map((atMs) => allowance.take({ bytes: 1 }, atMs));
  expect(waits).toEqual([0, 0, 0, 100, 200]);
  expect(allowance.take({ bytes: 1 }, 10_000)).toBe(0);
});

test("[BO4] few large messages count by their bytes", () => {
  const allowance = openAllowance(few, "connection");
  expect(allowance.take({ bytes: 1_000 }, 0)).toBe(0);
  expect(allowance.take({ bytes: 50 }, 0)).toBe(500);
});

test("[BO4] a person's connections together may send more than one of them", () => {
  const person = openAllowance(few, "person");
  expect(Math.max(...Array.from({ length: 100 }, () => person.take({ bytes: 1 }, 0)))).toBe(0);
  const most = (rates: readonly { burst: number }[]) => Math.max(...rates.map(({ burst }) => burst));
  expect(most(limits.messages.person)).toBeGreaterThan(most(limits.messages.connection));
});

test("[BO4] what a connection has in reserve it does not send all at once", () => {
  const allowance = openAllowance(
    {
      ...few,
      messages: {
        connection: [
          { perSecond: 10, burst: 30 },
          { perSecond: 20, burst: 2 },
        ],
        person: [],
      },
    },
    "connection",
  );
  expect([0, 0, 0, 0].map((atMs) => allowance.take({ bytes: 1 }, atMs))).toEqual([0, 0, 50, 100]);
  let atMs = 0;
  const waits = Array.from({ length: 80 }, () => {
    const waitMs = allowance.take({ bytes: 1 }, atMs);
    atMs += waitMs;
    return waitMs;
  });
  expect(waits.slice(10, 20)).toEqual(Array(10).fill(50));
  expect(waits.slice(-10)).toEqual(Array(10).fill(100));
});

test("a clock that goes back makes nobody wait longer", () => {
  const allowance = openAllowance(few, "connection");
  for (let n = 0; n < 3; n += 1) allowance.take({ bytes: 1 }, 5_000);
  expect(allowance.take({ bytes: 1 }, 0)).toBe(100);
});
