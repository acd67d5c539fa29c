/**
 * A story's text while somebody has it open: the committed document, and a staging document that is ahead of it by
 * what is being stored.
 *
 * [BO1] An update is tried on the staging document, stored, and only then applied to the committed one, told to the
 * others and counted as saved. A commit starts at once when none is in flight; what comes meanwhile is the next one.
 */
import * as Y from "yjs";
import { readContent, wholeText, type StoryContent } from "@/domain/body/content";
import { applyTidily, newFaithfulDoc } from "@/domain/body/faithful-doc";
import { inspectUpdate, tryUpdate, type Taken } from "@/domain/body/guard";
import { changesNothing, firstMissing, scanUpdate, type ScannedUpdate } from "@/domain/body/scan-update";
import { sweepWindowMs, type Removal } from "@/domain/body/sweep";
import { wordCount } from "@/domain/body/word-count";
import { lacksBlockIds, removeEmptyBlocks, replaceContent, seedBlockIds } from "@/domain/body/write-content";
import type { Person } from "@/domain/people/person";
import type { Refusal } from "@/domain/refusal";
import type { Named } from "@/domain/stories/story";
import type { House } from "../house";
import type { Tx } from "../store/db";
import { lockStory } from "../stories/story-row";
import { newBlockId } from "./block-id";
import { commitBatch, type BodyHooks, type Committed, type Stretch } from "./commit-batch";
import { closeCodes, type Connection } from "./connection";
import { step1Frame, step2Frame, updateFrame, type PresenceEntry } from "./frames";
import { bindClients, clientsOf, compactLog, countUpdates } from "./log-store";
import { openPresence } from "./presence";
import { readText } from "./read-text";

export type Room = {
  readonly storyId: string;
  readonly connections: ReadonlySet<Connection>;
  readonly enter: (connection: Connection) => void;
  readonly leave: (connection: Connection) => void;
  /** Answers a SyncStep1 from the committed document; undecodable state vectors are refused. */
  readonly answerStep1: (connection: Connection, stateVector: Uint8Array) => void;
  readonly receive: (connection: Connection, update: Uint8Array, isStep2: boolean) => void;
  readonly takePresence: (connection: Connection, entries: readonly PresenceEntry[]) => void;
  readonly tellPresence: (connection: Connection) => void;
  /** A forward edit in the person's name, in a transaction of its own (BO6). */
  readonly replaceText: (
    person: Person,
    content: StoryContent,
    inCommit: (tx: Tx) => Promise<void>,
  ) => Promise<{ readonly logSeq: number } | Refusal<"may-not-write-text" | "no-such-story">>;
  readonly logSeq: () => number;
  readonly here: () => readonly Named[];
  readonly isIdle: () => boolean;
  /** Resolves when nothing waits to be stored. */
  readonly quiet: () => Promise<void>;
  /** Looks after connections: data for the silent ones, an end for those that wait too long. */
  readonly tick: (nowMs: number) => void;
  /** Merges the log when it has grown; in the background. */
  readonly compact: (minUpdates: number) => Promise<void>;
  readonly close: () => void;
};

/** An update that passed the guard and waits to be stored. */
type Staged = {
  readonly update: Uint8Array;
  /** [BO3] Another update in flight brings it: only to be counted. */
  readonly isEcho: boolean;
  readonly personId: string | null;
  readonly clients: readonly number[];
  readonly connection: Connection | null;
  readonly numbers: readonly number[];
  readonly atMs: number;
  readonly removed: string;
  readonly nestsBadly: boolean;
};
/** A forward edit of the server's, made once everything before it is stored. */
type Edit = {
  readonly person: Person | null;
  readonly change: (doc: Y.Doc) => void;
  readonly inCommit?: (tx: Tx) => Promise<void>;
  readonly done: (answer: { logSeq: number } | Refusal<"may-not-write-text" | "no-such-story">) => void;
  readonly failed: (error: unknown) => void;
};
type Received = {
  readonly connection: Connection;
  readonly bytes: Uint8Array;
  readonly numbers: readonly number[];
};

