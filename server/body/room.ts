/**
 * A story's text while somebody has it open: one document that is ahead of the committed text by what is being stored.
 *
 * [BO1] An update is tried on the document, stored, and only then told to the others and counted as saved. The
 * document is built once an update is to be tried: who only reads is answered with the committed bytes.
 */
import * as Y from "yjs";
import { fields } from "@/domain/body/anchor-state";
import { readContent, wholeText, type StoryContent } from "@/domain/body/content";
import { applyTidily, newFaithfulDoc } from "@/domain/body/faithful-doc";
import { inspectUpdate, tryUpdate, type Taken } from "@/domain/body/guard";
import {
  changesNothing,
  firstMissing,
  hangsOn,
  scanUpdate,
  touches,
  type ScannedUpdate,
} from "@/domain/body/scan-update";
import {
  mayBeSweep,
  removedLately,
  removedWordCount,
  sweepWindowMs,
  type Removal,
} from "@/domain/body/sweep";
import { wordCount } from "@/domain/body/word-count";
import { lacksBlockIds, removeEmptyBlocks, replaceContent, seedBlockIds } from "@/domain/body/write-content";
import type { Person } from "@/domain/people/person";
import type { Refusal } from "@/domain/refusal";
import type { Named } from "@/domain/stories/story";
import type { House } from "../house";
import type { Tx } from "../store/db";
import { framed } from "../http/framed";
import type { BindBeside } from "./bind-beside";
import { newBlockId } from "./block-id";
import type { Committed, Stretch } from "./commit-batch";
import { openCommittedState } from "./committed-state";
import { openPace } from "./commit-pace";
import type { Committer } from "./committer";
import { closeCodes, type Connection } from "./connection";
import { step1Frame, step2Frame, type PresenceEntry } from "./frames";
import { clientsOf, compactLog, countUpdates, partsAfter, partsOf } from "./log-store";
import { mergedUpdate } from "./merged-update";
import { openPresence } from "./presence";
import { stretchesOf } from "./stretches";
import { openTeller, paceMs } from "./teller";
import { openWhoIsHere } from "./who-is-here";

/** What the room asks of the rooms around it. */
export type RoomCalls = {
  readonly committer: Committer;
  /** The text changed: what is made from it is made again. */
  readonly whenChanged: () => void;
  /** [BO4] This person's update was refused by the guard. */
  readonly whenRefused: (personId: string) => void;
  /** Rooms that open together build their documents one after the other. */
  readonly buildInTurn: (build: () => void) => void;
  /** Who came, left or put their caret elsewhere: told by one room after the other, too. */
  readonly presenceInTurn: (tell: () => void) => void;
  readonly bind: BindBeside["bind"];
};

/** What another process stored. */
export type StoredElsewhere = {
  readonly firstSeq: number;
  readonly logSeq: number;
  readonly update: Uint8Array;
};

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
  /** Of the committed text, as bytes in memory. */
  readonly byteLength: () => number;
  readonly here: () => readonly Named[];
  readonly isIdle: () => boolean;
  /** Resolves when nothing waits to be stored. */
  readonly quiet: () => Promise<void>;
  /** What another process stored: told on, or read from the store where something before it is missing (BO7). */
  readonly hearStored: (stored: StoredElsewhere) => void;
  /** Reads what the store has and the room has not. */
  readonly catchUp: () => Promise<void>;
  readonly hearPresence: (processId: string, entries: readonly PresenceEntry[]) => void;
  readonly forgetProcess: (processId: string) => void;
  /** Tells other processes who has the story open here, and where their carets stand. */
  readonly tellPresenceOn: () => void;
  /** So many words it had when they were counted. */
  readonly noteWords: (words: number) => void;
  /** The committed text; undefined while something is being stored. */
  readonly committedContent: () => { readonly content: StoryContent; readonly logSeq: number } | undefined;
  /** Data for a silent connection, an end for one that waits too long. */
  readonly lookAfter: (connection: Connection, nowMs: number) => void;
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
  /** Words that it took away. */
  readonly removedWords: number;
  readonly nestsBadly: boolean;
  readonly changes: boolean;
  /** It cannot be applied before what somebody else has in the queue. */
  readonly hangsOnOthers: boolean;
  /** Where its new structs begin, of each client, and what it deletes. */
  readonly from: ReadonlyMap<number, number>;
  readonly deletions: ScannedUpdate["deletions"];
};
/** What no connection sent: it comes after everything before it. */
const ofServer = {
  isEcho: false,
  connection: null,
  numbers: [],
  removedWords: 0,
  nestsBadly: false,
  hangsOnOthers: true,
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
  /** [BO5] What is foreign in it is so after the room has caught up with the store, too. */
  readonly isCaughtUp?: boolean;
};

