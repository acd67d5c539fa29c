import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { RecordLine } from "@/domain/record/act";
import { RecordedEdits } from "@/domain/record/edits";
import type { Story } from "@/domain/stories/story";
import { recordOf } from "../record/record-act";
import { verifyRecord } from "../record/verify-record";
import { recordedOf } from "../stories/story-row";
import { openTestNewsroom, type TestNewsroom } from "../test-newsroom";
import { edit, moved, newStory } from "../workflow/test-stories";
import { compactLog, countUpdates } from "./log-store";
import { logRows, type LogRow } from "./log-rows";
import { editsToRecord, recordEdits, recordEditsOf } from "./record-edits";
import { recordResting } from "./recording";
import { openClient, until, type Client } from "./test-clients";
import { verifyEdits } from "./verify-edits";

let desk: TestNewsroom;
let url: string;
let aheadMs = 0;
beforeAll(async () => {
  desk = await openTestNewsroom({ now: () => new Date(Date.now() + aheadMs) });
  url = `ws://127.0.0.1:${String(await desk.listen())}/collab`;
});
afterAll(() => desk.close());

async function comes(who: string, storyId: string): Promise<Client> {
  const client = openClient(url, storyId, { cookie: await desk.as(who).cookie() });
  await until(() => client.provider.synced, Boolean);
  return client;
}
async function types(client: Client, text: string): Promise<void> {
  client.type(client.text().length, text);
  await until(
    () => client.saved.count,
    (count) => count === client.sent(),
  );
}
/** Two people write by turns, each update stored before the next. */
async function interleaved(storyId: string, turns = 4): Promise<void> {
  const [one, two] = [await comes("reporter1", storyId), await comes("reporter2", storyId)];
  for (let turn = 1; turn <= turns; turn += 1) {
    await types(one, ` one ${String(turn)}`);
    await types(two, ` two ${String(turn)}`);
  }
  for (const client of [one, two]) client.leave();
  await desk.quiet(storyId);
}
const lines = async (storyId: string) =>
  (await desk.as("editor1").get(`/api/stories/${storyId}/audit`)).as(z.array(RecordLine));
const edits = async (storyId: string) =>
  (await recordOf(desk.house.db, { storyId, acts: ["text-edited"] })).map(({ personId, detail }) => ({
    personId,
    ...RecordedEdits.parse(detail),
  }));
const logSeqOf = async (storyId: string) => (await recordedOf(desk.house.db, storyId))?.logSeq ?? 0;
const compact = (storyId: string) => compactLog(desk.house.db, storyId, desk.house.now());
const record = (storyId: string) => recordEditsOf(desk.house.db, storyId, desk.house.now());
const faults = async (story: Story) =>
  (await verifyEdits(desk.house.db)).filter((sentence) => sentence.startsWith(`Story ${story.slug}:`));
/** As someone with the database's own keys would. */
const tamper = (table: "record" | "story_updates", statement: ReturnType<typeof sql>) =>
  desk.house.db.transaction(async (tx) => {
    await tx.execute(sql.raw(`alter table ${table} disable trigger user`));
    await tx.execute(statement);
    await tx.execute(sql.raw(`alter table ${table} enable trigger user`));
  });

/** Every number of the log, once, and in how many acts. */
async function isCovered(storyId: string, acts: number): Promise<void> {
  const named = await edits(storyId);
  const numbers = named.flatMap(({ numbers: text }) =>
    text.split(",").flatMap((part) => {
      const [from = 0, to = from] = part.split("-").map(Number);
      return Array.from({ length: to - from + 1 }, (_, n) => from + n);
    }),
  );
  const logSeq = await logSeqOf(storyId);
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: logSeq }, (_, n) => n + 1));
  expect(named).toHaveLength(acts);
}

