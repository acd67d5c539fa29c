/** The process: settings → store → newsroom → HTTP server, and the way back on a signal. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import { destination } from "pino";
import { provideNewsroom } from "@/domain/newsroom";
import { isRefused } from "@/domain/refusal";
import { readConfig, type Config } from "./config";
import { isDemoPerson } from "./demo/demo-people";
import { isDemoLoaded, openDemoNewsroom } from "./demo/demo-newsroom";
import { openAlone, type Exchange } from "./events/exchange";
import { channelOf, openRedisExchange } from "./events/redis-exchange";
import { answerPage } from "./http/answer-page";
import { listen } from "./http/listen";
import { openPages, type Pages } from "./http/pages";
import { failureLine, openLog } from "./log";
import { openMetrics } from "./metrics";
import { openNewsroom, type OpenNewsroom } from "./newsroom";
import { addFirstAdmin } from "./people/first-admin";
import { lockKeys } from "./store/lock-keys";
import { oneAtATime } from "./store/one-at-a-time";
import { openStore, type Store } from "./store/open-store";

/** One clear line for the operator, and the end. */
function giveUp(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

const settings = readConfig();
if (isRefused(settings)) giveUp(settings.sentence);
// What people read goes to standard output, the log to standard error.
const log = openLog(settings.logLevel, destination({ fd: 2, sync: true }));

/** Everything that answers; requests that come earlier wait for it. */
type Open = { readonly store: Store; readonly newsroom: OpenNewsroom; readonly pages: Pages };
let whenOpen: Promise<Open> | undefined;
let closing = false;
/** Connections that were taken over: the HTTP server knows them no more. */
const upgraded = new Set<Duplex>();

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    log.error({ err: error }, "request failed");
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
// Longer than proxies and programs keep an idle connection: else one is cut just as they send on it.
server.keepAliveTimeout = 65_000;
server.on("upgrade", (request, socket, head) => {
  const cut = () => socket.destroy();
  socket.on("error", cut);
  upgraded.add(socket);
  socket.once("close", () => upgraded.delete(socket));
  Promise.resolve(whenOpen).then((open) => {
    if (!open || closing) return cut();
    if (!open.newsroom.upgrade(request, socket, head) && !open.pages.upgrade(request, socket, head)) cut();
  }, cut);
});

const outsideApi = new Set(["/healthz", "/readyz", "/metrics", "/feed.xml", "/feed.json"]);
let answerApi: ReturnType<typeof getRequestListener> | undefined;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const open = await whenOpen;
  if (!open || !answerApi) throw new Error("A request came before the server was listening.");
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  if (path === "/api" || path.startsWith("/api/") || outsideApi.has(path)) {
    return answerApi(request, response);
  }
  return answerPage(open.newsroom.house, open.pages, request, response);
}

async function open(config: Config): Promise<Open> {
  const { url, dev, host, port } = config;
  // The project's folder, from server/ as from dist/.
  const folder = join(import.meta.dirname, "..");
  const pages = openPages({ folder, url, dev, host, port });
  pages.catch(() => {
    // Told below, once the store is open.
  });
  const store = await openStore(config, log);
  if (isRefused(store)) return giveUp(store.sentence);
  const exchange = await openExchange(config, store);
  let demoIsAsleep = false;
  const newsroom = await openNewsroom({
    store,
    config,
    log,
    exchange,
    metrics: openMetrics({ ofProcess: true }),
    isAsleep: (person) => demoIsAsleep && isDemoPerson(person),
  });
  // Of processes that start together one brings what the settings ask for, the others find it there.
  await oneAtATime(store.db, lockKeys.starting, async () => {
    if (config.firstAdmin) await addFirstAdmin(newsroom.people, config.firstAdmin);
    if (store.demo) {
      const demo = await openDemoNewsroom(newsroom, config.demoPassword);
      // On a later start off loopback its people are inactive.
      demoIsAsleep = !config.onLoopback && !demo.isNew;
      invitation = demoIsAsleep
        ? "\nThe demo people are inactive: this newsroom is not on loopback any more.\n"
        : await demo.invitation();
    } else {
      // LINECHECK_DEMO=0 puts the people of an earlier demo to sleep as well.
      demoIsAsleep = await isDemoLoaded(newsroom.house.db);
      if (demoIsAsleep) invitation = "\nThe demo people are inactive: LINECHECK_DEMO is 0.\n";
    }
  });
  provideNewsroom(newsroom.newsroom);
  answerApi = getRequestListener(newsroom.app.fetch, { overrideGlobalObjects: false });
  try {
    return { store, newsroom, pages: await pages };
  } catch (error) {
    await newsroom.close();
    await store.close();
    throw error;
  }
}
let invitation = "";

/** Where Redis is named, the other processes are heard from the start, or there is none. */
async function openExchange({ redisUrl }: Config, { db, epoch }: Store): Promise<Exchange> {
  const processId = randomUUID();
  if (redisUrl === undefined) return openAlone(processId);
  const channel = await channelOf(db, epoch);
  const exchange = await openRedisExchange(redisUrl, { channel, processId, log });
  return isRefused(exchange) ? giveUp(exchange.sentence) : exchange;
}

/** Open sockets are told to come back (1012), running requests get a few seconds, then the store is closed. */
async function close(why: string, code: number): Promise<void> {
  closing = true;
  log.info({ why }, "closing");
  const closed = new Promise((resolve) => server.once("close", resolve));
  server.close();
  try {
    const { newsroom, pages, store } = await (whenOpen ?? Promise.reject(new Error("not open yet")));
    await newsroom.close();
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    }, 3000);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
    await pages.close();
    await store.close();
    process.exit(code);
  } catch (error) {
    log.error({ err: error }, "not closed cleanly");
    process.exit(1);
  }
}
let signalledAtMs = 0;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // A terminal's Ctrl-C reaches us twice, from itself and from npm: only one that comes later means "now".
    if (closing && performance.now() - signalledAtMs > 500) process.exit(1);
    if (closing) return;
    signalledAtMs = performance.now();
    void close(signal, 0);
  });
}
process.on("unhandledRejection", (error) => log.error({ err: error }, "a failure nobody answered"));
process.on("uncaughtException", (error) => {
  log.fatal({ err: error }, "failed");
  if (!closing) void close("failure", 1);
});

const port = await listen(server, settings);
if (isRefused(port)) giveUp(port.sentence);
const config: Config = settings.urlGiven
  ? { ...settings, port }
  : { ...settings, port, url: settings.url.replace(/:0$/, `:${String(port)}`) };
whenOpen = open(config);
await whenOpen.catch((error: unknown) => {
  log.fatal({ err: error }, "not opened");
  giveUp(`Linecheck did not start: ${failureLine(error)}`);
});
console.log(`\nLinecheck is ready: ${config.url}\n${invitation}`);
