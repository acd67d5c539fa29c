import { expect, test } from "vitest";
import { clientAddress, clientKey } from "./client-address";

test("[PE2] without proxies a forged X-Forwarded-For says nothing", () => {
  expect(clientAddress({ forwardedFor: "9.9.9.9", socketAddress: "10.0.0.1" }, 0)).toBe("10.0.0.1");
});

test("[PE2] behind proxies the address is counted from the right", () => {
  const request = { forwardedFor: "6.6.6.6, 203.0.113.7, 10.0.0.2", socketAddress: "10.0.0.1" };
  expect(clientAddress(request, 1)).toBe("10.0.0.2");
  expect(clientAddress(request, 2)).toBe("203.0.113.7");
  expect(clientAddress({ ...request, forwardedFor: null }, 2)).toBe("10.0.0.1");
});

test("[PE2] an IPv6 client is counted by its network", () => {
  expect(clientKey("2001:db8:0:1:aaaa::5")).toBe(clientKey("2001:db8:0:1::9"));
  expect(clientKey("2001:db8:0:1::9")).not.toBe(clientKey("2001:db8:0:2::9"));
  expect(clientKey("::ffff:203.0.113.7")).toBe("203.0.113.7");
});
