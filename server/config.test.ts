import { expect, test } from "vitest";
import { isRefused } from "@/domain/refusal";
import { readConfig } from "./config";

test("without settings it listens on loopback, and an empty one counts as not given", () => {
  expect(readConfig({ PORT: "", DATABASE_URL: "" })).toMatchObject({
    port: 3000,
    host: "127.0.0.1",
    url: "http://127.0.0.1:3000",
    onLoopback: true,
    proxies: 0,
    databaseUrl: undefined,
  });
});

test.each([
  [{ PORT: "three" }, "PORT"],
  [{ PORT: "70000" }, "PORT"],
  [{ LINECHECK_URL: "newsroom" }, "LINECHECK_URL"],
  [{ LINECHECK_URL: "ftp://newsroom.test" }, "LINECHECK_URL"],
  [{ LINECHECK_URL: "https://example.org/newsroom" }, "LINECHECK_URL"],
  [{ LINECHECK_URL: "https://example.org/?desk=1" }, "LINECHECK_URL"],
  [{ DATABASE_URL: "mysql://127.0.0.1/x" }, "DATABASE_URL"],
  [{ DATABASE_URL: "postgres://127.0.0.1/x" }, "LINECHECK_SECRET"],
  [{ LINECHECK_SECRET: "short" }, "LINECHECK_SECRET"],
  [{ LINECHECK_DEMO: "yes" }, "LINECHECK_DEMO"],
  [{ LINECHECK_DEMO_PASSWORD: "short" }, "LINECHECK_DEMO_PASSWORD"],
  [{ LINECHECK_ADMIN_EMAIL: "boss@example.test" }, "LINECHECK_ADMIN_PASSWORD"],
  [{ LINECHECK_PROXIES: "-1" }, "LINECHECK_PROXIES"],
])("a wrong setting is named in one line: %o", (settings, named) => {
  const config = readConfig(settings);
  expect(isRefused(config) && config.sentence).toContain(named);
  expect(isRefused(config) && config.sentence).not.toContain("\n");
});

test("another host or another address is not loopback", () => {
  expect(readConfig({ HOST: "0.0.0.0" })).toMatchObject({ onLoopback: false });
  expect(readConfig({ LINECHECK_URL: "https://desk.example.org/" })).toMatchObject({
    onLoopback: false,
    url: "https://desk.example.org",
  });
});
