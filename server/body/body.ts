/**
 * `/collab/:storyId`: who may come in, the rooms that are open, and what becomes of open sockets when a session, a
 * right or a story changes.
 */
import type { WebSocket } from "ws";
import { maxFrameBytes } from "@/domain/body/collab-protocol";
import type { StoryContent } from "@/domain/body/content";
import { schemaVersion } from "@/domain/body/schema";
import type { Person } from "@/domain/people/person";
import { maySee, mayOnStory, type StoryFacts } from "@/domain/people/rights";
import type { Refusal } from "@/domain/refusal";
import type { Named } from "@/domain/stories/story";
import type { NewsroomEvent } from "../events/bus";
import { countRightsChanges } from "../events/rights-changes";
import { askTogether } from "../ask-together";
import { fewAtATime } from "../few-at-a-time";
import { oneATurn } from "../one-a-turn";
import type { House } from "../house";
import type { SignedIn } from "../http/env";
import { closingProblem, noSuchStory, refuseUpgrade } from "../http/refuse-upgrade";
import { openSocketServer, type Upgrade } from "../http/socket-server";
import { personById } from "../people/known-people";
import type { Tx } from "../store/db";
import { within } from "../within";
import { factsBy, logSeqsOf, storyFacts } from "../stories/story-row";
import { converse } from "./collab-socket";
import type { BodyHooks } from "./commit-batch";
import { closeCodes, openConnection, type Connection } from "./connection";
import { openBindBeside } from "./bind-beside";
import { openCommitter } from "./committer";
import { limits, openAllowance, type Allowance, type Limits } from "./limits";
import { openProjections } from "./projections";
import { openRecording } from "./recording";
import { openRoom, type Room } from "./room";

export type Body = {
  /** Takes over a connection to `/collab/:storyId` whose origin and session were asked already. */
  readonly upgrade: (upgrade: Upgrade, signedIn: SignedIn) => Promise<void>;
  /** Who has the story open now. */
  readonly here: (storyId: string) => readonly Named[];
  /**
   * [BO6] A forward edit after which the text is this content, under a fresh client id bound to the person. `inCommit`
   * runs under the story's lock before the edit is stored, and stands or falls with it: what throws there is thrown
   * here, and nothing is stored.
   */
  readonly replaceText: (
    storyId: string,
    person: Person,
    content: StoryContent,
    inCommit: (tx: Tx) => Promise<void>,
  ) => Promise<{ readonly logSeq: number } | Refusal<"may-not-write-text" | "no-such-story">>;
  /** Resolves when nothing that was sent waits to be stored, and what the desk shows is made from it. */
  readonly quiet: (storyId: string) => Promise<void>;
  /** How much is open, and how many bytes of committed text are held in memory. */
  readonly counts: () => { readonly rooms: number; readonly connections: number; readonly bytes: number };
  /** Stores what has come, closes every socket with 1012. */
  readonly close: () => Promise<void>;
};

const maxClientIdsWithEpoch = 16;
const roundMs = 2_000;
const sliceMs = 50;
const fewestInASlice = 20;
const keepIdleMs = 30_000;
/** More rooms that nobody has open are not kept, however lately they were left: the longest left goes first. */
const mostKeptIdle = 300;
/** Where many are opened one after the other, they are looked at before the round is over. */
const lookAfterOpened = 50;
/** Fewer are merged in no time by who opens it next. */
const compactIdleAt = 20;
const closeWithinMs = 3_000;
const askAgainMs = 1_000;
/** Where all come back at once, those who are here write on meanwhile. */
const mostEntering = 3;
/** … and telling who is here takes a tenth of the process at most. */
const presenceRestTimes = 9;
const lookWhenWholeMs = 5_000;
const lookWhenDeafMs = 500;

/** Somebody at the door: what happens to their session meanwhile counts. */
type Caller = { readonly signedIn: SignedIn; isOver: boolean; readonly changesBefore: number };

