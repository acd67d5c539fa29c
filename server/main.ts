/** The process: settings → store → newsroom → HTTP server, and the way back on a signal. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { destination } from "pino";
import { provideNewsroom } from "@/domain/newsroom";
import { isRefused } from "@/domain/refusal";
import { readConfig, type Config } from "./config";
import { isDemoPerson } from "./demo/demo-people";
import { isDemoLoaded, openDemoNewsroom } from "./demo/demo-newsroom";
import { openAlone, type Exchange } from "./events/exchange";
import { channelOf, openRedisExchange } from "./events/redis-exchange";
import { openFront, type Served } from "./http/front";
import { listen } from "./http/listen";
import { openPages } from "./http/pages";
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

const closeWithinMs = 25_000;

const settings = readConfig();
if (isRefused(settings)) giveUp(settings.sentence);
// What people read goes to standard output, the log to standard error.
const log = openLog(settings.logLevel, destination({ fd: 2, sync: true }));

type Open = Served & { readonly store: Store; readonly newsroom: OpenNewsroom };
let whenOpen: Promise<Open> | undefined;
const front = openFront(log, () => whenOpen);
let closing = false;

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
      if (demoIsAsleep)
        invitation =
          "\nThe demo people are inactive: LINECHECK_DEMO is 0, or was at an earlier start; 1 wakes them.\n";
    }
  });
  provideNewsroom(newsroom.newsroom);
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

/**
 * `/readyz` says no and new sockets are refused (503), requests in flight are answered, what was sent is stored, open
 * sockets are told to come back (1012), and only then the port is given back. Each step has its limit, all together 25 s.
 */
async function close(why: string, code: number): Promise<void> {
  closing = true;
  log.info({ why }, "closing");
  setTimeout(() => {
    log.error("not closed in time");
    process.exit(1);
  }, closeWithinMs).unref();
  try {
    const { newsroom, pages, store } = await (whenOpen ?? Promise.reject(new Error("not open yet")));
    newsroom.beginClosing();
    await front.drain();
    await newsroom.close();
    await front.close();
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

const port = await listen(front.server, settings);
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
