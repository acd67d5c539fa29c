/** The buses of two processes that hear each other over Redis. */
import { afterEach, beforeAll, beforeEach, afterAll, expect, test } from "vitest";
import { isRefused } from "@/domain/refusal";
import type { Named } from "@/domain/stories/story";
import { until } from "../body/test-clients";
import { openLog } from "../log";
import { openBus, type Bus, type NewsroomEvent } from "./bus";
import { openCrossing, type Crossing } from "./crossing";
import type { Exchange } from "./exchange";
import { openRedisExchange } from "./redis-exchange";
import { hasRedis, openTestRedis } from "./test-redis";

const it = (await hasRedis()) ? test : test.skip;
const redis = await openTestRedis();
const log = openLog(process.env["LINECHECK_TEST_LOG"] ?? "silent");
const reporter = { id: "reporter", name: "Reporter One" };
const editor = { id: "editor", name: "Editor One" };

type Process = {
  readonly exchange: Exchange;
  readonly bus: Bus;
  readonly crossing: Crossing;
  readonly told: { readonly event: NewsroomEvent; readonly isForeign: boolean; readonly isOfText: boolean }[];
  /** These people have the story open here from now on. */
  readonly open: (storyId: string, people: readonly Named[]) => void;
};

async function openProcess(processId: string): Promise<Process> {
  const exchange = await openRedisExchange(redis.url, { channel: "crossing", processId, log });
  if (isRefused(exchange)) throw new Error(exchange.sentence);
  const bus = openBus((error) => {
    throw error;
  });
  const told: Process["told"] = [];
  bus.on((event, how) => told.push({ event, ...how }));
  const here = new Map<string, readonly Named[]>();
  const crossing = openCrossing({ bus, exchange }, (storyId) => here.get(storyId) ?? []);
  return {
    exchange,
    bus,
    crossing,
    told,
    open: (storyId, people) => {
      here.set(storyId, people);
      bus.emit({ type: "presence", storyId, here: [...people] });
    },
  };
}

async function close({ crossing, exchange }: Process): Promise<void> {
  crossing.close();
  await exchange.close();
}

let one: Process;
let two: Process;
beforeAll(async () => {
  if (it === test) await redis.start();
});
beforeEach(async () => {
  if (it !== test) return;
  one = await openProcess("one");
  two = await openProcess("two");
});
afterEach(async () => {
  for (const process of [one, two]) if (process) await close(process);
});
afterAll(() => redis.stop());

const typesAt = ({ told }: Process) => told.map(({ event }) => event.type);
const namesAt = ({ crossing }: Process, storyId: string) => crossing.here(storyId).map(({ name }) => name);

it("what happens at one process is told at the other, once, and not told back", async () => {
  one.bus.emit({ type: "claims", storyId: "story", claimIds: ["claim"] });
  one.bus.emit({ type: "story", storyId: "story" }, { isOfText: true });
  one.bus.emit({ type: "sessions-ended", personId: "reporter" });
  two.bus.emit({ type: "people" });
  await until(
    () => typesAt(two),
    (types) => types.includes("sessions-ended"),
  );
  await until(
    () => typesAt(one),
    (types) => types.includes("people"),
  );
  expect(two.told.filter(({ isForeign }) => isForeign)).toEqual([
    { event: { type: "claims", storyId: "story", claimIds: ["claim"] }, isForeign: true, isOfText: false },
    { event: { type: "story", storyId: "story" }, isForeign: true, isOfText: true },
    { event: { type: "sessions-ended", personId: "reporter" }, isForeign: true, isOfText: false },
  ]);
  expect(typesAt(one).toSorted()).toEqual(["claims", "people", "sessions-ended", "story"]);
});

it("what is each process's own does not cross", async () => {
  one.bus.emit({ type: "missed" });
  one.bus.emit({ type: "text-stored", storyId: "story", logSeq: 1 });
  one.bus.emit({ type: "people" });
  await until(
    () => typesAt(two),
    (types) => types.includes("people"),
  );
  expect(typesAt(two)).toEqual(["people"]);
});

it("who has a story open is known at every process, each person once", async () => {
  one.open("story", [reporter]);
  await until(
    () => namesAt(two, "story"),
    (names) => names.length === 1,
  );
  two.open("story", [reporter, editor]);
  await until(
    () => namesAt(one, "story"),
    (names) => names.length === 2,
  );
  expect(namesAt(one, "story")).toEqual(["Reporter One", "Editor One"]);
  expect(namesAt(two, "story")).toEqual(["Reporter One", "Editor One"]);
  one.open("story", []);
  two.open("story", [editor]);
  await until(
    () => namesAt(one, "story"),
    (names) => names.length === 1,
  );
  expect(namesAt(one, "story")).toEqual(["Editor One"]);
});

it("a process that starts later learns who has what open", async () => {
  one.open("story", [reporter]);
  one.open("left", [editor]);
  one.open("left", []);
  const three = await openProcess("three");
  await until(
    () => namesAt(three, "story"),
    (names) => names.length === 1,
  );
  expect(namesAt(three, "left")).toEqual([]);
  await close(three);
});

it("a process that ends takes its people with it, and that is told", async () => {
  two.open("story", [reporter]);
  await until(
    () => namesAt(one, "story"),
    (names) => names.length === 1,
  );
  await close(two);
  await until(
    () => namesAt(one, "story"),
    (names) => names.length === 0,
  );
  expect(one.told.at(-1)).toEqual({
    event: { type: "presence", storyId: "story", here: [] },
    isForeign: true,
    isOfText: false,
  });
});
