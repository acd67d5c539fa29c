/** `npm run dev`: the same server with hot reload; restarts only when files of the server change. */
import { install, mustRun, needNode } from "./steps.mjs";

needNode();
install();
mustRun(
  "The development server",
  process.execPath,
  [
    "node_modules/tsx/dist/cli.mjs",
    "watch",
    "--include",
    "server/**/*.ts",
    "--exclude",
    ".next",
    "server/main.ts",
  ],
  {
    NODE_ENV: "development",
    NEXT_TELEMETRY_DISABLED: "1",
  },
);
