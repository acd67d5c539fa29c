/** `npm start`: installs, builds, runs. A second start with nothing changed goes straight to the last. */
import { build, install, needNode } from "./steps.mjs";

needNode();
install();
await build();
process.env.NODE_ENV = "production";
process.env.NEXT_TELEMETRY_DISABLED = "1";
await import("../dist/main.js");
