/** One process looks; the acts of the others are what the store would say of them. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { isRefused } from "@/domain/refusal";
import { until } from "../body/test-clients";
import { openLog } from "../log";
import { openBus, type NewsroomEvent } from "./bus";
import type { Exchange } from "./exchange";
import { lookAgain, type RightsChange } from "./look-again";
import { openRedisExchange } from "./redis-exchange";
import { hasRedis, openTestRedis } from "./test-redis";

const it = (await hasRedis()) ? test : test.skip;
const redis = await openTestRedis();
const log = openLog(process.env["LINECHECK_TEST_LOG"] ?? "silent");

let exchange: Exchange;
let looking: ReturnType<typeof lookAgain>;
let looks = 0;
let acts: readonly (RightsChange | "no matter of rights")[] = ["no matter of rights"];
let ended: readonly string[] = [];
let storeFails = 0;
/** As the store keeps it: by this process, by another. */
let saidCutOff = false;
let isAnotherCutOff = false;
let told: NewsroomEvent[] = [];

beforeAll(async () => {
  if (it !== test) return;
  await redis.start();
  const opened = await openRedisExchange(redis.url, { channel: "looking", processId: "one", log });
  if (isRefused(opened)) throw new Error(opened.sentence);
  exchange = opened;
  const bus = openBus((error) => {
    throw error;
  });
  bus.on((event, { isForeign }) => {
    expect(isForeign).toBe(true);
    told.push(event);
  });
  looking = lookAgain(
    { bus, exchange, log },
    {
      lastAct: async () => {
        looks += 1;
        if (storeFails === 0) return acts.length;
        storeFails -= 1;
        throw new Error("the store does not answer");
      },
      rightsChangedAfter: async (act) =>
        acts.slice(act).flatMap((one) => (one === "no matter of rights" ? [] : [one])),
      openSessions: () => ["mine", "another's"],
      endedSessions: async (sessionIds) => sessionIds.filter((id) => ended.includes(id)),
      sayCutOff: async () => {
        saidCutOff = true;
      },
      isSomeoneCutOff: async () => saidCutOff || isAnotherCutOff,
    },
  );
  await until(
    () => looks,
    (count) => count === 1,
  );
});
afterAll(async () => {
  await looking?.close();
  await exchange?.close();
  await redis.stop();
});
beforeEach(() => {
  told = [];
  ended = [];
});

const areRightsAsked = () =>
  until(
    () => told,
    (all) => all.some(({ type }) => type === "rights-changed"),
  );
/** It looks once more. */
async function looksOn(): Promise<void> {
  const before = looks;
  await until(
    () => looks,
    (count) => count > before,
  );
}

it("[PE4] a change of rights, an end of a session that nobody told is found and followed", async () => {
  ended = ["another's"];
  acts = [...acts, "no matter of rights", { storyId: "story" }, { personId: "reporter" }];
  const session: NewsroomEvent = { type: "session-ended", sessionId: "another's" };
  await until(
    () => told.length,
    (count) => count === 3,
  );
  expect(told).toEqual([
    session,
    { type: "rights-changed", storyId: "story" },
    { type: "rights-changed", personId: "reporter" },
  ]);
});

it("[RE3] while another process alone is cut off, what it does is asked of the store", async () => {
  isAnotherCutOff = true;
  await areRightsAsked();
  await looksOn();
  told = [];
  acts = [...acts, "no matter of rights"];
  await areRightsAsked();
  expect(saidCutOff).toBe(false);
  isAnotherCutOff = false;
  await looksOn();
});

it("[RE3] while Redis is away every act is, as soon as the store answers; when it is back all is asked once more", async () => {
  await redis.stop();
  await areRightsAsked();
  await looksOn();
  told = [];
  storeFails = 2;
  acts = [...acts, "no matter of rights"];
  await areRightsAsked();
  expect(storeFails).toBe(0);
  expect(saidCutOff).toBe(true);
  await redis.start();
  await until(exchange.isWhole, Boolean);
  told = [];
  await areRightsAsked();
});
