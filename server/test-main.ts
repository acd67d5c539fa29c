/** For tests of the process: the server as it is started, without the pages. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

export type MainProgram = {
  /** Starts it with these settings only. */
  readonly begin: (settings: Record<string, string>) => MainProcess;
  readonly remove: () => Promise<void>;
};
export type MainProcess = {
  /** The address it says it is ready at; throws what it said when it ended instead. */
  readonly ready: () => Promise<string>;
  /** By this signal; SIGINT. */
  readonly stop: (signal?: NodeJS.Signals) => void;
  readonly kill: () => void;
  /** All that it said so far. */
  readonly said: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
};

/** Bundles it as the build does. */
export async function bundleMain(): Promise<MainProgram> {
  // Inside the project: packages are found from where the bundle stands.
  const folder = await mkdtemp(join(root, "node_modules/.linecheck-main-"));
  await symlink(join(root, "server"), join(folder, "server"));
  await build({
    entryPoints: [join(root, "server/main.ts")],
    outfile: join(folder, "dist/main.js"),
    alias: { "@": root },
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
    plugins: [
      {
        name: "no Next",
        setup: (plugin) => {
          plugin.onResolve({ filter: /\/http\/pages$/ }, () => ({
            path: join(root, "server/http/test-pages.ts"),
          }));
        },
      },
    ],
  });
  return {
    begin: (settings) => begin(folder, settings),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function begin(folder: string, settings: Record<string, string>): MainProcess {
  const child = spawn(process.execPath, [join(folder, "dist/main.js")], {
    stdio: ["ignore", "pipe", "pipe"],
    // Nothing of this process's own settings.
    env: { NODE_ENV: "production", LINECHECK_DATA: join(folder, "data"), ...settings },
  });
  let said = "";
  child.stdout.on("data", (chunk) => (said += String(chunk)));
  child.stderr.on("data", (chunk) => (said += String(chunk)));
  const ended = once(child, "close").then(([code]: (number | null)[]) => ({
    code: code ?? null,
    lines: said.trim().split("\n"),
  }));
  const ready = async (): Promise<string> => {
    for (;;) {
      const [, url] = /ready: (http\S+)/.exec(said) ?? [];
      if (url !== undefined) return url;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(said);
      await sleep(20);
    }
  };
  return {
    stop: (signal = "SIGINT") => child.kill(signal),
    kill: () => child.kill("SIGKILL"),
    said: () => said,
    ended,
    ready,
  };
}
