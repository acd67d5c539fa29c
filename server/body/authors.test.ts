import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { z } from "zod";
import { positionAt } from "@/domain/body/plain-text";
import { WordsAuthor } from "@/domain/body/who-wrote";
import type { Story } from "@/domain/stories/story";
import type { DemoPerson } from "../demo/demo-people";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { edit, moved, newStory, read, refusedWithoutChange } from "../workflow/test-stories";
import { storyAuthorship } from "./authorship-tables";
import { authoredTexts } from "./authors-of";
import { readAuthored } from "./authorship-store";
import { lockStory, noteLogSeq } from "../stories/story-row";
import { appendToLog, compactLog, countUpdates, docOf, partsOf } from "./log-store";

let desk: TestNewsroom;
beforeAll(async () => {
  desk = await openTestNewsroom();
});
afterAll(() => desk.close());

const base64 = (bytes: Uint8Array | null) => encodeURIComponent(Buffer.from(bytes ?? []).toString("base64"));

/** What the API says of the whole body: each author's words. */
async function authorsOf(storyId: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const { text } = await read(desk, storyId);
  const answer = await desk
    .as("checker1")
    .get(`/api/stories/${storyId}/authors?field=body&start=0&end=${String(text.length)}`);
  expect(answer.status, answer.text).toBe(200);
  return Object.fromEntries(
    answer.as(z.array(WordsAuthor)).map(({ person, words }) => [person?.name ?? "nobody", words]),
  );
}
const nameOf = (who: DemoPerson) => desk.person(who).name;
const compact = (storyId: string) => compactLog(desk.house.db, storyId, new Date());

async function sharedStory(): Promise<Story> {
  const story = await newStory(desk);
  await edit(desk, "reporter2", story.id, "on Monday", "late on Sunday");
  await edit(desk, "editor1", story.id, "4,600", "14,600");
  return story;
}

describe("[BO8] who wrote these words", () => {
  test("is told by name, with the words of each and when", async () => {
    const story = await sharedStory();
    expect(await authorsOf(story.id)).toEqual({
      [nameOf("reporter1")]: ["Some 14,600 soldiers came", "on", "The mayor said they would leave."],
      [nameOf("editor1")]: ["14,600"],
      [nameOf("reporter2")]: ["late", "Sunday."],
    });
    const path = `/api/stories/${story.id}/authors?field=body&start=5&end=11`;
    const [first] = (await desk.as("reporter1").get(path)).as(z.array(WordsAuthor));
    expect(new Date(first?.at ?? 0).getTime()).toBeGreaterThan(Date.now() - 180_000);
    const headline = `/api/stories/${story.id}/authors?field=headline&start=0&end=3`;
    expect((await desk.as("reporter1").get(headline)).body).toMatchObject([
      { person: { id: desk.person("reporter1").id }, words: ["Soldiers"] },
    ]);
  });

  test("is asked by positions that stay right while others type", async () => {
    const story = await sharedStory();
    const asked = await authoredTexts(desk.house).read(desk.house.db, story.id, ({ field }) => {
      const body = field("body");
      const at = body.text.indexOf("late");
      return [positionAt(body, at, "start"), positionAt(body, at + 4, "end")] as const;
    });
    await edit(desk, "editor2", story.id, "Some", "It was told that some");
    const [start, end] = asked ?? [null, null];
    const query = `field=body&relStart=${base64(start)}&relEnd=${base64(end)}`;
    const answer = await desk.as("checker1").get(`/api/stories/${story.id}/authors?${query}`);
    expect(answer.body).toMatchObject([{ person: { name: nameOf("reporter2") }, words: ["late"] }]);
  });

  test("is refused where there is no such place, for what is no question, and for whoever may not see the story", async () => {
    const story = await sharedStory();
    const path = `/api/stories/${story.id}/authors`;
    const checker = desk.as("checker1");
    const elsewhere = base64(
      Y.encodeRelativePosition(new Y.RelativePosition(null, null, Y.createID(4711, 3), 0)),
    );
    const places = [
      "start=0&end=99999",
      "start=9&end=5",
      `relStart=${elsewhere}&relEnd=${elsewhere}`,
      "relStart=AAAA&relEnd=AAAA",
    ];
    for (const place of places)
      await refusedWithoutChange(
        desk,
        () => checker.get(`${path}?field=body&${place}`),
        409,
        "words-not-there",
      );
    for (const form of ["", "?field=text&start=0&end=1", "?field=body&start=0", "?field=body&start=-1&end=1"])
      await refusedWithoutChange(desk, () => checker.get(`${path}${form}`), 422, "wrong-form");
    await desk.as("reporter1").patch(`/api/stories/${story.id}`, { private: true });
    const question = `${path}?field=body&start=0&end=4`;
    await refusedWithoutChange(desk, () => checker.get(question), 404, "no-such-story");
    await refusedWithoutChange(desk, () => desk.visitor.get(question), 401, "not-signed-in");
    expect((await desk.as("editor1").get(question)).status).toBe(200);
  });
});