describe("[RE1] the edits are in the record before what stands on them", () => {
  test("an approval: two people's, who wrote between each other's, each with their numbers and hash", async () => {
    const story = await newStory(desk);
    await interleaved(story.id);
    const [one, two] = [desk.person("reporter1"), desk.person("reporter2")];
    const rows: LogRow[] = [];
    const log = { storyId: story.id, after: 0, upTo: await logSeqOf(story.id) };
    for await (const row of logRows(desk.house.db, log)) rows.push(row);
    await moved(desk, "editor1", story.id, "checking", "approved");

    const acts = (await lines(story.id)).map(({ act, personName }) => [act, personName]);
    const editor = desk.person("editor1").name;
    expect(acts).toEqual([
      ["story-started", one.name],
      ["text-edited", one.name],
      ["text-edited", two.name],
      ["version-kept", editor],
      ["story-moved", editor],
      ["version-kept", editor],
      ["story-moved", editor],
    ]);
    for (const { personId, numbers, updates, begun, ended, sha256 } of await edits(story.id)) {
      const own = rows.filter((row) => row.personId === personId);
      expect(numbers).toMatch(/^\d+(-\d+)?(,\d+(-\d+)?)+$/);
      expect(updates).toBe(own.length);
      expect([begun, ended]).toEqual([own[0]?.at.toISOString(), own.at(-1)?.at.toISOString()]);
      const hash = createHash("sha256");
      for (const { seq, at, update } of own) {
        const head = Buffer.alloc(24);
        for (const [place, value] of [seq, at.getTime(), update.byteLength].entries()) {
          head.writeBigUInt64BE(BigInt(value), 8 * place);
        }
        hash.update(head).update(update);
      }
      expect(sha256).toBe(hash.digest("hex"));
    }
    // Headline and body, and two words a turn.
    const counted = (await edits(story.id)).map((own) => [own.wordsWritten, own.wordsRemoved]);
    expect(counted).toEqual([
      [16 + 8, 0],
      [8, 0],
    ]);
    await isCovered(story.id, 2);
    expect(await faults(story)).toEqual([]);
  });

  test("[WF2] a lapse, after which the edit that did it is in the next batch", async () => {
    const story = await newStory(desk);
    await edit(desk, "reporter2", story.id, "on Monday", "late on Sunday");
    await moved(desk, "editor1", story.id, "checking", "approved");
    await edit(desk, "reporter1", story.id, "4,600", "14,600");
    expect((await lines(story.id)).map(({ act }) => act)).toEqual([
      "story-started",
      "text-edited",
      "text-edited",
      "version-kept",
      "story-moved",
      "version-kept",
      "story-moved",
      "version-kept",
      "approval-lapsed",
    ]);
    await record(story.id);
    expect((await edits(story.id)).at(-1)).toMatchObject({
      personId: desk.person("reporter1").id,
      last: await logSeqOf(story.id),
    });
    await isCovered(story.id, 3);
  });

  test("[WF6] a restore, whose own edit is the person's who restored", async () => {
    const story = await newStory(desk);
    await moved(desk, "reporter1", story.id, "checking");
    await edit(desk, "reporter2", story.id, "The mayor said they would leave.", "");
    const answer = await desk.as("editor2").post(`/api/stories/${story.id}/versions/1/restore`);
    expect(answer.status, answer.text).toBe(200);
    const acts = (await lines(story.id)).map(({ act }) => act);
    const last = acts.lastIndexOf("text-edited");
    expect(acts.slice(last, last + 3)).toEqual(["text-edited", "version-kept", "version-restored"]);
    await record(story.id);
    const counted = (await edits(story.id)).map((own) => [own.personId, own.wordsWritten, own.wordsRemoved]);
    // What is restored is nobody's writing.
    expect(counted).toEqual([
      [desk.person("reporter1").id, 16, 0],
      [desk.person("reporter2").id, 0, 6],
      [desk.person("editor2").id, 0, 0],
    ]);
    await isCovered(story.id, 3);
    expect(await faults(story)).toEqual([]);
  });

  test("no move that was refused", async () => {
    const story = await newStory(desk, { dateline: undefined });
    await moved(desk, "reporter1", story.id, "checking");
    await edit(desk, "reporter2", story.id, "4,600", "14,600");
    const before = await edits(story.id);
    const { contentHash } = (await desk.as("editor1").get(`/api/stories/${story.id}`)).body as Story;
    const refused = await desk
      .as("editor1")
      .post(`/api/stories/${story.id}/moves`, { to: "approved", contentHash });
    expect(refused).toMatchObject({ status: 409, code: "gate-closed" });
    expect(await edits(story.id)).toEqual(before);
  });
});

