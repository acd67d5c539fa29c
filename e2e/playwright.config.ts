import { defineConfig } from "@playwright/test";
import { browserArguments, browserPath } from "./browser";

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/browser",
  fullyParallel: false,
  // Each spec opens a newsroom of its own.
  workers: 2,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    launchOptions: { executablePath: browserPath, args: browserArguments },
    // Pictures at every step would take the processor that the newsroom under test needs.
    trace: { mode: "retain-on-failure", screenshots: false },
  },
});
