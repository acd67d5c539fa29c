/**
 * [BO1] Stores what the rooms of this process took. A commit starts at once when none is in flight (under load a little
 * later, see commit-pace.ts); what comes meanwhile, of all rooms, goes into the next, in one statement. What that
 * statement cannot decide by itself (an approval that may lapse, somebody else's client id, a version to be kept, a
 * private story, a row that somebody else has locked) is a transaction of its own beside it, so that one story never
 * holds the others.
 */
import type { QueryConfig } from "pg";
import { mayOnStory } from "@/domain/people/rights";
import { asBuffer } from "../as-buffer";
import type { House } from "../house";
import { openKeptConnection } from "../store/kept-connection";
import { factsOf, type KnownStory } from "../stories/story-row";
import { openCommonPace } from "./commit-pace";
import { commitBatch, type Batch, type BodyHooks, type Committed } from "./commit-batch";

export type Committer = {
  /** Resolves once it is stored or refused; tries until the store answers. Throws after `close`, and what `inCommit` throws. */
  readonly commit: (batch: Batch) => Promise<Committed>;
  readonly close: () => void;
};

type Waiting = {
  readonly batch: Batch;
  readonly done: (answer: Committed) => void;
  readonly failed: (error: unknown) => void;
};
/** `story`: as the rights were asked of it; the statement takes nothing where it is otherwise by now. */
type Plain = { readonly one: Waiting; readonly story: KnownStory };
type Taken = { readonly id: string; readonly log_seq: string };

const firstRetryMs = 50;
const longestRetryMs = 2_000;
const mostKnown = 2_000;
/** A writer's time is noted so often. */
const noteWriterEveryMs = 10_000;
const mostInOneStatement = 500;
const mostBytesTogether = 64 * 1024;

