/** Two processes' rooms over one store and one Redis, in one Node process. The clock stands: nothing is looked up by it. */
import { is, SQL } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { openBus } from "../events/bus";
import type { Exchange } from "../events/exchange";
import { openRedisExchange } from "../events/redis-exchange";
import { hasRedis, openTestRedis } from "../events/test-redis";
import { isRefused } from "@/domain/refusal";
import type { Db } from "../store/db";
import { partsOf } from "./log-store";
import {
  openClient,
  openRaw,
  openTestServer,
  syncFrame,
  synced,
  until,
  type Client,
  type TestServer,
} from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

const it = (await hasRedis()) ? test : test.skip;
const redis = await openTestRedis();
const standing = new Date("2026-11-27T12:00:00Z");

type Process = TestServer & { readonly exchange: Exchange };

let desk: TestDesk;
/** Stores without telling anybody. */
let silent: TestServer;
let one: Process;
let two: Process;
/** What the second process reads of this story's text waits. */
let holding: { readonly story: string; readonly held: Promise<void> } | undefined;
let reads = 0;
const clients: Client[] = [];

async function openProcess(processId: string, db: Db): Promise<Process> {
  const exchange = await openRedisExchange(redis.url, { channel: "a test", processId, log: desk.house.log });
  if (isRefused(exchange)) throw new Error(exchange.sentence);
  const bus = openBus((error) => {
    throw error;
  });
  return { ...(await openTestServer({ house: { ...desk.house, db, bus, exchange } })), exchange };
}

/** The answer comes as it was when it was asked for. */
function readingLate(db: Db): Db {
  const execute = (async (query: Parameters<Db["execute"]>[0]) => {
    const answer = await db.execute(query);
    const isOfStory = is(query, SQL) && query.queryChunks.includes(holding?.story);
    if (isOfStory) {
      reads += 1;
      await holding?.held;
    }
    return answer;
  }) as Db["execute"];
  return new Proxy(db, {
    get: (of, key) => (key === "execute" ? execute : (Reflect.get(of, key) as unknown)),
  });
}

function holdReads(story: string): { readonly areHeld: () => Promise<unknown>; readonly letGo: () => void } {
  const before = reads;
  let letGo = () => undefined as void;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  holding = { story, held };
  return {
    areHeld: () =>
      until(
        () => reads,
        (count) => count > before,
      ),
    letGo: () => {
      if (holding?.held === held) holding = undefined;
      letGo();
    },
  };
}

async function open(server: TestServer, story: string, role: "reporter" | "checker"): Promise<Client> {
  const client = openClient(server.url, story, await desk.person(role));
  clients.push(client);
  return client;
}

/** Resolves when the second process has heard from the first what is stored next; to be begun before that is written. */
async function hearNext(story: string): Promise<{ readonly told: Promise<void> }> {
  const logSeq = ((await partsOf(desk.house.db, story)).at(-1)?.seq ?? 0) + 1;
  const told = new Promise<void>((resolve) => {
    const off = two.exchange.hear((message) => {
      if (message.kind !== "stored" || message.storyId !== story || message.logSeq !== logSeq) return;
      off();
      resolve();
    });
  });
  return { told };
}

beforeAll(async () => {
  if (it !== test) return;
  await redis.start();
  desk = await openTestDesk(() => standing);
  silent = await openTestServer(desk);
  one = await openProcess("one", desk.house.db);
  two = await openProcess("two", readingLate(desk.house.db));
  // Whoever came later knows that it missed the first's beginning: over before the tests begin.
  const settled = new Promise<void>((resolve) => two.exchange.whenMissed(resolve));
  one.exchange.tell({ kind: "alive" });
  await settled;
});
afterAll(async () => {
  for (const client of clients) client.leave();
  for (const server of [one, two, silent]) await server?.close();
  for (const process of [one, two]) await process?.exchange.close();
  await redis.stop();
  await desk?.close();
});

it("[BO7] what another process stores while a story is being opened is told to whoever opens it", async () => {
  const story = await desk.story("Words.");
  const writer = await open(one, story, "reporter");
  await synced(writer);
  const reading = holdReads(story);
  const reader = await open(two, story, "checker");
  await reading.areHeld();
  const { told } = await hearNext(story);
  writer.type(0, "Meanwhile. ");
  await told;
  reading.letGo();
  await until(reader.text, (text) => text === "Meanwhile. Words.");
});

it("[BO7] what another process stores while the log is being read on is read after it", async () => {
  const story = await desk.story("Words.");
  const writer = await open(one, story, "reporter");
  const untold = await open(silent, story, "reporter");
  const reader = await open(two, story, "reporter");
  await synced(writer, untold, reader);
  reader.type(0, "Read. ");
  await until(writer.text, (text) => text === "Read. Words.");
  untold.type(0, "Untold. ");
  await until(
    () => untold.saved.count,
    (count) => count === untold.sent(),
  );
  const reading = holdReads(story);
  writer.type(writer.text().length, " Told.");
  await reading.areHeld();
  await until(writer.text, (text) => text.includes("Untold. "));
  const { told } = await hearNext(story);
  // Between letters that the second process does not have yet.
  writer.type(writer.text().indexOf("told"), "-");
  await told;
  reading.letGo();
  await until(reader.text, (text) => text === writer.text());
  expect(reader.text()).toContain("Un-told. ");
});

it("[BO4] whoever writes while something stored elsewhere is still missing is not refused", async () => {
  const story = await desk.story("Words.");
  const writer = await open(one, story, "reporter");
  const untold = await open(silent, story, "reporter");
  await synced(writer, untold);
  const own = new Y.Doc();
  Y.applyUpdate(own, Y.encodeStateAsUpdate(writer.doc));
  const opening = holdReads(story);
  const opened = openRaw(two.url, story, await desk.person("reporter"), { saved: "1" });
  await opening.areHeld();
  untold.type(0, "Untold. ");
  await until(
    () => untold.saved.count,
    (count) => count === untold.sent(),
  );
  writer.type(writer.text().length, " Told.");
  await until(writer.text, (text) => text === "Untold. Words. Told.");
  const isOpen = new Promise<void>((resolve) => {
    one.exchange.hear(({ kind }) => kind === "who-is-here" && resolve());
  });
  const { told } = await hearNext(story);
  const reading = holdReads(story);
  opening.letGo();
  await isOpen;
  // Before the document of the second process is made, and between letters that it does not have.
  writer.type(writer.text().indexOf("told"), "-");
  await told;
  const honest = await opened;
  const before = Y.encodeStateVector(own);
  const block = own.getXmlFragment("body").get(0);
  if (!(block instanceof Y.XmlElement)) throw new Error("There is no block.");
  const words = block.get(0);
  if (!(words instanceof Y.XmlText)) throw new Error("There are no words.");
  words.insert(words.length, " Honest.");
  honest.send(syncFrame(2, Y.encodeStateAsUpdate(own, before)));
  const came = until(writer.text, (text) => text.includes(" Honest."));
  const ended = await Promise.race([honest.closed, came]);
  reading.letGo();
  expect(ended).toBe(writer.text());
  honest.socket.terminate();
});