describe("[RE1][BO7] compaction deletes no edit that is not in the record", () => {
  test("what it merges is recorded in its transaction, what was recorded before is not again", async () => {
    const story = await newStory(desk);
    await interleaved(story.id);
    await record(story.id);
    await edit(desk, "editor1", story.id, "4,600", "14,600");
    await compact(story.id);
    expect(await countUpdates(desk.house.db, story.id)).toBe(0);
    expect((await edits(story.id)).map(({ personId }) => personId)).toEqual(
      (["reporter1", "reporter2", "editor1"] as const).map((who) => desk.person(who).id),
    );
    await isCovered(story.id, 3);
    await edit(desk, "editor1", story.id, "14,600", "4,600");
    await compact(story.id);
    await isCovered(story.id, 4);
    expect(await faults(story)).toEqual([]);
  });

  test("when it fails, neither stands", async () => {
    const story = await newStory(desk);
    await edit(desk, "reporter2", story.id, "4,600", "14,600");
    await desk.house.db.execute(sql`create function keep() returns trigger language plpgsql as
      $$ begin raise exception 'kept'; end $$`);
    await desk.house.db.execute(
      sql`create trigger kept before delete on story_updates execute function keep()`,
    );
    await expect(compact(story.id)).rejects.toThrow();
    await desk.house.db.execute(sql`drop trigger kept on story_updates`);
    expect(await edits(story.id)).toEqual([]);
    expect(await countUpdates(desk.house.db, story.id)).toBe(await logSeqOf(story.id));
    await compact(story.id);
    await isCovered(story.id, 2);
  });

  test("it leaves a batch whole that was recorded further while it merged", async () => {
    const story = await newStory(desk);
    await edit(desk, "reporter2", story.id, "4,600", "14,600");
    const next = (await logSeqOf(story.id)) + 1;
    let compacting: Promise<void> | undefined;
    await desk.house.db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from stories where id = ${story.id} for update`);
      compacting = compact(story.id);
      // It has merged, and waits for the row.
      await until(
        async () => {
          const { rows } = await desk.house.db.execute(sql`select 1 from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`);
          return rows.length;
        },
        (waiting) => waiting > 0,
      );
      await tx.execute(sql`insert into story_updates (story_id, seq, person_id, at, update)
        select story_id, ${next}, person_id, at, update from story_updates
        where story_id = ${story.id} and seq = ${next - 1}`);
      await tx.execute(sql`update stories set log_seq = ${next} where id = ${story.id}`);
      await recordEdits(tx, await editsToRecord(tx, { storyId: story.id }), desk.house.now());
    });
    await compacting;
    expect(await countUpdates(desk.house.db, story.id)).toBe(next);
    expect(await faults(story)).toEqual([]);
    await compact(story.id);
    expect(await countUpdates(desk.house.db, story.id)).toBe(0);
    expect(await faults(story)).toEqual([]);
  });

  test("the server's own edits are the server's own", async () => {
    const story = await newStory(desk);
    await desk.house.db.execute(sql`insert into story_updates (story_id, seq, person_id, at, update)
      select story_id, 2, null, at, update from story_updates where story_id = ${story.id} and seq = 1`);
    await desk.house.db.execute(sql`update stories set log_seq = 2 where id = ${story.id}`);
    await record(story.id);
    expect((await lines(story.id)).slice(1)).toMatchObject([
      { act: "text-edited", personName: desk.person("reporter1").name, detail: { numbers: "1" } },
      { act: "text-edited", personId: null, personName: null, detail: { numbers: "2" } },
    ]);
  });
});

describe("[RE1] edits that nothing stands on yet are recorded", () => {
  test("once nobody has the story open", async () => {
    const story = await newStory(desk);
    const writer = await comes("reporter2", story.id);
    await types(writer, " They did.");
    writer.leave();
    await until(
      () => desk.body.here(story.id),
      (here) => here.length === 0,
    );
    expect(await edits(story.id)).toEqual([]);
    await until(
      () => {
        aheadMs += 1_000;
        return edits(story.id);
      },
      (all) => all.length === 2,
    );
    await isCovered(story.id, 2);
  });

  test("after some minutes without a change, once, however many processes set about it", async () => {
    const story = await newStory(desk);
    const writer = await comes("reporter2", story.id);
    await types(writer, " They did.");
    await recordResting(desk.house, { forMs: 60_000 });
    expect(await edits(story.id)).toEqual([]);
    aheadMs += 61_000;
    await Promise.all(Array.from({ length: 4 }, () => recordResting(desk.house, { forMs: 60_000 })));
    await isCovered(story.id, 2);
    await recordResting(desk.house, { forMs: 60_000 });
    await isCovered(story.id, 2);
    writer.leave();
  });

  test("when the process ends", async () => {
    const other = await openTestNewsroom();
    const story = await newStory(other);
    await edit(other, "reporter2", story.id, "4,600", "14,600");
    await other.body.close();
    const acts = (await recordOf(other.house.db, { storyId: story.id })).map(({ act }) => act);
    expect(acts).toEqual(["story-started", "text-edited", "text-edited"]);
    await other.close();
  });

  test("a story from before edits were recorded begins with an act that says so", async () => {
    const story = await newStory(desk);
    await interleaved(story.id, 2);
    await compact(story.id);
    await edit(desk, "editor1", story.id, "4,600", "14,600");
    await tamper("record", sql`delete from record where story_id = ${story.id} and act = 'text-edited'`);
    await desk.house.db.execute(sql`update stories set recorded_seq = 0 where id = ${story.id}`);
    const last = await logSeqOf(story.id);
    await record(story.id);
    expect((await lines(story.id)).slice(1)).toMatchObject([
      {
        act: "text-unrecorded",
        personId: null,
        detail: { first: 1, last: last - 1, numbers: `1-${String(last - 1)}`, updates: last - 1 },
      },
      { act: "text-edited", personId: desk.person("editor1").id, detail: { numbers: String(last) } },
    ]);
    expect(await faults(story)).toEqual([]);
  });
});

describe("[RE2] audit verify finds", () => {
  const altered: readonly [string, ReturnType<typeof sql>, RegExp][] = [
    [
      "an altered update of the log",
      sql`set update = set_byte(update, length(update) - 1, 7)`,
      /changes 2,4,6 are not as they were recorded in row \d+/,
    ],
    ["another time", sql`set at = at - interval '1 day'`, /changes 2,4,6 are not as they were recorded/],
    [
      "another's name under it",
      sql`set person_id = (select id from people where email like 'editor1@%')`,
      /change 4 is by somebody else than row \d+ says/,
    ],
  ];
  const interleavedStory = async () => {
    const story = await newStory(desk);
    await desk.house.db.execute(sql`insert into story_updates (story_id, seq, person_id, at, update)
      select ${story.id}, n, case when n % 2 = 0 then ${desk.person("reporter2").id} else ${desk.person("reporter1").id} end,
        at, update from story_updates, generate_series(2, 6) n where story_id = ${story.id} and seq = 1`);
    await desk.house.db.execute(sql`update stories set log_seq = 6 where id = ${story.id}`);
    await record(story.id);
    expect(await faults(story)).toEqual([]);
    return story;
  };

  test.each(altered)("%s", async (_what, change, sentence) => {
    const story = await interleavedStory();
    await tamper(
      "story_updates",
      sql`update story_updates ${change} where story_id = ${story.id} and seq = 4`,
    );
    expect(await faults(story)).toContainEqual(expect.stringMatching(sentence));
  });

  test("a row that is gone from the log, at its end too", async () => {
    const story = await interleavedStory();
    const remove = (seq: number) =>
      tamper("story_updates", sql`delete from story_updates where story_id = ${story.id} and seq = ${seq}`);
    await remove(4);
    expect(await faults(story)).toEqual([
      `Story ${story.slug}: change 4 is missing in the log.`,
      expect.stringMatching(/changes 2,4,6 are not as they were recorded/),
    ]);
    await remove(6);
    expect(await faults(story)).toContain(`Story ${story.slug}: change 6 is missing in the log.`);
  });

  test("an act that is not there, whatever the chain says, and a number that was set back", async () => {
    const story = await interleavedStory();
    const removed = sql`delete from record where story_id = ${story.id} and person_id = ${desk.person("reporter2").id}`;
    await tamper("record", removed);
    expect(await faults(story)).toEqual(
      [2, 4, 6].map((n) => `Story ${story.slug}: change ${String(n)} is recorded by no row.`),
    );
    const other = await interleavedStory();
    await desk.house.db.execute(sql`update stories set recorded_seq = 3 where id = ${other.id}`);
    expect(await faults(other)).toEqual([
      `Story ${other.slug}: changes 4–6 are recorded, and the story says otherwise.`,
    ]);
    await record(other.id);
    expect(await faults(other)).toContainEqual(expect.stringMatching(/change 4 is recorded twice/));
  });
});

test("[RE1] acts, edits and moves at once make one chain, without waiting for each other for ever", async () => {
  const other = await openTestNewsroom();
  const stories = await Promise.all(Array.from({ length: 4 }, () => newStory(other)));
  await Promise.all(
    stories.flatMap(({ id }) => [
      edit(other, "reporter2", id, "4,600", "14,600"),
      moved(other, "reporter1", id, "checking"),
      recordResting(other.house, { forMs: 0 }),
      compactLog(other.house.db, id, other.house.now()),
      recordEditsOf(other.house.db, id, other.house.now()),
    ]),
  );
  await recordResting(other.house, { forMs: 0 });
  expect((await verifyRecord(other.house.db)).faults).toEqual([]);
  expect(await verifyEdits(other.house.db)).toEqual([]);
  await other.close();
});
