import { createClient } from "@redis/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRefused } from "@/domain/refusal";
import { until } from "../body/test-clients";
import { openLog } from "../log";
import { freePort } from "../store/test-servers";
import type { Exchange, ExchangeMessage } from "./exchange";
import { encodeFrame, encodeMessage } from "./exchange-frames";
import { openRedisExchange } from "./redis-exchange";
import { hasRedis, openTestRedis, type TestRedis } from "./test-redis";

const it = (await hasRedis()) ? test : test.skip;
const redis = await openTestRedis();
/** It is hung up while the other goes on. */
const hung = await openTestRedis();
const log = openLog(process.env["LINECHECK_TEST_LOG"] ?? "silent");

beforeAll(async () => {
  if (it === test) await Promise.all([redis.start(), hung.start()]);
});
const exchanges: Exchange[] = [];
afterAll(async () => {
  await Promise.all(exchanges.map((exchange) => exchange.close()));
  await Promise.all([redis.stop(), hung.stop()]);
});

type Opened = {
  readonly exchange: Exchange;
  readonly heard: { readonly message: ExchangeMessage; readonly from: string }[];
  readonly gone: string[];
  readonly missed: () => number;
};

async function open(channel: string, processId: string, on: TestRedis = redis): Promise<Opened> {
  const exchange = await openRedisExchange(on.url, { channel, processId, log });
  if (isRefused(exchange)) throw new Error(exchange.sentence);
  exchanges.push(exchange);
  const heard: Opened["heard"] = [];
  const gone: string[] = [];
  let missed = 0;
  exchange.hear((message, from) => heard.push({ message, from }));
  exchange.whenGone((other) => gone.push(other));
  exchange.whenMissed(() => (missed += 1));
  return { exchange, heard, gone, missed: () => missed };
}

/** Says these frames in the name of a process that is none. */
async function say(channel: string, frames: readonly Uint8Array[]): Promise<void> {
  const client = createClient({ url: redis.url });
  await client.connect();
  for (const frame of frames) await client.publish(channel, Buffer.from(frame));
  await client.close();
}
const alive = encodeMessage({ kind: "alive" });
const story = (storyId: string): ExchangeMessage => ({ kind: "who-is-here", storyId });
const storiesOf = (heard: Opened["heard"]) =>
  heard.flatMap(({ message }) => (message.kind === "who-is-here" ? [message.storyId] : []));

it("what a process tells the others hear, in its order, whole however large, and itself never", async () => {
  const one = await open("told", "one");
  const two = await open("told", "two");
  const elsewhere = await open("another newsroom's", "three");
  const update = new Uint8Array(3 * 1024 * 1024).fill(7);
  one.exchange.tell(story("first"));
  one.exchange.tell({ kind: "stored", storyId: "large", firstSeq: 1, logSeq: 2, update });
  one.exchange.tell(story("last"));
  await until(
    () => storiesOf(two.heard),
    (stories) => stories.includes("last"),
  );
  expect(storiesOf(two.heard)).toEqual(["first", "last"]);
  const large = two.heard.flatMap(({ message }) => (message.kind === "stored" ? [message.update] : []));
  expect(large.map((bytes) => Buffer.compare(bytes, update))).toEqual([0]);
  expect(one.heard.filter(({ from }) => from === "one")).toEqual([]);
  expect(elsewhere.heard).toEqual([]);
});

it("whoever did not hear a frame knows it by the next one's number", async () => {
  const one = await open("numbered", "one");
  await say("numbered", [encodeFrame("a process", 1, [alive]), encodeFrame("a process", 2, [alive])]);
  await until(
    () => one.heard.length,
    (count) => count === 2,
  );
  expect(one.missed()).toBe(0);
  await say("numbered", [encodeFrame("a process", 4, [alive])]);
  await until(one.missed, (count) => count === 1);
});

it("what nobody can read is taken for something missed, and what comes after it is heard", async () => {
  const one = await open("unreadable", "one");
  const garbage = new Uint8Array([9, ...Buffer.from("a process"), 1, 9]);
  await say("unreadable", [new Uint8Array([255, 255, 255]), garbage, encodeFrame("a process", 1, [alive])]);
  await until(
    () => one.heard.map(({ message }) => message.kind),
    (kinds) => kinds.includes("alive"),
  );
  await until(one.missed, (count) => count >= 1);
});

it("a listener that fails is the only one that does not hear", async () => {
  const one = await open("failing", "one");
  const heard: string[] = [];
  one.exchange.hear(() => {
    throw new Error("This listener fails.");
  });
  one.exchange.hear((_message, from) => heard.push(from));
  await say("failing", [encodeFrame("a process", 1, [alive])]);
  await until(
    () => heard,
    (froms) => froms.length === 1,
  );
});

it("a process that says goodbye is gone at once", async () => {
  const one = await open("goodbye", "one");
  const two = await open("goodbye", "two");
  await until(
    () => one.heard,
    (all) => all.some(({ from }) => from === "two"),
  );
  await two.exchange.close();
  await until(
    () => one.gone,
    (gone) => gone.includes("two"),
  );
});

it.concurrent(
  "[RE3] a process that falls silent is taken for dead, and what it did not tell is looked up",
  async () => {
    const one = await open("silent", "one");
    await say("silent", [encodeFrame("a process", 1, [alive])]);
    await until(
      () => one.gone,
      (gone) => gone.includes("a process"),
      25_000,
    );
    await until(one.missed, (count) => count === 1);
  },
);

it.concurrent(
  "[RE3] a Redis that hangs is taken for away; when it goes on, what was missed is looked up",
  async () => {
    const one = await open("hung", "one", hung);
    const two = await open("hung", "two", hung);
    hung.hang();
    await until(one.exchange.isWhole, (isWhole) => !isWhole, 25_000);
    two.exchange.tell(story("told to nobody, or late"));
    hung.goOn();
    for (const { exchange, missed } of [one, two]) {
      await until(exchange.isWhole, Boolean, 25_000);
      await until(missed, (count) => count >= 1);
    }
    two.exchange.tell(story("after"));
    await until(
      () => storiesOf(one.heard),
      (stories) => stories.includes("after"),
    );
  },
);

it("[RE3] Redis restarted: whoever was cut off knows it, and looks up what was missed once it is back", async () => {
  const one = await open("restarted", "one");
  const two = await open("restarted", "two");
  await redis.stop();
  for (const { exchange } of [one, two]) await until(exchange.isWhole, (isWhole) => !isWhole);
  const missedBefore = [one, two].map(({ missed }) => missed());
  two.exchange.tell(story("lost"));
  await redis.start();
  for (const [index, { exchange, missed }] of [one, two].entries()) {
    await until(exchange.isWhole, Boolean);
    await until(missed, (count) => count > (missedBefore[index] ?? 0));
  }
  two.exchange.tell(story("after"));
  await until(
    () => storiesOf(one.heard),
    (stories) => stories.includes("after"),
  );
  expect(storiesOf(one.heard)).not.toContain("lost");
});

test("where no Redis answers the operator reads one clear line", async () => {
  const url = `redis://127.0.0.1:${String(await freePort())}`;
  const refused = await openRedisExchange(url, { channel: "nobody's", processId: "one", log });
  expect(isRefused(refused) && refused.sentence).toMatch(
    /^Redis at 127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED.*\): see the setting REDIS_URL\.$/,
  );
});