const maxWaitingUpdates = 100;
const maxWaitingBytes = 4 * 1024 * 1024;
const waitAtMostMs = 30_000;
const compactEvery = 500;
const storyEventEveryMs = 500;
const firstRetryMs = 100;
const longestRetryMs = 5_000;
const pauseAtBytes = 8 * 1024 * 1024;
const pauseAtUpdates = 1000;

/** Loads the text and seeds block ids where they are missing; the room is ready when it is given. */
export async function openRoom(
  house: House,
  hooks: BodyHooks,
  { storyId, tellStory }: { readonly storyId: string; readonly tellStory: () => void },
): Promise<Room> {
  const stored = await readText(house.db, storyId);
  const clients = await clientsOf(house.db, storyId);
  /** Those whose owner is in the store. */
  const bound = new Set(clients.keys());
  const committed = stored?.doc ?? newFaithfulDoc();
  let staging = copyOf(committed);
  let logSeq = stored?.logSeq ?? 0;
  let content = stored?.content ?? readContent(committed);
  let updatesInLog = await countUpdates(house.db, storyId);
  let encodedState: Uint8Array | undefined;

  const connections = new Set<Connection>();
  const presence = openPresence(connections, house.now);
  let queue: Staged[] = [];
  let inFlight: readonly Staged[] | undefined;
  let queuedBytes = 0;
  const edits: Edit[] = [];
  /** A forward edit is made, or what was not stored is put right: what comes is held. */
  let isHolding = false;
  let held: Received[] = [];
  let removals: Removal[] = [];
  let isPumping = false;
  let isCompacting = false;
  let isClosed = false;
  let storyEvent: NodeJS.Timeout | undefined;
  let retryMs = firstRetryMs;
  let whenQuiet: (() => void)[] = [];

  const nowMs = () => house.now().getTime();
  const isStill = () => queue.length === 0 && !inFlight && edits.length === 0 && held.length === 0;

  // --- what connections send ---

  function receive(connection: Connection, update: Uint8Array, isStep2: boolean): void {
    if (isStep2) connection.step2AtMs ??= nowMs();
    take({ connection, bytes: update, numbers: [connection.number()] });
  }

  function take(received: Received): void {
    if (isClosed) return;
    if (!isHolding && edits.length === 0) return stage(received);
    held.push(received);
    queuedBytes += received.bytes.byteLength;
    slowDown(received.connection);
  }

  function stage({ connection, bytes, numbers }: Received): void {
    const scan = scanUpdate(bytes);
    if (scan && changesNothing(committed, scan)) return connection.settle(numbers);
    if (scan && changesNothing(staging, scan)) return push(echoOf({ connection, bytes, numbers }));
    if (!connection.mayWrite) return connection.deny("permission denied");
    const asked = new Set<number>();
    const inspected = inspectUpdate(staging, { bytes, scan }, (client) => mayUse(connection, client, asked));
    if ("refused" in inspected) return refuse(connection, inspected.refused);
    if ("waitsFor" in inspected) {
      if (scan) wait(connection, { bytes, scan, numbers, waitsFor: inspected.waitsFor, sinceMs: nowMs() });
      return;
    }
    const taken = tryUpdate(staging, bytes, inspected);
    if ("refused" in taken) {
      stageAnew();
      return refuse(connection, taken.refused);
    }
    for (const client of taken.clients) claim(connection, client);
    push(stagedBy(connection, bytes, numbers, taken));
    // Every editor would delete the same: a reader in vain, others as if they had written.
    if (taken.tidied) pushOwn(taken.tidied);
    if (taken.nestsBadly && scan && scan.deletions.size > 0) clearEmptied();
    retryWaiting();
  }

  /**
   * What two people emptied together goes with the second one's update, as the server's own edit: else the editors of
   * all who look on would take it out, readers in vain and others as if they had written.
   */
  function clearEmptied(): void {
    let update: Uint8Array | undefined;
    const hear = (bytes: Uint8Array) => {
      update = bytes;
    };
    staging.on("update", hear);
    removeEmptyBlocks(staging);
    staging.off("update", hear);
    if (update) pushOwn(update);
  }

  /** The server's own, and nobody's edit. */
  function pushOwn(update: Uint8Array): void {
    const ofServer = { isEcho: false, connection: null, numbers: [], clients: [], nestsBadly: false };
    push({ update, removed: "", ...ofServer });
  }

  function push(staged: Omit<Staged, "personId" | "atMs">): void {
    const personId = staged.connection?.person.id ?? null;
    queue.push({ ...staged, personId, atMs: nowMs() });
    queuedBytes += staged.update.byteLength;
    if (staged.connection) slowDown(staged.connection);
    pump();
  }

  const isBusy = () => queuedBytes > pauseAtBytes || queue.length + held.length > pauseAtUpdates;

  /** [BO4] Too fast: reading is delayed, nothing is dropped. */
  function slowDown({ socket, isOpen }: Connection): void {
    if (isBusy() && isOpen()) socket.pause();
  }

  function letRead(): void {
    queuedBytes = [...queue.map(({ update }) => update), ...held.map(({ bytes }) => bytes)].reduce(
      (sum, bytes) => sum + bytes.byteLength,
      0,
    );
    if (isBusy()) return;
    for (const { socket } of connections) if (socket.isPaused) socket.resume();
  }

  function release(): void {
    isHolding = false;
    if (edits.length === 0) for (const received of held.splice(0)) take(received);
    letRead();
  }

  /** [BO5] */
  function mayUse(connection: Connection, client: number, asked: Set<number>): boolean {
    if (clients.has(client) && clients.get(client) !== connection.person.id) return false;
    if (connection.clientIds.has(client)) return true;
    asked.add(client);
    return connection.clientIds.size + asked.size <= connection.maxClientIds;
  }

  function claim(connection: Connection, client: number): void {
    connection.clientIds.add(client);
    clients.set(client, connection.person.id);
  }

  function refuse(connection: Connection, reason: string): void {
    house.log.info({ storyId, personId: connection.person.id, reason }, "update refused");
    connection.mayWrite = false;
    connection.close(closeCodes.refused, reason);
  }

  // --- updates that wait for others ---

  function wait(connection: Connection, update: Connection["waiting"][number]): void {
    connection.waiting.push(update);
    const bytes = connection.waiting.reduce((sum, one) => sum + one.bytes.byteLength, 0);
    if (connection.waiting.length > maxWaitingUpdates || bytes > maxWaitingBytes) {
      connection.waiting = [];
      return connection.close(closeCodes.waitedTooMuch, "too much waiting");
    }
    if (!togetherReady(connection)) return;
    const { waiting } = connection;
    connection.waiting = [];
    const merged = Y.mergeUpdates(waiting.map((one) => one.bytes));
    stage({ connection, bytes: merged, numbers: waiting.flatMap((one) => one.numbers) });
  }

  /** Do the waiting updates of a connection complete each other? */
  function togetherReady({ waiting }: Connection): boolean {
    if (waiting.length < 2) return false;
    const all: ScannedUpdate = {
      structs: waiting.flatMap(({ scan }) => scan.structs),
      deletions: new Map(
        [...new Set(waiting.flatMap(({ scan }) => [...scan.deletions.keys()]))].map((client) => [
          client,
          waiting.flatMap(({ scan }) => scan.deletions.get(client) ?? []),
        ]),
      ),
    };
    return firstMissing(staging, all) === undefined;
  }

  function retryWaiting(): void {
    for (const connection of connections) {
      const ready = connection.waiting.find(
        ({ waitsFor }) => Y.getState(staging.store, waitsFor.client) > waitsFor.clock,
      );
      if (!ready) continue;
      connection.waiting = connection.waiting.filter((one) => one !== ready);
      // It may go on waiting for something else; otherwise it grows the staging document and asks here again.
      stage({ connection, bytes: ready.bytes, numbers: ready.numbers });
      return retryWaiting();
    }
  }

  // --- storing ---

  /** Commits what is there at the end of this turn of the event loop, unless a commit is in flight. */
  function pump(): void {
    if (isPumping || inFlight) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      if (inFlight) return;
      if (queue.length > 0) return void commitQueue();
      const edit = edits.shift();
      if (edit) return void makeEdit(edit);
      settleQuiet();
    });
  }

  function settleQuiet(): void {
    if (!isStill()) return;
    const waiters = whenQuiet;
    whenQuiet = [];
    for (const resolve of waiters) resolve();
  }

  async function commitQueue(): Promise<void> {
    const batch = queue;
    queue = [];
    inFlight = batch;
    try {
      const answer = await store(batch);
      if ("stored" in answer) for (const { connection, numbers } of batch) connection?.settle(numbers);
      else await putRight(answer, batch);
    } catch (error) {
      // The authors have these words still and were told nothing else: they come back with them.
      house.log.error({ err: error, storyId }, "text not stored");
      queue = [];
      staging = copyOf(committed);
      for (const connection of connections) connection.close(closeCodes.waitedTooMuch, "not stored");
    }
    inFlight = undefined;
    release();
    pump();
  }

  /** Tries until the store answers: nothing is told or counted before. */
  async function store(batch: readonly Staged[], inCommit?: (tx: Tx) => Promise<void>): Promise<Committed> {
    const changes = batch.filter(({ isEcho }) => !isEcho);
    if (changes.length === 0 && !inCommit) return { stored: true, logSeq, swept: [], moved: false };
    const after = readContent(staging);
    const stretches = stretchesOf(changes, bound);
    const removalsWithThese = removalsWith(changes);
    for (;;) {
      try {
        const answer = await commitBatch(house, hooks, {
          storyId,
          stretches,
          before: content,
          after,
          logSeq,
          removals: removalsWithThese,
          nestsBadly: changes.some(({ nestsBadly }) => nestsBadly),
          inCommit,
        });
        retryMs = firstRetryMs;
        if ("stored" in answer) {
          removals = removalsWithThese;
          whenStored(changes, stretches, after, answer);
        }
        return answer;
      } catch (error) {
        if (inCommit || isClosed) throw error;
        house.log.error({ err: error, storyId }, "text not stored, trying again");
        await new Promise((resolve) => setTimeout(resolve, retryMs));
        retryMs = Math.min(retryMs * 2, longestRetryMs);
        // The commit may have been made and only its answer lost.
        if (await isBehind()) return { behind: true };
      }
    }
  }

  async function isBehind(): Promise<boolean> {
    try {
      return ((await readText(house.db, storyId))?.logSeq ?? 0) !== logSeq;
    } catch {
      // The store does not answer: the next try says so again.
      return false;
    }
  }

  function whenStored(
    changes: readonly Staged[],
    stretches: readonly Stretch[],
    after: StoryContent,
    answer: Extract<Committed, { stored: true }>,
  ): void {
    logSeq = answer.logSeq;
    content = after;
    updatesInLog += stretches.length;
    for (const { personId } of answer.swept) {
      removals = removals.filter((removal) => removal.personId !== personId);
    }
    for (const stretch of stretches) for (const client of stretch.clients) bound.add(client);
    if (stretches.length > 0) {
      const update = mergedUpdate(stretches.map((stretch) => stretch.update));
      applyCommitted(update);
      const [first] = changes;
      const onlyFrom = changes.every(({ connection }) => connection === first?.connection)
        ? first?.connection
        : null;
      tell(update, onlyFrom ?? null);
      house.bus.emit({ type: "text-stored", storyId, logSeq });
    }
    for (const { personId, version } of answer.swept) {
      const by = changes.find((staged) => staged.personId === personId)?.connection?.person;
      if (by) house.bus.emit({ type: "emptied", storyId, by: { id: by.id, name: by.name }, version });
    }
    if (answer.moved) {
      house.bus.emit({ type: "versions", storyId });
      tellStory();
    } else {
      storyEvent ??= setTimeout(() => {
        storyEvent = undefined;
        tellStory();
      }, storyEventEveryMs);
    }
    if (updatesInLog >= compactEvery) void compact(compactEvery);
  }

  function applyCommitted(update: Uint8Array): void {
    Y.applyUpdate(committed, update, "committed");
    encodedState = undefined;
  }

  function tell(update: Uint8Array, onlyFrom: Connection | null): void {
    const frame = updateFrame(update);
    for (const connection of connections) {
      if (!connection.isSynced) continue;
      if (connection !== onlyFrom) connection.send(frame);
      connection.toldUpTo(logSeq);
    }
  }

  /** Nothing of the batch was stored: what may be is staged again, in the same order. */
  async function putRight(
    answer: Exclude<Committed, { stored: true }>,
    batch: readonly Staged[],
  ): Promise<void> {
    isHolding = true;
    if ("gone" in answer) {
      for (const connection of connections) connection.close(closeCodes.notVisible, "not visible");
    } else if ("behind" in answer) {
      await catchUp();
    } else if ("denied" in answer) {
      for (const { connection } of [...batch, ...queue]) {
        if (connection && answer.denied.has(connection.person.id)) connection.mayWrite = false;
      }
    } else {
      for (const { connection, clients: theirs } of [...batch, ...queue]) {
        if (connection && theirs.some((client) => answer.foreign.has(client))) {
          refuse(connection, "foreign-client");
        }
      }
      await reloadClients();
    }
    const entries = [...batch, ...queue.splice(0)];
    staging = copyOf(committed);
    if ("gone" in answer) return;
    inFlight = undefined;
    for (const { connection, update, numbers } of entries) {
      if (connection) stage({ connection, bytes: update, numbers });
    }
  }

  async function reloadClients(): Promise<void> {
    for (const [client, owner] of await clientsOf(house.db, storyId)) {
      clients.set(client, owner);
      bound.add(client);
    }
  }

  /** [BO7] Reads what the store has and the room has not; everyone is told. */
  async function catchUp(): Promise<void> {
    const text = await readText(house.db, storyId);
    if (!text) return;
    const before = Y.encodeStateVector(committed);
    applyCommitted(Y.encodeStateAsUpdate(text.doc));
    logSeq = text.logSeq;
    content = readContent(committed);
    await reloadClients();
    tell(Y.encodeStateAsUpdate(committed, before), null);
    // Whoever stored it may have ended before it told: the claims are healed, the pages look again.
    house.bus.emit({ type: "text-stored", storyId, logSeq });
    tellStory();
  }

  /** After a refusal the staging document holds what was refused. */
  function stageAnew(): void {
    staging = copyOf(committed);
    for (const { update } of [...(inFlight ?? []), ...queue]) Y.applyUpdate(staging, update);
  }

  /** [BO9] What was taken away lately, and what these changes take away once they are stored. */
  function removalsWith(changes: readonly Staged[]): Removal[] {
    const before = { content, words: wordCount(wholeText(content)), logSeq };
    const since = nowMs() - sweepWindowMs;
    const now = changes.flatMap(({ personId, removed, atMs }) => {
      const words = wordCount(removed);
      return personId !== null && words > 0 ? [{ personId, atMs, words, before }] : [];
    });
    return [...removals.filter(({ atMs }) => atMs > since), ...now];
  }

  // --- the server's own edits ---

  async function makeEdit(edit: Edit): Promise<void> {
    isHolding = true;
    const fresh = copyOf(staging);
    const before = Y.encodeStateVector(fresh);
    let update: Uint8Array | undefined;
    fresh.on("update", (bytes: Uint8Array) => {
      update = update ? Y.mergeUpdates([update, bytes]) : bytes;
    });
    try {
      edit.change(fresh);
    } catch (error) {
      // Nothing was staged: whoever asked hears of it, the text is written on.
      edit.failed(error);
      release();
      return pump();
    }
    const tidied = update && applyTidily(staging, update);
    if (update && tidied) update = Y.mergeUpdates([update, tidied]);
    const staged: Staged[] = update
      ? [
          {
            update,
            isEcho: false,
            personId: edit.person?.id ?? null,
            clients: Y.decodeStateVector(before).has(fresh.clientID) ? [] : [fresh.clientID],
            connection: null,
            numbers: [],
            atMs: nowMs(),
            removed: "",
            nestsBadly: false,
          },
        ]
      : [];
    inFlight = staged;
    try {
      const answer = await store(staged, edit.inCommit ?? (() => Promise.resolve()));
      if ("stored" in answer) {
        if (update) clients.set(fresh.clientID, edit.person?.id ?? null);
        edit.done({ logSeq });
      } else if ("behind" in answer) {
        await catchUp();
        staging = copyOf(committed);
        edits.unshift(edit);
      } else {
        staging = copyOf(committed);
        edit.done({ refused: "gone" in answer ? "no-such-story" : "may-not-write-text" });
      }
    } catch (error) {
      staging = copyOf(committed);
      edit.failed(error);
    }
    inFlight = undefined;
    release();
    pump();
  }

  function edit(given: Pick<Edit, "person" | "change"> & { inCommit?: (tx: Tx) => Promise<void> }) {
    return new Promise<{ logSeq: number } | Refusal<"may-not-write-text" | "no-such-story">>(
      (done, failed) => {
        edits.push({ ...given, done, failed });
        pump();
      },
    );
  }

  async function compact(minUpdates: number): Promise<void> {
    if (isCompacting || updatesInLog < minUpdates) return;
    isCompacting = true;
    try {
      await house.db.transaction(async (tx) => {
        if (await lockStory(tx, storyId)) await compactLog(tx, storyId, house.now());
      });
      updatesInLog = await countUpdates(house.db, storyId);
    } catch (error) {
      // The log is whole without it; the next one merges more.
      house.log.warn({ err: error, storyId }, "log not compacted");
    } finally {
      isCompacting = false;
    }
  }

  function here(): Named[] {
    const people = new Map([...connections].map(({ person }) => [person.id, person.name]));
    return [...people].map(([id, name]) => ({ id, name }));
  }

  const tellHere = () => house.bus.emit({ type: "presence", storyId, here: here() });

  const room: Room = {
    storyId,
    connections,
    enter: (connection) => {
      const isNew = ![...connections].some(({ person }) => person.id === connection.person.id);
      connections.add(connection);
      connection.send(step1Frame(Y.encodeStateVector(committed)));
      presence.tellAll(connection);
      if (isNew) tellHere();
    },
    leave: (connection) => {
      if (!connections.delete(connection)) return;
      connection.waiting = [];
      presence.leave(connection);
      if (![...connections].some(({ person }) => person.id === connection.person.id)) tellHere();
    },
    answerStep1: (connection, stateVector) => {
      let state: Uint8Array;
      try {
        state =
          stateVector.byteLength <= 1
            ? (encodedState ??= Y.encodeStateAsUpdate(committed))
            : Y.encodeStateAsUpdate(committed, stateVector);
      } catch {
        // Bytes from outside that are no state vector.
        return refuse(connection, "undecodable");
      }
      connection.send(step2Frame(state));
      connection.isSynced = true;
      connection.toldUpTo(logSeq);
    },
    receive,
    takePresence: (connection, entries) => {
      for (const entry of entries) {
        const isTheirs = connection.clientIds.has(entry.clientId);
        if (!isTheirs && !claimPresence(connection, entry)) continue;
        presence.take(connection, entry);
      }
    },
    tellPresence: (connection) => presence.tellAll(connection),
    replaceText: (person, wanted, inCommit) =>
      edit({ person, inCommit, change: (doc) => replaceContent(doc, wanted, newBlockId) }),
    logSeq: () => logSeq,
    here,
    isIdle: () => connections.size === 0 && isStill(),
    quiet: () => (isStill() ? Promise.resolve() : new Promise((resolve) => whenQuiet.push(resolve))),
    tick: (atMs) => {
      for (const connection of connections) {
        connection.keepAlive(atMs);
        const [oldest] = connection.waiting;
        const sinceMs = Math.max(oldest?.sinceMs ?? atMs, connection.step2AtMs ?? 0);
        if (oldest && atMs - sinceMs > waitAtMostMs) {
          connection.close(closeCodes.waitedTooMuch, "too much waiting");
        }
      }
    },
    compact,
    close: () => {
      isClosed = true;
      clearTimeout(storyEvent);
      presence.close();
    },
  };

  /** [BO5] The first presence entry of a connection says its client id, unless that is somebody else's. */
  function claimPresence(connection: Connection, { clientId, state }: PresenceEntry): boolean {
    if (connection.clientIds.size > 0 || state === null) return false;
    const owner = clients.get(clientId);
    if (clients.has(clientId) && owner !== connection.person.id) return false;
    const isNew = !clients.has(clientId);
    claim(connection, clientId);
    if (isNew) void bindPresence(connection.person.id, clientId);
    return true;
  }

  /** [BO5] Also in the store, for other processes. */
  async function bindPresence(personId: string, clientId: number): Promise<void> {
    try {
      await house.db.transaction(async (tx) => {
        // As the commits do: the story's row first, or each would wait for the other.
        await lockStory(tx, storyId);
        await bindClients(tx, { storyId, clientIds: [clientId], personId, at: house.now() });
      });
    } catch (error) {
      // It is bound with the first words that come under it.
      house.log.warn({ err: error, storyId }, "client id not bound");
    }
  }

  if (stored && lacksBlockIds(committed)) {
    // [BO6] The server's own, and nobody's edit; a published text stays as it is.
    await edit({ person: null, change: (doc) => seedBlockIds(doc, newBlockId) }).catch((error: unknown) =>
      house.log.warn({ err: error, storyId }, "block ids not seeded"),
    );
  }
  return room;
}

