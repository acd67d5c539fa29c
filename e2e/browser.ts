/** The browser that tests and measurements run in. */
export const browserPath = process.env["LINECHECK_BROWSER"] ?? "/usr/bin/chromium";

/** Quiet and alone: nothing that a browser does besides the page. */
export const browserArguments = [
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
