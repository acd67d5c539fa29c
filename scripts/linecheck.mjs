/** `npm run -s linecheck -- COMMAND`: the operator's tool; what it prints on standard output is for programs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build, install, needNode, root } from "./steps.mjs";

needNode();
const log = console.log;
console.log = console.error;
install();
if (!existsSync(join(root, "dist/linecheck.js"))) await build();
console.log = log;
process.env.NODE_ENV = "production";
await import("../dist/linecheck.js");
