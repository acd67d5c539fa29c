/** Playwright's `test`, after which nothing that it opened stays open: a page left behind goes on using the processor. */
import { test as base } from "@playwright/test";

export const test = base.extend<{ leavesNothingOpen: undefined }>({
  leavesNothingOpen: [
    async ({ browser }, use) => {
      const before = new Set(browser.contexts());
      await use(undefined);
      const opened = browser.contexts().filter((context) => !before.has(context));
      await Promise.all(opened.map((context) => context.close()));
    },
    { auto: true },
  ],
});