/** Puts letters behind the story's text, each an update of its own, as if the person had typed them. */
async function typeLong(storyId: string, who: DemoPerson, letters: number): Promise<void> {
  const { db } = desk.house;
  const doc = docOf(await partsOf(db, storyId));
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const paragraph = doc.getXmlFragment("body").get(0);
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error("no text to type in");
  for (let n = 0; n < letters; n += 1) text.insert(text.length, "x");
  await db.transaction(async (tx) => {
    const before = (await lockStory(tx, storyId))?.logSeq ?? 0;
    const by = { personId: desk.person(who).id, at: new Date() };
    await appendToLog(
      tx,
      storyId,
      updates.map((update, index) => ({ seq: before + 1 + index, update, ...by })),
    );
    await noteLogSeq(tx, { storyId, logSeq: before + updates.length });
  });
}

test("[BO8] asked by many at once while much is new, each hears of all of it", async () => {
  const story = await sharedStory();
  const lettersOf = (personId: string) =>
    authoredTexts(desk.house).read(desk.house.db, story.id, ({ field, authorship }) => [
      field("body").text.length,
      [...authorship.written.values()]
        .flat()
        .reduce((sum, { by, length }) => sum + (by === personId ? length : 0), 0),
    ]);
  const { id } = desk.person("reporter2");
  const [length = 0, letters = 0] = (await lettersOf(id)) ?? [];
  await typeLong(story.id, "reporter2", 1_500);
  const answers = await Promise.all(Array.from({ length: 6 }, () => lettersOf(id)));
  for (const answer of answers) expect(answer).toEqual([length + 1_500, letters + 1_500]);
  const whole = await readAuthored(desk.house.db, story.id);
  expect([...(whole?.authorship.written.values() ?? [])]).toEqual(
    await authoredTexts(desk.house).read(desk.house.db, story.id, ({ authorship }) => [
      ...authorship.written.values(),
    ]),
  );
});

describe("[BO8] authorship outlives", () => {
  test("[BO7] the compaction of the log, in the same transaction", async () => {
    const story = await sharedStory();
    const before = await authorsOf(story.id);
    await compact(story.id);
    expect(await countUpdates(desk.house.db, story.id)).toBe(0);
    // Another process, or this one after a restart: it knows only the store.
    const cold = async () => {
      const text = await readAuthored(desk.house.db, story.id);
      return [...(text?.authorship.written.values() ?? [])].flat().map(({ by }) => by);
    };
    expect(new Set(await cold())).toEqual(
      new Set([desk.person("reporter1").id, desk.person("reporter2").id, desk.person("editor1").id]),
    );
    await edit(desk, "reporter2", story.id, "mayor", "minister");
    await compact(story.id);
    expect(await authorsOf(story.id)).toEqual({
      ...before,
      [nameOf("reporter1")]: ["Some 14,600 soldiers came", "on", "The", "said they would leave."],
      [nameOf("reporter2")]: ["late", "Sunday.", "minister"],
    });
    const [row] = await desk.house.db
      .select({ logSeq: storyAuthorship.logSeq })
      .from(storyAuthorship)
      .where(sql`${storyAuthorship.storyId} = ${story.id}`);
    const [{ logSeq } = { logSeq: 0 }] = (
      await desk.house.db.execute<{ logSeq: string }>(
        sql`select log_seq as "logSeq" from stories where id = ${story.id}`,
      )
    ).rows;
    expect(row?.logSeq).toBe(Number(logSeq));
  });

  test("[BO5] a compaction from before it was kept: then words are by whose client wrote them", async () => {
    const story = await sharedStory();
    await compact(story.id);
    await desk.house.db.execute(sql`delete from story_authorship where story_id = ${story.id}`);
    const text = await readAuthored(desk.house.db, story.id);
    const clients = [...(text?.authorship.written ?? [])].map(([, stretches]) => stretches[0]?.by);
    for (const who of ["reporter1", "reporter2", "editor1"] as const)
      expect(clients).toContain(desk.person(who).id);
  });

  test("[WF6] the restore of a version: its words are by who wrote them, whoever restores it", async () => {
    const story = await sharedStory();
    const before = await authorsOf(story.id);
    await moved(desk, "checker1", story.id, "checking");
    await edit(desk, "reporter2", story.id, "late on Sunday", "never");
    await edit(desk, "reporter1", story.id, "The mayor said they would leave.", "Nobody spoke.");
    await compact(story.id);
    const restored = await desk.as("editor2").post(`/api/stories/${story.id}/versions/1/restore`);
    expect(restored.status, restored.text).toBe(200);
    await desk.quiet(story.id);
    expect(await authorsOf(story.id)).toEqual(before);
    await compact(story.id);
    expect(await authorsOf(story.id)).toEqual(before);
    const [{ count } = { count: -1 }] = (
      await desk.house.db.execute<{ count: number }>(
        sql`select count(*)::int as count from story_restores where story_id = ${story.id}`,
      )
    ).rows;
    expect(count).toBe(0);
  });
});

test("[BO8] removing visible words counts as having written in the story", async () => {
  const story = await newStory(desk);
  await edit(desk, "editor2", story.id, "The mayor said they would leave.", "");
  const { authors } = await read(desk, story.id);
  expect(authors.map(({ id }) => id)).toEqual([desk.person("reporter1").id, desk.person("editor2").id]);
  expect(Object.keys(await authorsOf(story.id))).toEqual([nameOf("reporter1")]);
});
