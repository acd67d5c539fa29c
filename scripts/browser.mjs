/**
 * Finds a Chromium for the browser tests: a given path, Playwright's own, the system's; else installs one, from
 * Debian's packages as root, by Playwright's own download otherwise.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const systemPaths = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const run = (command, args) => spawnSync(command, args, { stdio: "inherit" }).status === 0;

async function playwrightsOwn() {
  const { chromium } = await import("playwright");
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

/** The browser's path; ends the process with one clear line where none can be had. */
export async function findBrowser() {
  const given = process.env.LINECHECK_BROWSER;
  if (given) {
    if (existsSync(given)) return given;
    console.error(`LINECHECK_BROWSER names ${given}, which is not there.`);
    process.exit(1);
  }
  const found = (await playwrightsOwn()) ?? systemPaths.find(existsSync);
  if (found) return found;
  console.log("Installing a browser for the tests (once) …");
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-liberation"]);
    const installed = systemPaths.find(existsSync);
    if (installed) return installed;
  }
  run(process.execPath, ["node_modules/playwright/cli.js", "install", "chromium"]);
  const downloaded = await playwrightsOwn();
  if (downloaded) return downloaded;
  console.error("No browser for the browser tests: install Chromium, or name one in LINECHECK_BROWSER.");
  process.exit(1);
}