function stagedBy(
  connection: Connection,
  update: Uint8Array,
  numbers: readonly number[],
  { clients, removed, nestsBadly }: Taken,
): Omit<Staged, "personId" | "atMs"> {
  return { update, isEcho: false, connection, numbers, clients: [...clients], removed, nestsBadly };
}

function echoOf({ connection, bytes, numbers }: Received): Omit<Staged, "personId" | "atMs"> {
  return { update: bytes, isEcho: true, connection, numbers, clients: [], removed: "", nestsBadly: false };
}

/** Neighbouring updates of one person are one row of the log, with the client ids that are to be bound. */
function stretchesOf(changes: readonly Staged[], bound: ReadonlySet<number>): Stretch[] {
  const stretches: { personId: string | null; updates: Uint8Array[]; clients: Set<number> }[] = [];
  for (const { personId, update, clients } of changes) {
    let last = stretches.at(-1);
    if (last?.personId !== personId) {
      last = { personId, updates: [], clients: new Set() };
      stretches.push(last);
    }
    last.updates.push(update);
    for (const client of clients) if (!bound.has(client)) last.clients.add(client);
  }
  return stretches.map(({ personId, updates, clients }) => ({
    personId,
    update: mergedUpdate(updates),
    clients: [...clients],
  }));
}

function mergedUpdate(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  return updates.length === 1 && only ? only : Y.mergeUpdates([...updates]);
}

function copyOf(doc: Y.Doc): Y.Doc {
  const copy = newFaithfulDoc();
  for (const field of ["headline", "standfirst", "body"]) copy.getXmlFragment(field);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  return copy;
}
