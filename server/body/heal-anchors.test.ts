import { randomBytes } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import * as Y from "yjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fieldText } from "@/domain/body/plain-text";
import { isRefused } from "@/domain/refusal";
import { openBus, type NewsroomEvent } from "../events/bus";
import { lockStory } from "../stories/story-row";
import { stories } from "../stories/story-tables";
import {
  type AnchorSelect,
  anchorsOf,
  makeAnchor,
  moveAnchor,
  noteJudged,
  type PlacedAnchor,
} from "./anchor-store";
import { fieldsOf } from "./committed-texts";
import { healStory, startHealing } from "./heal-anchors";
import { appendToLog } from "./log-store";
import { readText, type StoredText } from "./read-text";
import { until } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

async function textOf(storyId: string): Promise<StoredText> {
  const text = await readText(desk.house.db, storyId);
  if (!text) throw new Error("no text");
  return text;
}

/** Anchors a claim at the selected words; gives its id. */
async function mark(storyId: string, select: string | AnchorSelect): Promise<string> {
  const ownerId = `claim-${randomBytes(6).toString("hex")}`;
  const chosen = typeof select === "string" ? { field: "body" as const, quote: select } : select;
  const made = await desk.house.db.transaction(async (tx) =>
    makeAnchor(tx, { storyId, ownerKind: "claim", ownerId, select: chosen }, fieldsOf(await textOf(storyId))),
  );
  if (isRefused(made)) throw new Error(made.refused);
  return ownerId;
}

async function anchorOf(ownerId: string): Promise<PlacedAnchor> {
  const [anchor] = await anchorsOf(desk.house.db, { ownerIds: [ownerId] });
  if (!anchor) throw new Error("no anchor");
  return anchor;
}

/** Stores an edit of the body as the room would, without telling. */
async function write(storyId: string, words: string, others: string): Promise<number> {
  const { doc, logSeq } = await textOf(storyId);
  const before = Y.encodeStateVector(doc);
  const body = doc.getXmlFragment("body");
  const at = fieldText(body).text.indexOf(words);
  const paragraph = body.toArray().findIndex((_, index) => {
    const block = fieldText(body).blocks[index];
    return block !== undefined && block.start <= at && at <= block.end;
  });
  const element = body.get(paragraph);
  const text = element instanceof Y.XmlElement ? element.get(0) : null;
  if (!(text instanceof Y.XmlText)) throw new Error(`"${words}" is not there`);
  const inBlock = at - (fieldText(body).blocks[paragraph]?.start ?? 0);
  doc.transact(() => {
    text.delete(inBlock, words.length);
    text.insert(inBlock, others);
  });
  const seq = logSeq + 1;
  await desk.house.db.transaction(async (tx) => {
    await lockStory(tx, storyId);
    const update = Y.encodeStateAsUpdate(doc, before);
    await appendToLog(tx, storyId, [{ seq, personId: null, at: new Date(), update }]);
    await tx.update(stories).set({ logSeq: seq, updatedAt: new Date() }).where(eq(stories.id, storyId));
  });
  return seq;
}

async function heal(storyId: string): Promise<readonly string[]> {
  return desk.house.db.transaction(async (tx) => {
    await lockStory(tx, storyId);
    return healStory(tx, storyId, fieldsOf(await textOf(storyId)));
  });
}

const soldiers = "KFOR has about 4,600 troops.";

test("[AN1] an anchor lies beside the text and knows its words, place and sentence", async () => {
  const storyId = await desk.story("Before.", soldiers);
  const id = await mark(storyId, "4,600");
  expect(await anchorOf(id)).toMatchObject({
    state: "anchored",
    start: 24,
    end: 29,
    words: "4,600",
    sentence: soldiers,
  });
  expect(await anchorsOf(desk.house.db, { storyId })).toHaveLength(1);
  const { relStart, relEnd } = await anchorOf(id);
  expect([relStart?.length, relEnd?.length].every(Boolean)).toBe(true);
});

test("[CL1] words that are not there keep no anchor", async () => {
  const storyId = await desk.story(soldiers);
  const refused = await desk.house.db.transaction(async (tx) =>
    makeAnchor(
      tx,
      { storyId, ownerKind: "claim", ownerId: "nobody", select: { field: "body", quote: "5,000" } },
      fieldsOf(await textOf(storyId)),
    ),
  );
  expect(refused).toEqual({ refused: "quote-not-found" });
  expect(await anchorsOf(desk.house.db, { storyId })).toEqual([]);
});

test("[AN4] healing tells who has news, and healing twice changes nothing", async () => {
  const storyId = await desk.story("Before.", soldiers, "Another 30 came.");
  const [number, other] = [await mark(storyId, "4,600"), await mark(storyId, "30")];
  await write(storyId, "4,600", "14,600");
  expect(await heal(storyId)).toEqual([number]);
  expect(await anchorOf(number)).toMatchObject({ state: "changed", words: "14,600", start: 24, end: 30 });
  expect(await anchorOf(other)).toMatchObject({ state: "anchored", words: "30", start: 48 });
  const before = await anchorsOf(desk.house.db, { storyId });
  expect(await heal(storyId)).toEqual([]);
  expect(await anchorsOf(desk.house.db, { storyId })).toEqual(before);
});

test("[FR4] the words back in place are anchored again; judged words are what is looked for", async () => {
  const storyId = await desk.story(soldiers);
  const id = await mark(storyId, "4,600");
  await write(storyId, "4,600", "5,200");
  await heal(storyId);
  await write(storyId, "5,200", "4,600");
  await heal(storyId);
  expect(await anchorOf(id)).toMatchObject({ state: "anchored", words: "4,600" });
  await write(storyId, "4,600", "5,200");
  await heal(storyId);
  expect((await anchorOf(id)).state).toBe("changed");
  await desk.house.db.transaction((tx) =>
    noteJudged(tx, { ownerId: id, words: "5,200" }, async () => fieldsOf(await textOf(storyId))),
  );
  expect(await anchorOf(id)).toMatchObject({ state: "anchored", words: "5,200" });
  expect(await heal(storyId)).toEqual([]);
});