export function openCommitter(house: House, hooks: BodyHooks): Committer {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  let isInFlight = false;
  let isClosed = false;
  const known = new Map<string, KnownStory>();
  const notedAtMs = new Map<string, number>();
  const line = openKeptConnection(house.db.$client);
  const pace = openCommonPace();
  let startedAtMs = -Infinity;

  const off = house.bus.on((event, { isOfText }) => {
    if (event.type === "rights-changed" || event.type === "people") known.clear();
    else if (event.type === "story" && !isOfText) known.delete(event.storyId);
  });

  function pump(): void {
    if (isScheduled || isInFlight || waiting.length === 0) return;
    isScheduled = true;
    const waitMs = startedAtMs + pace.restMs() - performance.now();
    if (waitMs >= 1) setTimeout(start, waitMs);
    else setImmediate(start);
  }

  function start(): void {
    isScheduled = false;
    startedAtMs = performance.now();
    const now = waiting.slice(0, mostInOneStatement);
    waiting = waiting.slice(mostInOneStatement);
    isInFlight = true;
    void storeTogether(now).finally(() => {
      isInFlight = false;
      pump();
    });
  }

  async function storeTogether(given: readonly Waiting[]): Promise<void> {
    const plain = new Set(given.filter(({ batch }) => isPlain(batch)));
    const stories = await factsFor([...plain].map(({ batch }) => batch.storyId)).catch(() => undefined);
    const fast: Plain[] = [];
    for (const one of given) {
      const story = plain.has(one) ? stories?.get(one.batch.storyId) : undefined;
      if (story && mayAllWrite(one.batch, story)) fast.push({ one, story });
      else void alone(one);
    }
    if (fast.length === 0) return;
    const at = house.now();
    let taken: Map<string, number>;
    try {
      taken = await storeFast(fast, at);
    } catch (error) {
      house.log.warn({ err: error, stories: fast.length }, "texts not stored together, trying one by one");
      known.clear();
      for (const { one } of fast) void alone(one, at);
      return;
    }
    for (const { one } of fast) {
      const before = taken.get(one.batch.storyId);
      if (before === undefined) {
        known.delete(one.batch.storyId);
        void alone(one);
      } else {
        const logSeq = before + one.batch.stretches.length;
        one.done({ stored: true, firstSeq: before + 1, logSeq, swept: [], moved: false });
      }
    }
  }

  async function factsFor(storyIds: readonly string[]): Promise<ReadonlyMap<string, KnownStory>> {
    if (known.size + storyIds.length > mostKnown) known.clear();
    const unknown = storyIds.filter((storyId) => !known.has(storyId));
    for (const [storyId, story] of await factsOf(house.db, unknown)) known.set(storyId, story);
    return known;
  }

  async function storeFast(fast: readonly Plain[], at: Date): Promise<Map<string, number>> {
    const toNote = fast.map(({ one }) => writersToNote(one.batch, at));
    const startedMs = performance.now();
    const { rows: taken } = await line.query<Taken>(statementFor(fast, toNote, at));
    const numbers = new Map(taken.map(({ id, log_seq }) => [id, Number(log_seq)]));
    let updates = 0;
    for (const [place, { one }] of fast.entries()) {
      const { storyId, stretches } = one.batch;
      if (!numbers.has(storyId)) continue;
      updates += stretches.length;
      noteWriters(storyId, toNote[place] ?? new Set(), at);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    if (taken.length > 0) house.metrics.stored(seconds, { stories: taken.length, updates });
    return numbers;
  }

  function statementFor(
    fast: readonly Plain[],
    toNote: readonly ReadonlySet<string>[],
    at: Date,
  ): QueryConfig {
    const [only] = fast;
    const stretch = only?.one.batch.stretches[0];
    const isOneText = fast.length === 1 && only?.one.batch.stretches.length === 1;
    if (isOneText && stretch?.clients.length === 0 && toNote[0]?.size === 0) {
      const { batch } = only.one;
      const { personId, changes } = stretch;
      const role = personId === null ? null : batch.writers.get(personId)?.role;
      const values = [
        batch.storyId,
        only.story.status,
        personId,
        role,
        at,
        asBuffer(stretch.update),
        changes,
      ];
      return { name: "store-text", text: storeText, values };
    }
    const stories = columns(5);
    const rows = columns(5);
    const writers = columns(2);
    const clients = columns(3);
    let bindsClients = false;
    for (const [place, { one, story }] of fast.entries()) {
      const { storyId, stretches } = one.batch;
      const changing = stretches.filter(({ changes }) => changes);
      const by = changing.findLast(({ personId }) => personId !== null)?.personId ?? null;
      stories.add(storyId, story.status, stretches.length, by, changing.length > 0);
      for (const [index, { personId, update, clients: theirs }] of stretches.entries()) {
        const role = personId === null ? null : one.batch.writers.get(personId)?.role;
        for (const clientId of theirs) clients.add(storyId, clientId, personId);
        bindsClients ||= theirs.length > 0;
        rows.add(storyId, index + 1, personId, role, asBuffer(update));
      }
      for (const personId of toNote[place] ?? []) writers.add(storyId, personId);
    }
    const values = [...stories.all, ...rows.all, ...writers.all, at];
    return bindsClients
      ? { name: "store-texts-and-clients", text: storeTextsAndClients, values: [...values, ...clients.all] }
      : { name: "store-texts", text: storeTexts, values };
  }

  const writerKey = (storyId: string, personId: string) => `${storyId} ${personId}`;

  function writersToNote({ storyId, stretches }: Batch, at: Date): ReadonlySet<string> {
    const people = stretches.flatMap(({ personId, changes }) =>
      personId !== null && changes ? [personId] : [],
    );
    const isDue = (personId: string) =>
      at.getTime() - (notedAtMs.get(writerKey(storyId, personId)) ?? -Infinity) >= noteWriterEveryMs;
    return new Set(people.filter(isDue));
  }

  function noteWriters(storyId: string, personIds: ReadonlySet<string>, at: Date): void {
    if (notedAtMs.size >= 4 * mostKnown) notedAtMs.clear();
    for (const personId of personIds) notedAtMs.set(writerKey(storyId, personId), at.getTime());
  }

  /** Decides one batch in a transaction of its own, as often as it takes; `at`: it may have been stored then already. */
  async function alone({ batch, done, failed }: Waiting, at?: Date): Promise<void> {
    let triedAt = at;
    for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
      try {
        const isTriedAgain = triedAt !== undefined;
        triedAt ??= house.now();
        const startedMs = performance.now();
        const answer = await commitBatch(house, hooks, batch, { at: triedAt, isTriedAgain });
        const seconds = (performance.now() - startedMs) / 1000;
        if ("stored" in answer)
          house.metrics.stored(seconds, { stories: 1, updates: batch.stretches.length });
        return done(answer);
      } catch (error) {
        if (batch.inCommit || isClosed) return failed(error);
        house.log.error({ err: error, storyId: batch.storyId }, "text not stored, trying again");
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  return {
    commit: (batch) =>
      new Promise((done, failed) => {
        if (isClosed) return failed(new Error("The texts' store is closed."));
        waiting.push({ batch, done, failed });
        pace.note(batch.storyId);
        pump();
      }),
    close: () => {
      isClosed = true;
      off();
      line.close();
    },
  };
}

/** May the statement for all rooms take it, as far as can be told from the batch? */
function isPlain({ stretches, removals, nestsBadly, inCommit }: Batch): boolean {
  const bytes = stretches.reduce((sum, { update }) => sum + update.byteLength, 0);
  const asksMore = inCommit !== undefined || nestsBadly || removals.length > 0;
  return !asksMore && bytes <= mostBytesTogether;
}

/** Where more than the rights is to be asked (of an approval, say), or they say no, it is decided alone. */
function mayAllWrite({ stretches, writers }: Batch, story: KnownStory): boolean {
  if (story.private || story.status === "approved" || story.status === "published") return false;
  return stretches.every(({ personId }) => {
    if (personId === null) return true;
    const person = writers.get(personId);
    return person !== undefined && mayOnStory(person, "write-text", story) === true;
  });
}

/** The columns of a table that is handed to the store as arrays. */
function columns(count: number) {
  const all: unknown[][] = Array.from({ length: count }, () => []);
  return {
    all,
    add: (...values: readonly unknown[]) => {
      for (const [index, value] of values.entries()) all[index]?.push(value);
    },
  };
}

/** [PE1][BO7] What one person wrote in one story, where nothing else is new: most commits are a letter. */
const storeText = `
with taken as (
  select id, log_seq from stories where id = $1 and status = $2 and not private
    and ($3::text is null or exists (select from people where id = $3 and active and role = $4))
  for update skip locked
), logged as (
  insert into story_updates (story_id, seq, person_id, at, update) select id, log_seq + 1, $3, $5, $6 from taken
), numbered as (
  update stories set log_seq = taken.log_seq + 1,
    updated_at = case when $7 then $5 else stories.updated_at end,
    updated_by = case when $7 then $3 else stories.updated_by end
  from taken where stories.id = taken.id
)
select id, log_seq from taken`;

/**
 * [PE1][BO7] Takes each story whose row nobody has locked and where what the rights were asked of is still so: its log
 * rows under the next numbers, its last number, who wrote in it. Gives the stories it took with the number before.
 */
const storeTexts = statement({ given: "", barred: "", stored: "" });

/** The same where client ids are new [BO5]. One that somebody else binds at this very moment fails the whole statement. */
const storeTextsAndClients = statement({
  given: `, client as (
  select * from unnest($14::text[], $15::bigint[], $16::text[]) as t(story_id, client_id, person_id)
)`,
  barred: `
  union all
  select client.story_id from client join story_clients as bound using (story_id, client_id)
  where bound.person_id is distinct from client.person_id`,
  stored: `, bound as (
  insert into story_clients (story_id, client_id, person_id, at)
  select distinct client.story_id, client.client_id, client.person_id, $13
  from client join taken on taken.id = client.story_id
  left join story_clients as already using (story_id, client_id) where already.client_id is null
)`,
});

function statement(more: { readonly given: string; readonly barred: string; readonly stored: string }) {
  return `
with batch as (
  select * from unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::boolean[])
    as t(story_id, status, rows, by, changes)
), row as (
  select * from unnest($6::text[], $7::int[], $8::text[], $9::text[], $10::bytea[])
    as t(story_id, place, person_id, role, update)
)${more.given}, barred as (
  select row.story_id from row left join people on people.id = row.person_id
  where row.person_id is not null and (people.active and people.role = row.role) is not true${more.barred}
), taken as (
  select stories.id, stories.log_seq from stories join batch on batch.story_id = stories.id
  where stories.status = batch.status and not stories.private
    and stories.id not in (select story_id from barred)
  order by stories.id for update of stories skip locked
), logged as (
  insert into story_updates (story_id, seq, person_id, at, update)
  select taken.id, taken.log_seq + row.place, row.person_id, $13, row.update
  from row join taken on taken.id = row.story_id
), numbered as (
  update stories set log_seq = taken.log_seq + batch.rows,
    updated_at = case when batch.changes then $13 else stories.updated_at end,
    updated_by = case when batch.changes then batch.by else stories.updated_by end
  from taken join batch on batch.story_id = taken.id where stories.id = taken.id
), noted as (
  insert into story_writers (story_id, person_id, first_at, last_at)
  select writer.story_id, writer.person_id, $13, $13
  from unnest($11::text[], $12::text[]) as writer(story_id, person_id) join taken on taken.id = writer.story_id
  on conflict (story_id, person_id) do update set last_at = excluded.last_at
)${more.stored}
select id, log_seq from taken`;
}