export function openBody(
  house: House,
  hooks: BodyHooks,
  {
    rates = limits,
    mostIdle = mostKeptIdle,
  }: { readonly rates?: Limits | undefined; readonly mostIdle?: number | undefined } = {},
): Body {
  const server = openSocketServer(house, { maxFrameBytes });
  const rooms = new Map<string, Promise<Room>>();
  const openRooms = new Map<string, Room>();
  /** Of these something was stored elsewhere after their log was asked for. */
  const outrun = new Set<string>();
  const idleSinceMs = new Map<string, number>();
  const callers = new Set<Caller>();
  const committer = openCommitter(house, hooks);
  const projections = openProjections(house, {
    contentOf: (storyId) => openRooms.get(storyId)?.committedContent(),
    whenMade: (storyId, words) => {
      if (words !== undefined) openRooms.get(storyId)?.noteWords(words);
      house.bus.emit({ type: "story", storyId }, { isOfText: true });
    },
  });
  const recording = openRecording(house);
  /** [BO4] Of all connections of a person. */
  const allowances = new Map<string, Allowance>();
  const refusals = openRefusals(nowMs);
  const rightsChanges = countRightsChanges(house.bus);
  const few = fewAtATime(mostEntering);
  const buildInTurn = oneATurn();
  const presenceInTurn = oneATurn(presenceRestTimes);
  const binding = openBindBeside(house);
  const factsAtTheDoor = askTogether(factsBy(house.db));
  let openedSinceLook = 0;
  let isClosed = false;

  function nowMs(): number {
    return house.now().getTime();
  }

  function roomOf(storyId: string): Promise<Room> {
    const open = rooms.get(storyId);
    if (open) return open;
    const opening = openRoom(house, storyId, {
      committer,
      whenChanged: () => projections.changed(storyId),
      whenRefused: refusals.note,
      buildInTurn,
      presenceInTurn,
      bind: binding.bind,
    }).then((room) => {
      openRooms.set(storyId, room);
      if (outrun.delete(storyId)) void room.catchUp();
      return room;
    });
    opening.catch(() => {
      rooms.delete(storyId);
      outrun.delete(storyId);
    });
    rooms.set(storyId, opening);
    openedSinceLook += 1;
    if (openedSinceLook >= lookAfterOpened) forgetIdle(nowMs());
    return opening;
  }

  async function upgrade(at: Upgrade, signedIn: SignedIn): Promise<void> {
    const { socket, storyId } = at;
    const url = new URL(at.request.url ?? "/", "http://newsroom");
    const changesBefore = rightsChanges.count();
    const story = storyId === undefined ? null : await factsAtTheDoor(storyId);
    if (isClosed) return refuseUpgrade(house, at, closingProblem);
    if (storyId === undefined || !story || !maySee(signedIn.person, story)) {
      return refuseUpgrade(house, at, noSuchStory);
    }
    const caller: Caller = { signedIn, isOver: false, changesBefore };
    callers.add(caller);
    try {
      await refusals.rest(signedIn.person.id);
      await few(async () => {
        if (socket.destroyed) return;
        const room = await roomOf(storyId);
        const end = await endBeforeSync(room, story, signedIn.person, url.searchParams);
        if (socket.destroyed) return;
        // One packet for all that is said at first.
        socket.cork();
        server.take(at, (opened) =>
          accept(opened, { at, room, story, caller, params: url.searchParams, end }),
        );
        socket.uncork();
      });
    } finally {
      callers.delete(caller);
    }
  }

  /** [BO10][BO11] Why this client must not merge what it has, before any sync message. */
  async function endBeforeSync(
    room: Room,
    story: StoryFacts,
    person: Person,
    params: URLSearchParams,
  ): Promise<"epoch" | "since" | undefined> {
    const epoch = params.get("epoch");
    if (epoch !== null && epoch !== house.epoch) return "epoch";
    const since = params.get("since");
    if (since === null) return undefined;
    const logSeq = /^\d{1,15}$/.test(since) ? Number(since) : 0;
    if (mayOnStory(person, "write-text", story) !== true || logSeq > room.logSeq()) return "since";
    return (await hooks.hasMovedOn(house.db, { storyId: room.storyId, since: logSeq })) ? "since" : undefined;
  }

  function accept(
    socket: WebSocket,
    given: {
      readonly at: Upgrade;
      readonly room: Room;
      readonly story: StoryFacts;
      readonly caller: Caller;
      readonly params: URLSearchParams;
      readonly end: "epoch" | "since" | undefined;
    },
  ): void {
    const { at, room, story, caller, params, end } = given;
    const { person, sessionId } = caller.signedIn;
    const { requestId } = at;
    const openedMs = nowMs();
    const schema = params.get("schema");
    const isOutdated = schema !== null && !(Number(schema) >= schemaVersion);
    const connection = openConnection(socket, at.socket, {
      requestId,
      person,
      sessionId,
      mayWrite: !isOutdated && mayOnStory(person, "write-text", story) === true,
      isOutdated,
      maxClientIds: params.get("epoch") === house.epoch ? maxClientIdsWithEpoch : 1,
      wantsSaved: params.get("saved") === "1",
      nowMs,
      allowance: allowanceOf(person.id),
      whenSaved: (afterMs) => house.metrics.acknowledged(afterMs / 1000),
      whenDropped: (why) => house.metrics.dropped("collab", why),
      whenEnded: (code, reason) => {
        house.metrics.ended("collab", code);
        const about = { requestId, storyId: room.storyId, personId: person.id };
        house.log.info({ ...about, code, reason, openMs: nowMs() - openedMs }, "collab socket ended");
      },
    });
    if (caller.isOver) return endEarly(connection, closeCodes.sessionOver, "session over");
    if (end) return endEarly(connection, closeCodes.movedOn, end);
    idleSinceMs.delete(room.storyId);
    if (openRooms.get(room.storyId) !== room) {
      // The room was left for good while this connection was let in.
      return endEarly(connection, closeCodes.restarting, "restarting");
    }
    if (isOutdated) connection.deny("schema");
    converse(house, room, connection);
    // What changed while it was let in was not told to it.
    if (rightsChanges.count() !== caller.changesBefore) {
      follow({ type: "rights-changed", storyId: room.storyId, personId: person.id });
    }
  }

  /** [BO4] What a connection sends counts for it and for its person. */
  function allowanceOf(personId: string): Allowance {
    const own = openAllowance(rates, "connection");
    const persons = allowances.get(personId) ?? openAllowance(rates, "person");
    allowances.set(personId, persons);
    return { take: (sent, atMs) => Math.max(own.take(sent, atMs), persons.take(sent, atMs)) };
  }

  function endEarly(connection: Connection, code: number, reason: string): void {
    const { socket, requestId } = connection;
    socket.on("error", (error) => house.log.info({ err: error, requestId }, "collab socket failed"));
    connection.close(code, reason);
  }

  // --- sessions, rights, stories that change (PE4) ---

  function* everyConnection(): Generator<readonly [Room, Connection]> {
    for (const room of openRooms.values())
      for (const connection of room.connections) yield [room, connection];
  }

  function endSessions(isOver: (of: { personId: string; sessionId: string }) => boolean): void {
    for (const caller of callers) {
      const { person, sessionId } = caller.signedIn;
      if (isOver({ personId: person.id, sessionId })) caller.isOver = true;
    }
    for (const [, connection] of everyConnection()) {
      const { person, sessionId } = connection;
      if (!isOver({ personId: person.id, sessionId })) continue;
      connection.mayWrite = false;
      connection.close(closeCodes.sessionOver, "session over");
    }
  }

  /** Asks the rights of these connections again. */
  async function askAgain(room: Room, connections: readonly Connection[]): Promise<void> {
    if (connections.length === 0) return;
    const story = await storyFacts(house.db, room.storyId);
    const people = new Map<string, Person | null>();
    for (const { person } of connections) {
      if (people.has(person.id)) continue;
      const now = await personById(house.db, person.id);
      people.set(person.id, now?.active ? now : null);
    }
    for (const connection of connections) {
      const person = people.get(connection.person.id);
      if (!person) {
        connection.mayWrite = false;
        connection.close(closeCodes.sessionOver, "session over");
        continue;
      }
      connection.person = person;
      if (!story || !maySee(person, story)) {
        connection.mayWrite = false;
        connection.close(closeCodes.notVisible, "not visible");
        continue;
      }
      const may = mayOnStory(person, "write-text", story) === true;
      if (!may) connection.mayWrite = false;
      else if (!connection.mayWrite && !connection.isOutdated) {
        connection.close(closeCodes.mayWriteAgain, "may write again");
      }
    }
  }

  async function heed(event: NewsroomEvent, isOfText: boolean): Promise<void> {
    switch (event.type) {
      case "session-ended":
        return endSessions(({ sessionId }) => sessionId === event.sessionId);
      case "sessions-ended":
        return endSessions(
          ({ personId, sessionId }) => personId === event.personId && sessionId !== event.exceptSessionId,
        );
      case "rights-changed": {
        for (const room of openRooms.values()) {
          if (event.storyId !== undefined && event.storyId !== room.storyId) continue;
          const concerned = [...room.connections].filter(
            ({ person }) => event.personId === undefined || event.personId === person.id,
          );
          await askAgain(room, concerned);
        }
        return;
      }
      case "story": {
        if (isOfText) return;
        const room = openRooms.get(event.storyId);
        return room && askAgain(room, [...room.connections]);
      }
      case "text-stored":
      case "presence":
      case "claims":
      case "versions":
      case "emptied":
      case "people":
      case "missed":
    }
  }

  /** Asks until the store answers. */
  function follow(event: NewsroomEvent, isOfText = false): void {
    heed(event, isOfText).catch((error: unknown) => {
      if (isClosed) return;
      house.log.error({ err: error }, "rights not asked again, trying again");
      setTimeout(() => follow(event, isOfText), askAgainMs).unref();
    });
  }

  const off = house.bus.on((event, { isOfText }) => follow(event, isOfText));

  // --- other processes ---

  const offs = [
    house.exchange.hear((message, from) => {
      switch (message.kind) {
        case "stored": {
          const room = openRooms.get(message.storyId);
          if (room) room.hearStored(message);
          else if (rooms.has(message.storyId)) outrun.add(message.storyId);
          return;
        }
        case "presence":
          return openRooms.get(message.storyId)?.hearPresence(from, message.entries);
        case "who-is-here":
          return openRooms.get(message.storyId)?.tellPresenceOn();
        case "hello":
          for (const room of openRooms.values()) room.tellPresenceOn();
          return;
        case "alive":
        case "all-here":
        case "event":
        case "goodbye":
        case "here":
        case "sign-in":
      }
    }),
    house.exchange.whenMissed(() => {
      for (const storyId of rooms.keys()) if (!openRooms.has(storyId)) outrun.add(storyId);
      for (const room of openRooms.values()) {
        void room.catchUp();
        room.tellPresenceOn();
        house.exchange.tell({ kind: "who-is-here", storyId: room.storyId });
      }
    }),
    house.exchange.whenGone((processId) => {
      for (const room of openRooms.values()) room.forgetProcess(processId);
    }),
  ];

  /** [BO7] What could not be heard is looked up: often while the others are not heard at all. */
  async function lookForMissed(): Promise<void> {
    const seqs = await logSeqsOf(house.db, [...openRooms.keys()]);
    for (const [storyId, logSeq] of seqs) {
      const room = openRooms.get(storyId);
      if (room && room.logSeq() < logSeq) await room.catchUp();
    }
  }

  let looking: Promise<void> | undefined;
  let lookedAtMs = nowMs();
  const look = house.exchange.isAlone
    ? undefined
    : setInterval(() => {
        const everyMs = house.exchange.isWhole() ? lookWhenWholeMs : lookWhenDeafMs;
        if (looking || openRooms.size === 0 || nowMs() - lookedAtMs < everyMs) return;
        lookedAtMs = nowMs();
        looking = lookForMissed()
          .catch((error: unknown) => house.log.warn({ err: error }, "missed texts not looked up"))
          .finally(() => (looking = undefined));
      }, lookWhenDeafMs);
  look?.unref();
  void projections.lookForStale().catch((error: unknown) => {
    if (!isClosed) house.log.warn({ err: error }, "what the desk shows of texts was not looked at");
  });

  // --- connections that need looking after, rooms that nobody needs ---

  /** Going round: a few at a time, so that two thousand pings are not one long turn. */
  let round = everyConnection();
  let roundBeganMs = performance.now();
  let perSlice = 0;
  let everyMs = roundMs / 2;
  let tick = setTimeout(goRound, everyMs).unref();

  function goRound(): void {
    tick = setTimeout(goRound, everyMs).unref();
    const atMs = nowMs();
    for (let n = 0; n < perSlice; n += 1) {
      const next = round.next();
      if (next.done) break;
      const [room, connection] = next.value;
      room.lookAfter(connection, atMs);
    }
    if (performance.now() - roundBeganMs < roundMs) return;
    roundBeganMs = performance.now();
    forgetIdle(atMs);
    round = everyConnection();
    const connections = [...openRooms.values()].reduce((sum, room) => sum + room.connections.size, 0);
    // All of them well before the round is over, also where the timer is late.
    perSlice = Math.max(fewestInASlice, Math.ceil((2 * connections * sliceMs) / roundMs));
    everyMs = Math.min(roundMs / 2, Math.max(sliceMs, (roundMs * perSlice) / (2 * connections)));
  }

  function forgetIdle(atMs: number): void {
    openedSinceLook = 0;
    for (const room of openRooms.values()) {
      if (!room.isIdle()) {
        idleSinceMs.delete(room.storyId);
        continue;
      }
      const sinceMs = idleSinceMs.get(room.storyId) ?? atMs;
      idleSinceMs.set(room.storyId, sinceMs);
      if (atMs - sinceMs >= keepIdleMs) forget(room);
    }
    for (const storyId of [...idleSinceMs.keys()].slice(0, -mostIdle)) {
      const room = openRooms.get(storyId);
      if (room) forget(room);
    }
  }

  function forget(room: Room): void {
    openRooms.delete(room.storyId);
    rooms.delete(room.storyId);
    idleSinceMs.delete(room.storyId);
    room.close();
    void room.compact(compactIdleAt).then(() => recording.left(room.storyId));
    if (openRooms.size === 0) allowances.clear();
  }

  return {
    upgrade,
    here: (storyId) => openRooms.get(storyId)?.here() ?? [],
    replaceText: async (storyId, person, content, inCommit) => {
      if (!(await storyFacts(house.db, storyId))) return { refused: "no-such-story" };
      const room = await roomOf(storyId);
      return room.replaceText(person, content, inCommit);
    },
    counts: () => {
      const rooms = [...openRooms.values()];
      return {
        rooms: rooms.length,
        connections: rooms.reduce((sum, room) => sum + room.connections.size, 0),
        bytes: rooms.reduce((sum, room) => sum + room.byteLength(), 0),
      };
    },
    quiet: async (storyId) => {
      await openRooms.get(storyId)?.quiet();
      await projections.quiet(storyId);
    },
    close: async () => {
      isClosed = true;
      off();
      rightsChanges.close();
      for (const stop of offs) stop();
      clearTimeout(tick);
      clearInterval(look);
      let isStored = false;
      const stored = Promise.all([...openRooms.values()].map((room) => room.quiet()));
      await within(
        closeWithinMs,
        stored.then(() => (isStored = true)),
      );
      if (!isStored)
        house.log.warn("closed while the store did not answer; what it lacks is with its authors");
      for (const [, connection] of everyConnection()) connection.close(closeCodes.restarting, "restarting");
      await within(closeWithinMs, projections.close());
      committer.close();
      binding.close();
      await recording.close();
      for (const room of openRooms.values()) room.close();
      openRooms.clear();
      rooms.clear();
    },
  };
}

/** [BO4] Whose updates the guard refuses again and again waits before the next connection: each makes work. */
function openRefusals(nowMs: () => number) {
  const lately = new Map<string, { count: number; atMs: number }>();
  const forgetAfterMs = 60_000;
  return {
    note: (personId: string) => {
      for (const [id, { atMs }] of lately) if (nowMs() - atMs > forgetAfterMs) lately.delete(id);
      lately.set(personId, { count: (lately.get(personId)?.count ?? 0) + 1, atMs: nowMs() });
    },
    rest: async (personId: string) => {
      const { count = 0, atMs = 0 } = lately.get(personId) ?? {};
      if (count < 3 || nowMs() - atMs > forgetAfterMs) return;
      const waitMs = Math.min(100 * 2 ** (count - 3), 10_000);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    },
  };
}
