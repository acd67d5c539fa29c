import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder: string;
beforeAll(async () => {
  // Inside the project: packages are found from where the bundle stands.
  folder = await mkdtemp(join(root, "node_modules/.linecheck-main-"));
  await build({
    entryPoints: [join(root, "server/main.ts")],
    outfile: join(folder, "dist/main.js"),
    alias: { "@": root },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts the server with these settings only; gives what it said when it ended. */
async function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, [join(folder, "dist/main.js")], {
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing of this process's own settings.
    env: { NODE_ENV: "production", LINECHECK_DATA: join(folder, "data"), ...settings },
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, lines: said.trim().split("\n") };
}

test("a wrong setting stops the start with one clear line", async () => {
  const { code, lines } = await start({ PORT: "three" });
  expect(code).toBe(1);
  expect(lines).toEqual([expect.stringContaining("Setting PORT is wrong")]);
});

test("a port in use stops the start with one clear line, before the store is touched", async () => {
  const other: Server = createServer();
  other.listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const port = typeof address === "object" && address ? String(address.port) : "";
  const { code, lines } = await start({ PORT: port });
  other.close();
  expect(code).toBe(1);
  expect(lines).toEqual([expect.stringContaining(`port ${port} on 127.0.0.1 is in use`)]);
});
