/** For tests of several processes: two real servers of one newsroom over one PostgreSQL and one Redis. */
import { once } from "node:events";
import { expect } from "vitest";
import { WebSocket } from "ws";
import type { Role } from "@/domain/people/person";
import { openClient, until, type Client } from "./body/test-clients";
import type { DemoPerson } from "./demo/demo-people";
import { openTestRedis, type TestRedis } from "./events/test-redis";
import { bundleMain, type MainProcess } from "./test-main";

const password = "a password for the demo people";
const people: readonly DemoPerson[] = [
  "reporter1",
  "reporter2",
  "checker1",
  "checker2",
  "editor1",
  "editor2",
  "admin",
];

/** What the tests read of the answers. */
type Answered = {
  readonly id: string;
  readonly status: string;
  readonly text: string;
  readonly blockers: readonly { readonly rule: string }[];
  readonly anchor: { readonly start: number };
};
type Told = { readonly type: string; readonly storyId?: string };

export type TestProcess = { readonly process: MainProcess; readonly url: string };

export type TestProcesses = {
  readonly redis: TestRedis;
  /** Starts one more; over this port of 127.0.0.1 instead of Redis' own. */
  readonly begin: (over?: { readonly redisPort: number }) => Promise<TestProcess>;
  readonly signInEverybody: (url: string) => Promise<void>;
  /** A new session's Cookie header, kept under the name `as`. */
  readonly signIn: (url: string, who: DemoPerson, as?: string) => Promise<void>;
  readonly tryPassword: (url: string, email: string, tried: string) => Promise<number>;
  readonly ask: (
    url: string,
    who: string,
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly body: Answered }>;
  /** An admin changes somebody's role, or deactivates or reactivates them. */
  readonly change: (
    url: string,
    who: DemoPerson,
    change: { readonly role?: Role; readonly active?: boolean },
  ) => Promise<void>;
  /** A story with this text, started by reporter1; gives its id. */
  readonly story: (url: string, words: string) => Promise<string>;
  /** The text of the story as a process answers it. */
  readonly textAt: (url: string, id: string) => Promise<string>;
  readonly open: (url: string, id: string, who: string) => Client;
  /** Everything that the live channel tells a person at a process, and the code that closes it. */
  readonly listen: (
    url: string,
    who: string,
  ) => Promise<{ readonly told: Told[]; readonly closed: number[] }>;
  readonly close: () => Promise<void>;
};

/** Over this database; no process is begun yet. */
export async function openTestProcesses(databaseUrl: string): Promise<TestProcesses> {
  const redis = await openTestRedis();
  await redis.start();
  const main = await bundleMain();
  const running: MainProcess[] = [];
  const clients: Client[] = [];
  const cookies = new Map<string, string>();

  async function begin(over?: { readonly redisPort: number }): Promise<TestProcess> {
    const started = main.begin({
      PORT: "0",
      DATABASE_URL: databaseUrl,
      REDIS_URL: over ? `redis://127.0.0.1:${String(over.redisPort)}` : redis.url,
      LINECHECK_SECRET: "a secret of at least 32 characters",
      LINECHECK_DEMO: "1",
      LINECHECK_DEMO_PASSWORD: password,
    });
    running.push(started);
    return { process: started, url: await started.ready() };
  }

  const post = (url: string, email: string, tried: string) =>
    fetch(`${url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email, password: tried }),
    });

  async function signIn(url: string, who: DemoPerson, as: string = who): Promise<void> {
    const answer = await post(url, `${who}@demo.test`, password);
    expect(answer.status).toBe(200);
    const cookie = answer.headers.getSetCookie().map((one) => one.split(";", 1)[0]);
    cookies.set(as, cookie.join("; "));
  }

  const ask: TestProcesses["ask"] = async (url, who, method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        cookie: cookies.get(who) ?? "",
        "content-length": body === undefined ? "0" : String(Buffer.byteLength(JSON.stringify(body))),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answered };
  };

  return {
    redis,
    begin,
    signInEverybody: async (url) => {
      await Promise.all(people.map((who) => signIn(url, who)));
    },
    signIn,
    tryPassword: async (url, email, tried) => (await post(url, email, tried)).status,
    ask,
    change: async (url, who, change) => {
      const { id } = (await ask(url, who, "GET", "/api/me")).body;
      expect((await ask(url, "admin", "PATCH", `/api/people/${id}`, change)).status).toBe(200);
    },
    story: async (url, words) => {
      const body = { format: "text", content: words };
      const made = await ask(url, "reporter1", "POST", "/api/stories", { headline: "A story", body });
      expect(made.status).toBe(201);
      return made.body.id;
    },
    textAt: async (url, id) => (await ask(url, "editor1", "GET", `/api/stories/${id}`)).body.text,
    open: (url, id, who) => {
      const cookie = cookies.get(who) ?? "";
      const client = openClient(`${url.replace("http", "ws")}/collab`, id, { cookie });
      clients.push(client);
      return client;
    },
    listen: async (url, who) => {
      const told: Told[] = [];
      const closed: number[] = [];
      const socket = new WebSocket(`${url.replace("http", "ws")}/events`, {
        headers: { cookie: cookies.get(who) ?? "" },
      });
      socket.on("message", (data: Buffer) => told.push(JSON.parse(data.toString()) as Told));
      socket.on("close", (code) => closed.push(code));
      await once(socket, "open");
      return { told, closed };
    },
    close: async () => {
      for (const client of clients) client.leave();
      for (const process of running) process.stop();
      await Promise.all(running.map(({ ended }) => ended));
      await redis.stop();
      await main.remove();
    },
  };
}

export const isSynced = (client: Client) => until(() => client.provider.synced, Boolean);

export const allSaved = (client: Client) =>
  until(
    () => client.saved.count,
    (count) => count === client.sent(),
    20_000,
  );

export const isClosedWith = (client: Client, code: number, ms?: number) =>
  until(
    () => client.closed,
    (closed) => closed.some((one) => one.code === code),
    ms,
  );
