/** A newsroom of its own for a browser test: the built server on a free port over a fresh data folder. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "@playwright/test";

export const demoPassword = "a password for the demo people";
export type DemoPerson =
  "reporter1" | "reporter2" | "checker1" | "checker2" | "editor1" | "editor2" | "admin";

export type HeldStory = {
  /** Does the server want to store something in it? */
  readonly isWaitedFor: () => Promise<boolean>;
  readonly release: () => Promise<void>;
};

const root = fileURLToPath(new URL("..", import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  server.close();
  await once(server, "close");
  return address.port;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadlineMs = Date.now() + 60_000;
  while (Date.now() < deadlineMs) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${String(server.exitCode)}`);
    try {
      const { ok } = await fetch(`${url}/readyz`);
      if (ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("the server was not ready within a minute");
}

export class DemoNewsroom {
  private readonly contexts: BrowserContext[] = [];

  private constructor(
    readonly url: string,
    readonly dataFolder: string,
    private server: ChildProcess,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async open(): Promise<DemoNewsroom> {
    const dataFolder = await mkdtemp(join(tmpdir(), "linecheck-e2e-"));
    const port = await freePort();
    const url = `http://127.0.0.1:${String(port)}`;
    const environment = {
      ...process.env,
      NODE_ENV: "production",
      PORT: String(port),
      HOST: "127.0.0.1",
      LINECHECK_URL: url,
      LINECHECK_DATA: dataFolder,
      LINECHECK_DEMO: "1",
      LINECHECK_DEMO_PASSWORD: demoPassword,
      LINECHECK_LOG: "warn",
      DATABASE_URL: "",
      REDIS_URL: "",
    };
    const newsroom = new DemoNewsroom(url, dataFolder, DemoNewsroom.spawnServer(environment), environment);
    await untilReady(url, newsroom.server);
    return newsroom;
  }

  private static spawnServer(environment: NodeJS.ProcessEnv): ChildProcess {
    return spawn(process.execPath, ["dist/main.js"], {
      cwd: root,
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  /** Kill -9, as a power cut of the process; the data folder stays. */
  async kill(): Promise<void> {
    this.server.kill("SIGKILL");
    if (this.server.exitCode === null && this.server.signalCode === null) await once(this.server, "exit");
  }

  async startAgain(): Promise<void> {
    this.server = DemoNewsroom.spawnServer(this.environment);
    await untilReady(this.url, this.server);
  }

  /** As an operator stops it: its store too. */
  async stop(): Promise<void> {
    if (this.server.exitCode !== null || this.server.signalCode !== null) return;
    this.server.kill("SIGTERM");
    await once(this.server, "exit");
  }

  /** Another connection to the store holds the story's row: what is written into it waits. */
  async holdStory(storyId: string): Promise<HeldStory> {
    const host = join(this.dataFolder, "store");
    const holder = new Client({ host, port: 5432, user: "linecheck", database: "postgres" });
    // A store that is stopped meanwhile cuts it.
    holder.on("error", () => undefined);
    await holder.connect();
    await holder.query("begin");
    await holder.query("select 1 from stories where id = $1 for update", [storyId]);
    return {
      isWaitedFor: async () => {
        const { rowCount } = await holder.query(
          "select 1 from pg_stat_activity where wait_event_type = 'Lock' and pg_backend_pid() = any(pg_blocking_pids(pid))",
        );
        return rowCount !== null && rowCount > 0;
      },
      release: () => holder.end(),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.contexts.map((context) => context.close()));
    await this.stop();
    await rm(this.dataFolder, { recursive: true, force: true });
  }

  /** A browser context signed in as this person, through the door that programs use. */
  async contextOf(
    browser: Browser,
    person: DemoPerson,
    options: BrowserContextOptions = {},
  ): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL: this.url, ...options });
    this.contexts.push(context);
    const answer = await context.request.post("/api/auth/sign-in/email", {
      data: { email: `${person}@demo.test`, password: demoPassword },
      headers: { origin: this.url },
    });
    if (!answer.ok()) throw new Error(`${person} could not sign in: ${await answer.text()}`);
    return context;
  }

  async pageOf(browser: Browser, person: DemoPerson, path = "/"): Promise<Page> {
    const page = await (await this.contextOf(browser, person)).newPage();
    await page.goto(path);
    return page;
  }
}
