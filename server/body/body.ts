/**
 * `/collab/:storyId`: who may come in, the rooms that are open, and what becomes of open sockets when a session, a
 * right or a story changes.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { maxFrameBytes } from "@/domain/body/collab-protocol";
import type { StoryContent } from "@/domain/body/content";
import { schemaVersion } from "@/domain/body/schema";
import { Id, type Person } from "@/domain/people/person";
import { maySee, mayOnStory, type StoryFacts } from "@/domain/people/rights";
import type { Refusal } from "@/domain/refusal";
import type { Named } from "@/domain/stories/story";
import type { NewsroomEvent } from "../events/bus";
import type { House } from "../house";
import type { SignedIn } from "../http/env";
import { refuseUpgrade } from "../http/refuse-upgrade";
import { personById } from "../people/known-people";
import type { Tx } from "../store/db";
import { storyFacts } from "../stories/story-row";
import { converse } from "./collab-socket";
import type { BodyHooks } from "./commit-batch";
import { closeCodes, openConnection, type Connection } from "./connection";
import { openRoom, type Room } from "./room";

export type Body = {
  /** Takes over a connection to `/collab/:storyId` whose origin and session were asked already. */
  readonly upgrade: (
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    signedIn: SignedIn,
  ) => Promise<void>;
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
  /** Resolves when nothing that was sent waits to be stored. */
  readonly quiet: (storyId: string) => Promise<void>;
  /** Stores what has come, closes every socket with 1012. */
  readonly close: () => Promise<void>;
};

const maxClientIdsWithEpoch = 16;
const tickMs = 2_000;
const keepIdleMs = 30_000;
const compactIdleAt = 100;
const closeWithinMs = 3_000;

/** Somebody at the door: what happens to their session meanwhile counts. */
type Caller = { readonly signedIn: SignedIn; isOver: boolean };

export function openBody(house: House, hooks: BodyHooks): Body {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const rooms = new Map<string, Promise<Room>>();
  const openRooms = new Map<string, Room>();
  const idleSinceMs = new Map<string, number>();
  const callers = new Set<Caller>();
  /** Told by the rooms here: an edit of the text changes nobody's rights. */
  const ownEvents = new WeakSet<NewsroomEvent>();
  let isClosed = false;

  const nowMs = () => house.now().getTime();

  function roomOf(storyId: string): Promise<Room> {
    const open = rooms.get(storyId);
    if (open) return open;
    const tellStory = () => {
      const event = { type: "story", storyId } as const;
      ownEvents.add(event);
      house.bus.emit(event);
    };
    const opening = openRoom(house, hooks, { storyId, tellStory }).then((room) => {
      openRooms.set(storyId, room);
      return room;
    });
    opening.catch(() => rooms.delete(storyId));
    rooms.set(storyId, opening);
    return opening;
  }

  async function upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    signedIn: SignedIn,
  ): Promise<void> {
    const url = new URL(request.url ?? "/", "http://newsroom");
    const storyId = Id.safeParse(url.pathname.slice("/collab/".length)).data;
    const story = storyId === undefined ? null : await storyFacts(house.db, storyId);
    if (isClosed || storyId === undefined || !story || !maySee(signedIn.person, story)) {
      return refuseUpgrade(socket, {
        status: 404,
        code: "no-such-story",
        sentence: "There is no such story for you.",
      });
    }
    const caller: Caller = { signedIn, isOver: false };
    callers.add(caller);
    try {
      const room = await roomOf(storyId);
      const end = await endBeforeSync(room, story, signedIn.person, url.searchParams);
      if (socket.destroyed) return;
      server.handleUpgrade(request, socket, head, (opened) => {
        accept(opened, { room, story, caller, params: url.searchParams, end });
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
      readonly room: Room;
      readonly story: StoryFacts;
      readonly caller: Caller;
      readonly params: URLSearchParams;
      readonly end: "epoch" | "since" | undefined;
    },
  ): void {
    const { room, story, caller, params, end } = given;
    const { person, sessionId } = caller.signedIn;
    const schema = params.get("schema");
    const isOutdated = schema !== null && !(Number(schema) >= schemaVersion);
    const connection = openConnection(socket, {
      person,
      sessionId,
      mayWrite: !isOutdated && mayOnStory(person, "write-text", story) === true,
      isOutdated,
      maxClientIds: params.get("epoch") === house.epoch ? maxClientIdsWithEpoch : 1,
      wantsSaved: params.get("saved") === "1",
      nowMs,
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
    // What changed while it was let in was not told to it yet.
    askAgain(room, [connection]).catch((error: unknown) => {
      house.log.error({ err: error }, "rights not asked again");
    });
  }

  function endEarly(connection: Connection, code: number, reason: string): void {
    connection.socket.on("error", (error) => house.log.info({ err: error }, "collab socket failed"));
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

  async function heed(event: NewsroomEvent): Promise<void> {
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
        if (ownEvents.has(event)) return;
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

  const off = house.bus.on((event) => {
    heed(event).catch((error: unknown) => house.log.error({ err: error }, "rights not asked again"));
  });

  // --- rooms that nobody needs ---

  const tick = setInterval(() => {
    const atMs = nowMs();
    for (const room of openRooms.values()) {
      room.tick(atMs);
      if (!room.isIdle()) {
        idleSinceMs.delete(room.storyId);
        continue;
      }
      const sinceMs = idleSinceMs.get(room.storyId) ?? atMs;
      idleSinceMs.set(room.storyId, sinceMs);
      if (atMs - sinceMs >= keepIdleMs) forget(room);
    }
  }, tickMs);
  tick.unref();

  function forget(room: Room): void {
    openRooms.delete(room.storyId);
    rooms.delete(room.storyId);
    idleSinceMs.delete(room.storyId);
    room.close();
    void room.compact(compactIdleAt);
  }

  return {
    upgrade,
    here: (storyId) => openRooms.get(storyId)?.here() ?? [],
    replaceText: async (storyId, person, content, inCommit) => {
      if (!(await storyFacts(house.db, storyId))) return { refused: "no-such-story" };
      const room = await roomOf(storyId);
      return room.replaceText(person, content, inCommit);
    },
    quiet: async (storyId) => openRooms.get(storyId)?.quiet(),
    close: async () => {
      isClosed = true;
      off();
      clearInterval(tick);
      await within(closeWithinMs, Promise.all([...openRooms.values()].map((room) => room.quiet())));
      for (const [, connection] of everyConnection()) connection.close(closeCodes.restarting, "restarting");
      for (const room of openRooms.values()) room.close();
      openRooms.clear();
      rooms.clear();
    },
  };
}

/** Waits for it, but not for ever. */
async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
