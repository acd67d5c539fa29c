/**
 * Our server as main.ts runs it, without the pages: store, newsroom, HTTP server with its upgrades. Started by
 * servers.ts with settings in the environment; what only its owner could do by hand is asked over the process channel.
 */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { destination } from "pino";
import { isRefused } from "@/domain/refusal";
import type { Limits } from "@/server/body/limits";
import { readConfig } from "@/server/config";
import { openAlone, type Exchange } from "@/server/events/exchange";
import { channelOf, openRedisExchange } from "@/server/events/redis-exchange";
import { listen } from "@/server/http/listen";
import { openLog } from "@/server/log";
import { openNewsroom } from "@/server/newsroom";
import { bringPeople } from "@/server/people/bring-people";
import { startSession } from "@/server/people/start-session";
import { openStore } from "@/server/store/open-store";

type Ask =
  | { readonly ask: "people"; readonly id: number; readonly from: number; readonly count: number }
  | {
      readonly ask: "story";
      readonly id: number;
      readonly cookie: string;
      readonly paragraphs: readonly string[];
    }
  | { readonly ask: "gc"; readonly id: number };

function must<T extends object>(given: T): Exclude<T, { readonly refused: unknown }> {
  if (isRefused(given)) throw new Error(JSON.stringify(given));
  return given as Exclude<T, { readonly refused: unknown }>;
}

const config = must(readConfig());
const log = openLog(config.logLevel, destination({ fd: 2, sync: true }));
const store = must(await openStore(config, log));
/** None, where people get some by default: in some measurements a few clients send what hundreds would. */
const limits: Limits = {
  messages: { connection: [], person: [] },
  bytes: { connection: [], person: [] },
};
const newsroom = await openNewsroom({
  store,
  config,
  log,
  exchange: await openExchange(config.redisUrl),
  ...(process.env["BENCH_SYNC_LIMITS"] === "default" ? {} : { limits }),
});

/** As main.ts: where Redis is named, the other processes are heard from the start. */
async function openExchange(redisUrl: string | undefined): Promise<Exchange> {
  const processId = randomUUID();
  if (redisUrl === undefined) return openAlone(processId);
  const channel = await channelOf(store.db, store.epoch);
  return must(await openRedisExchange(redisUrl, { channel, processId, log }));
}

const answer = getRequestListener(newsroom.app.fetch, { overrideGlobalObjects: false });
const server = createServer((request, response) => void answer(request, response));
server.on("upgrade", (request, socket, head) => {
  socket.on("error", () => socket.destroy());
  if (!newsroom.upgrade(request, socket, head)) socket.destroy();
});

/** Reporters, each with a session of their own; gives their cookies. */
async function cookiesFor({
  from,
  count,
}: {
  readonly from: number;
  readonly count: number;
}): Promise<string[]> {
  const wanted = Array.from({ length: count }, (_, n) => ({
    name: `Reporter ${String(from + n)}`,
    email: `reporter-${String(from + n)}@example.org`,
    role: "reporter" as const,
  }));
  const cookies: string[] = [];
  for (const { id } of await bringPeople(newsroom.house, wanted)) {
    cookies.push((await startSession(newsroom.people, id)).cookie);
  }
  return cookies;
}

async function startStory(cookie: string, paragraphs: readonly string[]): Promise<string> {
  const answer = await newsroom.app.request("/api/stories", {
    method: "POST",
    headers: { cookie, "content-type": "application/json" },
    body: JSON.stringify({
      headline: "A story to be written together",
      body: { format: "text", content: paragraphs.join("\n\n") },
    }),
  });
  if (answer.status !== 201) throw new Error(await answer.text());
  const { id } = (await answer.json()) as { readonly id: string };
  return id;
}

process.on("message", (message: Ask) => {
  if (message.ask === "gc") return;
  const asked =
    message.ask === "people" ? cookiesFor(message) : startStory(message.cookie, message.paragraphs);
  asked.then(
    (value) => process.send?.({ answer: message.id, value }),
    (error: unknown) => process.send?.({ answer: message.id, error: String(error) }),
  );
});
process.on("SIGTERM", () => {
  void newsroom
    .close()
    .then(() => store.close())
    .finally(() => process.exit(0));
});
process.on("unhandledRejection", (error) => log.error({ err: error }, "a failure nobody answered"));

const port = await listen(server, config);
if (isRefused(port)) throw new Error(port.sentence);
