/** `npm run -s linecheck -- COMMAND`: the operator's tool; what it prints on standard output is for programs. */
import { buildServer, install, needNode } from "./steps.mjs";

needNode();
install();
await buildServer();
process.env.NODE_ENV = "production";
await import("../dist/linecheck.js");