const maxWaitingUpdates = 100;
const maxWaitingBytes = 4 * 1024 * 1024;
const waitAtMostMs = 30_000;
const compactEvery = 1_000;
/** While much comes: merging holds the story for a moment, and what has come is followed beside what comes. */
const compactBusyEvery = 5_000;
/** What another process stored and has not told by now is read from the store. */
const gapAtMostMs = 150;
/** The store did not answer: asked again. */
const readAgainMs = 1_000;
/** The document's turn to be built comes then, also when nobody asked for the text first. */
const buildWithinMs = 50;
const pauseAtBytes = 8 * 1024 * 1024;
const pauseAtUpdates = 1000;

/** Loads the text; its document is built when it is needed. */
export async function openRoom(house: House, storyId: string, calls: RoomCalls): Promise<Room> {
  const { exchange, metrics } = house;
  const stored = await partsOf(house.db, storyId);
  const clients = await clientsOf(house.db, storyId);
  /** Those whose owner is in the store. */
  const bound = new Set(clients.keys());
  const committed = openCommittedState(stored);
  let staging: Y.Doc | undefined;
  let updatesInLog = stored.length;
  let wholeFrame: Buffer | undefined;

  const connections = new Set<Connection>();
  const presence = openPresence(connections, {
    now: house.now,
    tellOthers: (entries) => exchange.tell({ kind: "presence", storyId, entries }),
    inTurn: calls.presenceInTurn,
  });
  const pace = openPace();
  const tellEveryMs = () => paceMs(connections.size, pace.perSecond());
  const teller = openTeller(connections, {
    everyMs: tellEveryMs,
    whenTold: ({ storedMs, receivedMs }) => {
      const nowMs = performance.now();
      metrics.toldOn({
        sinceStored: (nowMs - storedMs) / 1000,
        ...(receivedMs === undefined ? {} : { sinceReceived: (nowMs - receivedMs) / 1000 }),
      });
    },
  });
  /** Those with updates that wait for others, or lately had some. */
  const haveWaiting = new Set<Connection>();
  /** Not asked for what they have yet. */
  const unasked = new Set<Connection>();
  let queue: Staged[] = [];
  /** Where what is in it begins, of each client. */
  const queuedFrom = new Map<number, number>();
  let inFlight: readonly Staged[] | undefined;
  let queuedBytes = 0;
  const edits: Edit[] = [];
  /** A forward edit is made, or what was not stored is put right: what comes is held. */
  let isHolding = false;
  let held: Received[] = [];
  const heldBack = new Set<Connection>();
  let removals: Removal[] = [];
  /** When they were last counted. */
  let wordsKnown: number | undefined;
  let isPumping = false;
  let pacing: NodeJS.Timeout | undefined;
  let committedAtMs = -Infinity;
  let isCompacting = false;
  let isClosed = false;
  let building: NodeJS.Timeout | undefined;
  let gapTimer: NodeJS.Timeout | undefined;
  let readAgain: NodeJS.Timeout | undefined;
  let catchingUp: Promise<void> | undefined;
  /** Something came after the store was asked: it is asked again. */
  let isMoreToRead = false;
  let whenQuiet: (() => void)[] = [];

  const nowMs = () => house.now().getTime();
  const isStill = () => queue.length === 0 && !inFlight && edits.length === 0 && held.length === 0;
  const tail = () => [...(inFlight ?? []), ...queue];

  // --- the document ---

  function document(): Y.Doc {
    if (staging) return staging;
    staging = docFrom(committed.encode());
    for (const connection of unasked) askFor(connection);
    unasked.clear();
    if (lacksBlockIds(staging)) {
      // [BO6] The server's own, and nobody's edit; a published text stays as it is.
      edit({ person: null, change: (doc) => seedBlockIds(doc, newBlockId) }).catch((error: unknown) =>
        house.log.warn({ err: error, storyId }, "block ids not seeded"),
      );
    }
    return staging;
  }

  function buildSoon(withinMs: number): void {
    if (staging || building || isClosed) return;
    const build = () => {
      building = undefined;
      if (!isClosed) document();
    };
    building = setTimeout(() => calls.buildInTurn(build), withinMs);
  }

  const askFor = (connection: Connection) => connection.send(step1Frame(committedVector()));

  /** What of the document is committed, of each client. */
  function committedVector(): Uint8Array {
    const doc = document();
    const ahead = tail();
    if (ahead.length === 0) return Y.encodeStateVector(doc);
    const clocks = new Map(
      [...doc.store.clients.keys()].map((client) => [client, Y.getState(doc.store, client)]),
    );
    for (const { from } of ahead) {
      for (const [client, clock] of from) clocks.set(client, Math.min(clock, clocks.get(client) ?? clock));
    }
    return Y.encodeStateVector(clocks);
  }

  /** After a refusal the document holds what was refused. */
  function stageAnew(): void {
    const ahead = tail();
    staging?.destroy();
    staging = docFrom(committed.encode());
    for (const { update, isEcho } of ahead) if (!isEcho) Y.applyUpdate(staging, update);
  }

  // --- what connections send ---

  function receive(connection: Connection, update: Uint8Array, isStep2: boolean): void {
    metrics.updateReceived();
    if (isStep2) connection.step2AtMs ??= nowMs();
    take({ connection, bytes: update, numbers: [connection.number()] });
  }

  function take(received: Received): void {
    if (isClosed) return;
    if (!isHolding && edits.length === 0) return stage(received);
    held.push(received);
    queuedBytes += received.bytes.byteLength;
    holdBackIfBusy(received.connection);
  }

  function stage({ connection, bytes, numbers, isCaughtUp = false }: Received): void {
    const doc = document();
    const scan = scanUpdate(bytes);
    if (scan && changesNothing(doc, scan)) {
      // [BO3] What another update still in flight brings is counted once that one is committed.
      if (!tail().some((ahead) => touches(scan, ahead))) return connection.settle(numbers);
      return push(echoOf({ connection, bytes, numbers }));
    }
    if (!connection.mayWrite) {
      metrics.refused("may-not-write");
      return connection.deny("permission denied");
    }
    const asked = new Set<number>();
    const inspected = inspectUpdate(doc, { bytes, scan }, (client) => mayUse(connection, client, asked));
    if ("refused" in inspected) {
      if (inspected.refused !== "foreign-client" || isCaughtUp) return refuse(connection, inspected.refused);
      return void stageCaughtUp({ connection, bytes, numbers });
    }
    if (!scan) return;
    if ("waitsFor" in inspected) {
      return wait(connection, { bytes, scan, numbers, waitsFor: inspected.waitsFor, sinceMs: nowMs() });
    }
    const from = new Map([...inspected.clients].map((client) => [client, Y.getState(doc.store, client)]));
    const taken = tryUpdate(doc, bytes, inspected);
    if ("refused" in taken) {
      stageAnew();
      return refuse(connection, taken.refused);
    }
    for (const client of taken.clients) claim(connection, client);
    const isTheirs = (client: number) => clients.get(client) === connection.person.id;
    const hangsOnOthers = hangsOn(scan, (client) => (isTheirs(client) ? undefined : queuedFrom.get(client)));
    push(stagedBy({ connection, bytes, numbers }, taken, { from, deletions: scan.deletions, hangsOnOthers }));
    // Every editor would delete the same: a reader in vain, others as if they had written.
    if (taken.tidied) pushOwn(taken.tidied);
    if (taken.nestsBadly && scan.deletions.size > 0) clearEmptied(doc);
    retryWaiting();
  }

  /** [BO5] Words that another process stored are foreign only until the room has read them. */
  async function stageCaughtUp(received: Received): Promise<void> {
    try {
      await readOn();
    } catch (error) {
      house.log.warn({ err: error, storyId }, "the text's log was not read on");
      return received.connection.close(closeCodes.waitedTooMuch, "not stored");
    }
    if (received.connection.isOpen()) take({ ...received, isCaughtUp: true });
  }

  /**
   * What two people emptied together goes with the second one's update, as the server's own edit: else the editors of
   * all who look on would take it out, readers in vain and others as if they had written.
   */
  function clearEmptied(doc: Y.Doc): void {
    let update: Uint8Array | undefined;
    const hear = (bytes: Uint8Array) => {
      update = bytes;
    };
    doc.on("update", hear);
    removeEmptyBlocks(doc);
    doc.off("update", hear);
    if (update) pushOwn(update);
  }

  /** The server's own, and nobody's edit. */
  function pushOwn(update: Uint8Array): void {
    const deletions: ScannedUpdate["deletions"] = scanUpdate(update)?.deletions ?? new Map();
    push({ ...ofServer, update, changes: true, clients: [], from: new Map(), deletions });
  }

  function push(staged: Omit<Staged, "personId" | "atMs">): void {
    const personId = staged.connection?.person.id ?? null;
    queue.push({ ...staged, personId, atMs: nowMs() });
    for (const [client, clock] of staged.from) if (!queuedFrom.has(client)) queuedFrom.set(client, clock);
    pace.note();
    queuedBytes += staged.update.byteLength;
    if (staged.connection) holdBackIfBusy(staged.connection);
    pump();
  }

  const isBusy = () => queuedBytes > pauseAtBytes || queue.length + held.length > pauseAtUpdates;

  /** [BO4] Too fast: reading is delayed, nothing is dropped. */
  function holdBackIfBusy(connection: Connection): void {
    if (!isBusy()) return;
    heldBack.add(connection);
    connection.holdBack(true);
  }

  function letRead(): void {
    if (queue.length === 0 && held.length === 0) queuedBytes = 0;
    else {
      const waiting = [...queue.map(({ update }) => update), ...held.map(({ bytes }) => bytes)];
      queuedBytes = waiting.reduce((sum, bytes) => sum + bytes.byteLength, 0);
    }
    if (isBusy()) return;
    for (const connection of heldBack) connection.holdBack(false);
    heldBack.clear();
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
    const { requestId, person } = connection;
    house.log.info({ requestId, storyId, personId: person.id, reason }, "update refused");
    connection.mayWrite = false;
    connection.close(closeCodes.refused, reason);
    metrics.refused(reason);
    calls.whenRefused(person.id);
  }

  // --- updates that wait for others ---

  function wait(connection: Connection, update: Connection["waiting"][number]): void {
    connection.waiting.push(update);
    haveWaiting.add(connection);
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
    return firstMissing(document(), all) === undefined;
  }

  function retryWaiting(): void {
    const { store } = document();
    for (const connection of haveWaiting) {
      const ready = connection.waiting.find(
        ({ waitsFor }) => Y.getState(store, waitsFor.client) > waitsFor.clock,
      );
      if (connection.waiting.length === 0) haveWaiting.delete(connection);
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
    if (isPumping || inFlight || pacing) return;
    isPumping = true;
    setImmediate(() => {
      isPumping = false;
      if (inFlight) return;
      if (queue.length > 0) return commitAtPace();
      const next = edits.shift();
      if (next) return void makeEdit(next);
      settleQuiet();
    });
  }

  /** Where many read, what is stored more often than it is told would only cost (see the teller); where much comes, too. */
  function commitAtPace(): void {
    const everyMs = Math.max(tellEveryMs(), pace.restMs());
    const waitMs = committedAtMs + everyMs - performance.now();
    if (waitMs < 1) return void commitQueue();
    pacing = setTimeout(() => {
      pacing = undefined;
      if (!isClosed) void commitQueue();
    }, waitMs);
  }

  function settleQuiet(): void {
    if (!isStill()) return;
    const waiters = whenQuiet;
    whenQuiet = [];
    for (const resolve of waiters) resolve();
  }

  function takeQueue(): Staged[] {
    const taken = queue;
    queue = [];
    queuedFrom.clear();
    return taken;
  }

  async function commitQueue(): Promise<void> {
    const batch = takeQueue();
    inFlight = batch;
    committedAtMs = performance.now();
    try {
      const answer = await store(batch);
      if (!answer || "stored" in answer)
        for (const { connection, numbers } of batch) connection?.settle(numbers);
      else await putRight(answer, batch);
    } catch (error) {
      // The authors have these words still and were told nothing else: they come back with them.
      if (!isClosed) house.log.error({ err: error, storyId }, "text not stored");
      takeQueue();
      inFlight = undefined;
      stageAnew();
      for (const connection of connections) connection.close(closeCodes.waitedTooMuch, "not stored");
    }
    inFlight = undefined;
    release();
    pump();
  }

  /** Undefined when there was nothing to store. */
  async function store(
    batch: readonly Staged[],
    inCommit?: (tx: Tx) => Promise<void>,
  ): Promise<Committed | undefined> {
    const changes = batch.filter(({ isEcho }) => !isEcho);
    if (changes.length === 0 && !inCommit) return undefined;
    const stretches = stretchesOf(changes, bound);
    const removalsBefore = [...removals];
    noteRemovals(changes);
    const nestsBadly = changes.some((change) => change.nestsBadly);
    const answer = await calls.committer.commit({
      storyId,
      stretches,
      writers: writersOf(changes),
      removals: suspiciousRemovals(),
      nestsBadly,
      inCommit,
    });
    if ("stored" in answer) whenStored(changes, stretches, answer);
    // What may be staged again counts then.
    else removals = removalsBefore;
    return answer;
  }

  function whenStored(
    changes: readonly Staged[],
    stretches: readonly Stretch[],
    answer: Extract<Committed, { stored: true }>,
  ): void {
    updatesInLog += stretches.length;
    for (const { personId } of answer.swept) {
      removals = removals.filter((removal) => removal.personId !== personId);
    }
    for (const stretch of stretches) for (const client of stretch.clients) bound.add(client);
    if (stretches.length > 0) {
      const { firstSeq, logSeq } = answer;
      const update = mergedUpdate(stretches.map((stretch) => stretch.update));
      if (!committed.holds(firstSeq, logSeq)) takeIn({ firstSeq, logSeq, update });
      const [first] = changes;
      const isOfOne = changes.every(({ connection }) => connection === first?.connection);
      const receivedMs = first?.connection?.receivedAtMs(first.numbers);
      teller.tell(update, committed.logSeq(), (isOfOne && first?.connection) || null, receivedMs);
      if (!exchange.isAlone) exchange.tell({ kind: "stored", storyId, firstSeq, logSeq, update });
      if (committed.hasGap()) void catchUp();
      house.bus.emit({ type: "text-stored", storyId, logSeq });
    }
    for (const { personId, version } of answer.swept) {
      const by = changes.find((staged) => staged.personId === personId)?.connection?.person;
      if (by) house.bus.emit({ type: "emptied", storyId, by: { id: by.id, name: by.name }, version });
    }
    calls.whenChanged();
    if (answer.moved) {
      house.bus.emit({ type: "versions", storyId });
      house.bus.emit({ type: "story", storyId });
    }
    const mergeAt = pace.restMs() > 0 ? compactBusyEvery : compactEvery;
    if (updatesInLog >= mergeAt) void compact(mergeAt);
  }

  function takeIn(update: StoredElsewhere): void {
    committed.add(update);
    wholeFrame = undefined;
  }

  /** Nothing of the batch was stored: what may be is staged again, in the same order. */
  async function putRight(
    answer: Exclude<Committed, { stored: true }>,
    batch: readonly Staged[],
  ): Promise<void> {
    isHolding = true;
    if ("gone" in answer) {
      for (const connection of connections) connection.close(closeCodes.notVisible, "not visible");
    } else if ("denied" in answer) {
      for (const { connection } of [...batch, ...queue]) {
        if (connection && answer.denied.has(connection.person.id)) connection.mayWrite = false;
      }
    } else {
      for (const { connection, clients: theirs } of [...batch, ...queue]) {
        for (const client of theirs) if (answer.foreign.has(client)) connection?.clientIds.delete(client);
      }
      await reloadClients();
      await readOn();
    }
    const entries = [...batch, ...takeQueue()];
    inFlight = undefined;
    stageAnew();
    if ("gone" in answer) return;
    for (const { connection, update, numbers } of entries) {
      if (connection) stage({ connection, bytes: update, numbers, isCaughtUp: "foreign" in answer });
    }
  }

  async function reloadClients(): Promise<void> {
    for (const [client, owner] of await clientsOf(house.db, storyId)) {
      clients.set(client, owner);
      bound.add(client);
    }
  }

  /** [BO9] What was taken away lately, these changes included. */
  function noteRemovals(changes: readonly Staged[]): void {
    const since = nowMs() - sweepWindowMs;
    if (removals.length > 0) removals = removals.filter(({ atMs }) => atMs > since);
    for (const { personId, removedWords, atMs } of changes) {
      if (personId === null || removedWords === 0) continue;
      removals.push({ personId, atMs, words: removedWords, logSeq: committed.logSeq() });
    }
  }

  function wordsLately(): number {
    wordsKnown ??= wordCount(wholeText(readContent(document())));
    return wordsKnown;
  }

  function suspiciousRemovals(): readonly Removal[] {
    const people = new Set(removals.map(({ personId }) => personId));
    const isMuch = (personId: string) => {
      const removed = removedLately(personId, removals, nowMs())?.words ?? 0;
      return mayBeSweep(removed) && mayBeSweep(removed, wordsLately());
    };
    return [...people].some(isMuch) ? [...removals] : [];
  }

  // --- what other processes store ---

  function hearStored(elsewhere: StoredElsewhere): void {
    if (isClosed || committed.holds(elsewhere.firstSeq, elsewhere.logSeq)) return;
    const scan = scanUpdate(elsewhere.update);
    // Without a document nobody knows whether what comes after a gap hangs on it.
    const isAfterGap = !staging && elsewhere.firstSeq > committed.logSeq() + 1;
    if (!scan || isAfterGap || (staging && firstMissing(staging, scan))) return void catchUp();
    if (staging) Y.applyUpdate(staging, elsewhere.update);
    takeIn(elsewhere);
    teller.tell(elsewhere.update, committed.logSeq(), null);
    if (committed.hasGap()) {
      gapTimer ??= setTimeout(() => {
        gapTimer = undefined;
        if (committed.hasGap()) void catchUp();
      }, gapAtMostMs);
    }
    if (staging) retryWaiting();
  }

  /** [BO7] Reads what the store has and the room has not; everyone is told. */
  function catchUp(): Promise<void> {
    isMoreToRead = true;
    catchingUp ??= readOnce();
    return catchingUp;
  }

  async function readOnce(): Promise<void> {
    isMoreToRead = false;
    try {
      await readOn();
    } catch (error) {
      if (isClosed) return;
      house.log.warn({ err: error, storyId }, "the text's log was not read on");
      readAgain ??= setTimeout(() => {
        readAgain = undefined;
        void catchUp();
      }, readAgainMs);
    }
    catchingUp = undefined;
    if (isMoreToRead && !readAgain) void catchUp();
  }

  async function readOn(): Promise<void> {
    const parts = await partsAfter(house.db, storyId, committed.logSeq());
    const news = parts.filter(({ seq }) => seq > committed.logSeq());
    if (news.length === 0 || isClosed) return;
    for (const { seq, bytes } of news) {
      // The snapshot in front stands for all that was merged into it.
      const firstSeq = Math.min(seq, committed.logSeq() + 1);
      if (staging) Y.applyUpdate(staging, bytes);
      takeIn({ firstSeq, logSeq: seq, update: bytes });
    }
    teller.tell(mergedUpdate(news.map(({ bytes }) => bytes)), committed.logSeq(), null);
    if (staging) retryWaiting();
    // Whoever stored it may have ended before it told: the claims are healed.
    house.bus.emit({ type: "text-stored", storyId, logSeq: committed.logSeq() });
  }

  // --- the server's own edits ---

  async function makeEdit(given: Edit): Promise<void> {
    isHolding = true;
    const doc = document();
    const fresh = docFrom(Y.encodeStateAsUpdate(doc));
    const before = Y.encodeStateVector(fresh);
    let update: Uint8Array | undefined;
    fresh.on("update", (bytes: Uint8Array) => {
      update = update ? Y.mergeUpdates([update, bytes]) : bytes;
    });
    try {
      given.change(fresh);
    } catch (error) {
      // Nothing was staged: whoever asked hears of it, the text is written on.
      given.failed(error);
      release();
      return pump();
    }
    const tidied = update && applyTidily(doc, update);
    if (update && tidied) update = Y.mergeUpdates([update, tidied]);
    const { clientID } = fresh;
    fresh.destroy();
    const staged: Staged[] = update
      ? [
          {
            ...ofServer,
            update,
            personId: given.person?.id ?? null,
            clients: Y.decodeStateVector(before).has(clientID) ? [] : [clientID],
            atMs: nowMs(),
            changes: given.person !== null,
            from: new Map([[clientID, 0]]),
            deletions: scanUpdate(update)?.deletions ?? new Map<number, never[]>(),
          },
        ]
      : [];
    inFlight = staged;
    try {
      const answer = await store(staged, given.inCommit ?? (() => Promise.resolve()));
      if (!answer || "stored" in answer) {
        if (update) clients.set(clientID, given.person?.id ?? null);
        given.done({ logSeq: committed.logSeq() });
      } else {
        inFlight = undefined;
        stageAnew();
        given.done({ refused: "gone" in answer ? "no-such-story" : "may-not-write-text" });
      }
    } catch (error) {
      inFlight = undefined;
      stageAnew();
      given.failed(error);
      // It may have been stored all the same, and only the answer lost.
      void catchUp();
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
      await compactLog(house.db, storyId, house.now());
      updatesInLog = await countUpdates(house.db, storyId);
    } catch (error) {
      // The log is whole without it; the next one merges more.
      house.log.warn({ err: error, storyId }, "log not compacted");
    } finally {
      isCompacting = false;
    }
  }

  const attendance = openWhoIsHere((here) => house.bus.emit({ type: "presence", storyId, here }));

  const room: Room = {
    storyId,
    connections,
    enter: (connection) => {
      connections.add(connection);
      attendance.enter(connection.person);
      if (staging) askFor(connection);
      else {
        unasked.add(connection);
        buildSoon(buildWithinMs);
      }
      presence.tellAll(connection);
    },
    leave: (connection) => {
      if (!connections.delete(connection)) return;
      connection.waiting = [];
      haveWaiting.delete(connection);
      unasked.delete(connection);
      heldBack.delete(connection);
      presence.leave(connection);
      attendance.leave(connection.person.id);
    },
    answerStep1: (connection, stateVector) => {
      const ahead = tail();
      try {
        if (stateVector.byteLength <= 1) {
          const whole = () =>
            staging && ahead.length === 0 ? committed.encodeFrom(staging) : committed.encode();
          wholeFrame ??= framed(step2Frame(whole()));
          connection.sendFramed(wholeFrame);
        } else {
          const state =
            staging && ahead.length === 0
              ? Y.encodeStateAsUpdate(staging, stateVector)
              : Y.diffUpdate(committed.encode(), stateVector);
          connection.send(step2Frame(state));
        }
      } catch {
        // Bytes from outside that are no state vector.
        return refuse(connection, "undecodable");
      }
      // What waits to be told is in what it was sent.
      connection.isSynced = true;
      connection.toldUpTo(committed.logSeq());
      buildSoon(0);
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
    logSeq: () => committed.logSeq(),
    byteLength: () => committed.byteLength(),
    here: attendance.here,
    isIdle: () => connections.size === 0 && isStill(),
    quiet: () => (isStill() ? Promise.resolve() : new Promise((resolve) => whenQuiet.push(resolve))),
    hearStored,
    catchUp,
    hearPresence: presence.hearRemote,
    forgetProcess: presence.forgetProcess,
    tellPresenceOn: () => {
      const entries = presence.own();
      if (entries.length > 0) exchange.tell({ kind: "presence", storyId, entries });
    },
    committedContent: () =>
      isStill() ? { content: readContent(document()), logSeq: committed.logSeq() } : undefined,
    noteWords: (words) => {
      wordsKnown = words;
    },
    lookAfter: (connection, atMs) => {
      connection.keepAlive(atMs);
      const [oldest] = connection.waiting;
      const sinceMs = Math.max(oldest?.sinceMs ?? atMs, connection.step2AtMs ?? 0);
      if (oldest && atMs - sinceMs > waitAtMostMs) {
        connection.close(closeCodes.waitedTooMuch, "too much waiting");
      }
    },
    compact,
    close: () => {
      isClosed = true;
      clearTimeout(building);
      clearTimeout(pacing);
      clearTimeout(gapTimer);
      clearTimeout(readAgain);
      presence.close();
      attendance.close();
      teller.close();
      staging?.destroy();
    },
  };

  /** [BO5] The first presence entry of a connection says its client id, unless that is somebody else's. */
  function claimPresence(connection: Connection, { clientId, state }: PresenceEntry): boolean {
    if (connection.clientIds.size > 0 || state === null) return false;
    const owner = clients.get(clientId);
    if (clients.has(clientId) && owner !== connection.person.id) return false;
    const isNew = !clients.has(clientId);
    claim(connection, clientId);
    if (isNew) void bindBeside(clientId, connection.person.id);
    return true;
  }

  /** [BO5] Also in the store, for other processes. */
  async function bindBeside(clientId: number, personId: string): Promise<void> {
    if (await calls.bind({ storyId, clientId, personId })) bound.add(clientId);
  }

  if (!exchange.isAlone) exchange.tell({ kind: "who-is-here", storyId });
  return room;
}

function stagedBy(
  { connection, bytes, numbers }: Received,
  { clients, removed, nestsBadly, changes }: Taken,
  brings: Pick<Staged, "from" | "deletions" | "hangsOnOthers">,
): Omit<Staged, "personId" | "atMs"> {
  return {
    update: bytes,
    isEcho: false,
    connection,
    numbers,
    clients: [...clients],
    removedWords: removedWordCount(removed),
    nestsBadly,
    changes,
    ...brings,
  };
}

function echoOf({ connection, bytes, numbers }: Received): Omit<Staged, "personId" | "atMs"> {
  const nothing = { clients: [], removedWords: 0, nestsBadly: false, changes: false, hangsOnOthers: false };
  return {
    update: bytes,
    isEcho: true,
    connection,
    numbers,
    from: new Map(),
    deletions: new Map(),
    ...nothing,
  };
}

function writersOf(changes: readonly Staged[]): ReadonlyMap<string, Person> {
  const people = changes.flatMap(({ connection }) => (connection ? [connection.person] : []));
  return new Map(people.map((person) => [person.id, person]));
}

function docFrom(update: Uint8Array): Y.Doc {
  const doc = newFaithfulDoc();
  for (const field of fields) doc.getXmlFragment(field);
  Y.applyUpdate(doc, update);
  return doc;
}