test("[AN1] gone words are orphaned without a place, the last words kept; found again by choice", async () => {
  const storyId = await desk.story(soldiers, "Some say 4,700 men.");
  const id = await mark(storyId, "4,600 troops");
  await write(storyId, soldiers, "");
  expect(await heal(storyId)).toEqual([id]);
  expect(await anchorOf(id)).toMatchObject({
    state: "orphaned",
    start: null,
    end: null,
    relStart: null,
    relEnd: null,
    words: "4,600 troops",
  });
  const moved = await desk.house.db.transaction(async (tx) =>
    moveAnchor(
      tx,
      { ownerId: id, select: { field: "body", quote: "4,700 men" } },
      fieldsOf(await textOf(storyId)),
    ),
  );
  expect(moved).toMatchObject({ state: "anchored", words: "4,700 men" });
  expect(await anchorOf(id)).toMatchObject({ state: "anchored", words: "4,700 men" });
});

test("[AN4] characters of two halves around the words are no obstacle", async () => {
  const smiles = "\u{1F600}".repeat(40);
  const storyId = await desk.story(`${smiles} 4,600 ${smiles}`);
  const id = await mark(storyId, "4,600");
  await write(storyId, "4,600", "4,700");
  expect(await heal(storyId)).toEqual([id]);
  expect(await heal(storyId)).toEqual([]);
  expect(await anchorOf(id)).toMatchObject({ state: "changed", words: "4,700" });
});

test("[FR5] a stored change is healed and told within a second", async () => {
  const healing = startHealing(desk.house);
  const storyId = await desk.story(soldiers);
  const id = await mark(storyId, "4,600");
  for (const [was, now] of [
    ["4,600", "4,6001"],
    ["4,6001", "4,60012"],
  ] as const) {
    desk.house.bus.emit({ type: "text-stored", storyId, logSeq: await write(storyId, was, now) });
  }
  await expect.poll(async () => (await anchorOf(id)).words, { timeout: 1_000 }).toBe("4,60012");
  await healing.quiet(storyId);
  const news = desk.told.filter((event) => event.type === "claims" && event.storyId === storyId);
  expect(news.at(-1)).toEqual({ type: "claims", storyId, claimIds: [id] });
  await write(storyId, "4,60012", "4,600");
  desk.house.bus.emit({ type: "text-stored", storyId, logSeq: 4 });
  await healing.quiet(storyId);
  expect(await anchorOf(id)).toMatchObject({ state: "anchored", words: "4,600" });
  await healing.close();
});

test("[AN4] words pushed along by what is typed before them are written anew without being told", async () => {
  const healing = startHealing(desk.house);
  const storyId = await desk.story("Before.", "x".repeat(100), soldiers, "Another 30 came.");
  const [number, other] = [await mark(storyId, "4,600"), await mark(storyId, "30")];
  for (const [was, now] of [
    ["Before.", "Long before."],
    ["Long before.", "Not long before."],
    ["4,600", "4,7000"],
  ] as const) {
    desk.house.bus.emit({ type: "text-stored", storyId, logSeq: await write(storyId, was, now) });
    await healing.quiet(storyId);
  }
  const text = fieldsOf(await textOf(storyId)).field("body").text;
  expect(await anchorOf(number)).toMatchObject({ state: "changed", start: text.indexOf("4,7000") });
  expect(await anchorOf(other)).toMatchObject({ state: "anchored", start: text.indexOf("30") });
  const news = desk.told.filter((event) => event.type === "claims" && event.storyId === storyId);
  expect(news).toEqual([{ type: "claims", storyId, claimIds: [number] }]);
  await healing.close();
});

test("[AN4] what a killed process had stored and not healed is healed at the next start", async () => {
  const storyId = await desk.story(soldiers);
  const id = await mark(storyId, "4,600");
  await write(storyId, "4,600", "4,700");
  const healing = startHealing(desk.house);
  await healing.quiet(storyId);
  expect(await anchorOf(id)).toMatchObject({ state: "changed", words: "4,700" });
  await healing.close();
});

test("[AN4] of two processes that are to heal a story at once one does, and tells it", async () => {
  const storyId = await desk.story("Before.", soldiers);
  const id = await mark(storyId, "4,600");
  const logSeq = await write(storyId, "4,600", "5,200");
  let letGo = () => undefined as void;
  const wait = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const locked = desk.house.db.transaction(async (tx) => {
    await lockStory(tx, storyId);
    await wait;
  });
  const told: NewsroomEvent[] = [];
  const healings = [1, 2].map(() => {
    const bus = openBus((error) => {
      throw error;
    });
    bus.on((event) => told.push(event));
    const healing = startHealing({ ...desk.house, bus });
    bus.emit({ type: "text-stored", storyId, logSeq });
    return healing;
  });
  await until(
    async () => {
      const { rows } = await desk.house.db.execute<{ waiting: string }>(sql`
        select count(*) as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`);
      return Number(rows[0]?.waiting);
    },
    (waiting) => waiting === 2,
  );
  letGo();
  await locked;
  for (const healing of healings) await healing.quiet(storyId);
  expect(told.filter((event) => event.type === "claims" && event.storyId === storyId)).toEqual([
    { type: "claims", storyId, claimIds: [id] },
  ]);
  expect(await anchorOf(id)).toMatchObject({ state: "changed", words: "5,200", start: 24, end: 29 });
  for (const healing of healings) await healing.close();
});
