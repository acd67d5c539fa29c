/**
 * `/events`: what happened, pushed to the open pages as JSON, each about stories its person may see only; with
 * `?story=ID` about that story alone, and what is of none. The page sends nothing; after a (re)connect, and after
 * `missed`, it fetches anew (RE3).
 */
import { setTimeout as rest } from "node:timers/promises";
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { maySee, type StoryFacts } from "@/domain/people/rights";
import type { Person } from "@/domain/people/person";
import { isToldTo, type LiveEvent, type Named } from "@/domain/stories/story";
import type { House } from "../house";
import type { SignedIn } from "../http/env";
import { framed } from "../http/framed";
import { watchEnd } from "../http/socket-end";
import { noSuchStory, refuseUpgrade } from "../http/refuse-upgrade";
import { openSocketServer, type Upgrade } from "../http/socket-server";
import type { NewsroomEvent } from "./bus";

export type LiveChannel = {
  /** How many pages are open. */
  readonly count: () => number;
  /** Takes over a connection whose origin and session were asked already. */
  readonly upgrade: (upgrade: Upgrade, signedIn: SignedIn) => void;
  /** Closes every connection with 1012. */
  readonly close: () => void;
};

type Asks = {
  readonly storyFacts: (storyId: string) => Promise<StoryFacts | null>;
  readonly personById: (id: string) => Promise<(Person & { readonly active: boolean }) | null>;
  /** Who has the story open, in whichever process. */
  readonly here: (storyId: string) => readonly Named[];
};

type Connection = {
  readonly socket: WebSocket;
  /** What the socket speaks over. */
  readonly raw: Duplex;
  readonly close: (code: number, reason: string) => void;
  readonly sessionId: string;
  /** It hears of this story alone; undefined: of all. */
  readonly storyId: string | undefined;
  person: Person;
  /** It was too slow for something; it will be told so once it has taken what waits for it. */
  hasMissed: boolean;
  answersPings: boolean;
};

/** [PE4] */
const sessionOver = 4401;
const maxWaitingBytes = 256 * 1024;
type AboutSessions = Extract<NewsroomEvent, { type: "session-ended" | "sessions-ended" }>;
type AboutRights = Extract<NewsroomEvent, { type: "rights-changed" }>;
/** `before`: what was known of the story's visibility when its rights changed. */
type Urgent = { readonly event: AboutSessions | AboutRights; readonly before?: StoryFacts | undefined };

type Said = { readonly event: LiveEvent; readonly frame: Buffer };

const maxWaitingNews = 1000;
/** What is told together is not much longer. */
const enoughBytes = 32 * 1024;
/** So many may be told in one turn, and for so long; the others after a rest of several times that. */
const mostAtOnce = 100;
const longestTurnMs = 2;
const leastRestMs = 2;
const restTimes = 3;
/** What happens to many all the time is told to them a few times a second … */
const msForEachPage = 0.125;
const longestRestMs = 250;
/** … and who is where, and which text was written on, more seldom still: where many come and write, it never ends. */
const roundsForSlow = 4;
const maxKnownStories = 2000;
const pingEveryMs = 25_000;
const askAgainMs = 1_000;
const framedEvent = (event: LiveEvent) => framed(JSON.stringify(event));
const missed = framedEvent({ type: "missed" });

export function openLiveChannel(house: House, asks: Asks): LiveChannel {
  const server = openSocketServer(house, { maxFrameBytes: 1024 });
  const connections = new Set<Connection>();
  /** The same by the story that they hear of. */
  const byStory = new Map<string | undefined, Set<Connection>>();
  /** What was last known of a story's visibility; forgotten when its rights change. */
  const knownStories = new Map<string, StoryFacts>();
  let changesOfRights = 0;
  /** Told first, each of them. */
  const urgent: Urgent[] = [];
  /** What waits meanwhile is told once, whatever came of it since: two thousand people come in at the same moment. */
  const news = new Map<string, LiveEvent>();
  const slowNews = new Map<string, LiveEvent>();
  let slowToldMs = -Infinity;
  let isTelling = false;

  function send(connection: Connection, frame: Buffer): void {
    const { socket, raw } = connection;
    if (socket.readyState !== socket.OPEN) return;
    if (raw.writableLength > maxWaitingBytes) connection.hasMissed = true;
    else raw.write(frame);
  }

  const areMany = () => connections.size > mostAtOnce;

  function hasTakenAll(connection: Connection): void {
    if (!connection.hasMissed) return;
    connection.hasMissed = false;
    send(connection, missed);
  }

  async function factsOf(storyId: string): Promise<StoryFacts | null> {
    const known = knownStories.get(storyId);
    if (known) return known;
    const before = changesOfRights;
    const facts = await asks.storyFacts(storyId);
    // What was asked before rights changed may be from before, too: it is not kept.
    if (facts && changesOfRights === before) {
      if (knownStories.size >= maxKnownStories) knownStories.clear();
      knownStories.set(storyId, facts);
    }
    return facts;
  }

  async function tellUrgent({ event, before }: Urgent): Promise<void> {
    switch (event.type) {
      case "session-ended":
        for (const one of connections) if (one.sessionId === event.sessionId) end(one);
        return;
      case "sessions-ended":
        for (const one of connections) {
          if (one.person.id === event.personId && one.sessionId !== event.exceptSessionId) end(one);
        }
        return;
      case "rights-changed":
        return rightsChanged(event, before);
    }
  }

  /** What each wants of it in one packet, to a few at a time; rights that change meanwhile count for the others. */
  async function tellNews(taken: readonly Said[]): Promise<void> {
    let told = 0;
    let turnSinceMs = performance.now();
    for (const [storyId, listening] of byStory) {
      const wanted = taken.filter(({ event }) => isWanted(event, storyId));
      if (wanted.length === 0) continue;
      const events = wanted.map(({ event }) => event);
      let facts = await factsOfAll(events);
      const packets = new Map<string, Buffer>();
      for (const one of listening) {
        const seesAll = facts.every((story) => sees(one, story));
        const seen = seesAll ? wanted : wanted.filter((_, place) => sees(one, facts[place]));
        if (seen.length === 0) continue;
        const key = seesAll ? "all" : seen.map(({ event }) => keyOf(event)).join("\n");
        const packet = packets.get(key) ?? Buffer.concat(seen.map(({ frame }) => frame));
        packets.set(key, packet);
        send(one, packet);
        told += 1;
        const turnMs = performance.now() - turnSinceMs;
        if (told % mostAtOnce !== 0 && turnMs < longestTurnMs) continue;
        await rest(Math.max(leastRestMs, restTimes * turnMs));
        facts = await factsOfAll(events);
        turnSinceMs = performance.now();
      }
    }
  }

  /** Of the story of each, as they are now; undefined where it is of none, null where there is none any more. */
  async function factsOfAll(
    events: readonly LiveEvent[],
  ): Promise<readonly (StoryFacts | null | undefined)[]> {
    for (;;) {
      await tellAllUrgent();
      const before = changesOfRights;
      const facts = await Promise.all(
        events.map(async (event) => ("storyId" in event ? factsOf(event.storyId) : undefined)),
      );
      if (changesOfRights === before) return facts;
    }
  }

  const sees = ({ person }: Connection, story: StoryFacts | null | undefined) =>
    story === undefined || (story !== null && maySee(person, story));

  /** Whoever sees a story from now on is told of it; whoever does not any more, only that they missed something. */
  async function rightsChanged(
    { personId, storyId }: AboutRights,
    before: StoryFacts | undefined,
  ): Promise<void> {
    if (personId === undefined && storyId === undefined) return askEverybodyAgain();
    if (personId !== undefined) {
      const person = await asks.personById(personId);
      for (const one of connections) {
        if (one.person.id !== personId) continue;
        if (!person?.active) {
          end(one);
          continue;
        }
        one.person = person;
        send(one, missed);
      }
    }
    if (storyId !== undefined) {
      knownStories.delete(storyId);
      const after = await factsOf(storyId);
      const event: LiveEvent = { type: "story", storyId };
      const changed = framedEvent(event);
      for (const one of connections) {
        if (!isWanted(event, one.storyId)) continue;
        const seesNow = sees(one, after);
        if (before && sees(one, before) === seesNow) continue;
        send(one, seesNow ? changed : missed);
      }
    }
  }

  /** Whatever of it changed: who comes to know of it is told that they missed something. */
  async function askEverybodyAgain(): Promise<void> {
    knownStories.clear();
    for (const id of new Set([...connections].map(({ person }) => person.id))) {
      const person = await asks.personById(id);
      for (const one of connections) {
        if (one.person.id !== id) continue;
        if (person?.active) one.person = person;
        else end(one);
      }
    }
    for (const one of connections) send(one, missed);
  }

  const end = ({ close }: Connection) => close(sessionOver, "session over");

  async function tellAllUrgent(): Promise<void> {
    for (let next = urgent.shift(); next; next = urgent.shift()) {
      try {
        await tellUrgent(next);
      } catch (error) {
        failed(error);
        later(next);
      }
    }
  }

  function takeSlowNews(): void {
    if (slowNews.size > 0) slowToldMs = performance.now();
    for (const [key, event] of slowNews) keepIn(news, key, event);
    slowNews.clear();
  }

  /** The longest waiting, in the words of now. */
  function takeNews(): Said[] {
    const taken: Said[] = [];
    let bytes = 0;
    for (const [key, event] of news) {
      if (bytes >= enoughBytes) break;
      news.delete(key);
      const said = event.type === "presence" ? { ...event, here: [...asks.here(event.storyId)] } : event;
      const frame = framedEvent(said);
      bytes += frame.byteLength;
      taken.push({ event, frame });
    }
    return taken;
  }

  async function tellAll(): Promise<void> {
    if (isTelling) return;
    isTelling = true;
    for (;;) {
      await tellAllUrgent();
      const roundMs = areMany() ? Math.min(longestRestMs, connections.size * msForEachPage) : 0;
      if (performance.now() - slowToldMs >= roundsForSlow * roundMs) takeSlowNews();
      const taken = takeNews();
      if (taken.length === 0 && slowNews.size === 0) break;
      if (taken.length > 0) await tellNews(taken).catch(failed);
      if (roundMs > 0) await rest(roundMs);
    }
    isTelling = false;
  }

  function failed(error: unknown): void {
    house.log.warn({ err: error }, "live event not told");
    for (const one of connections) send(one, missed);
  }

  /** What somebody may hear is asked until the store answers. */
  function later(again: Urgent): void {
    setTimeout(() => {
      urgent.push(again);
      void tellAll();
    }, askAgainMs).unref();
  }

  const off = house.bus.on((event, { isOfText }) => {
    if (event.type === "rights-changed") changesOfRights += 1;
    const storyId = event.type === "rights-changed" ? event.storyId : undefined;
    const before = storyId === undefined ? undefined : knownStories.get(storyId);
    if (connections.size === 0) {
      if (storyId !== undefined) knownStories.delete(storyId);
      else if (event.type === "rights-changed") knownStories.clear();
      return;
    }
    switch (event.type) {
      case "text-stored":
        return;
      case "session-ended":
      case "sessions-ended":
      case "rights-changed":
        urgent.push({ event, before });
        break;
      case "story":
      case "presence":
      case "claims":
      case "versions":
      case "emptied":
      case "people":
      case "missed":
        keepForTelling(event, areMany() && (event.type === "presence" || isOfText));
    }
    void tellAll();
  });

  function keepForTelling(event: LiveEvent, isSlow: boolean): void {
    if (news.size + slowNews.size >= maxWaitingNews) {
      news.clear();
      slowNews.clear();
      news.set("missed", { type: "missed" });
    }
    keepIn(isSlow ? slowNews : news, keyOf(event), event);
  }

  function keepIn(kept: Map<string, LiveEvent>, key: string, event: LiveEvent): void {
    const waiting = kept.get(key);
    kept.set(key, waiting ? both(waiting, event) : event);
  }

  /** Each in its own time: pings to all at once would be one long turn. */
  function askWhetherItIsThere(one: Connection): void {
    if (one.answersPings) {
      one.answersPings = false;
      return one.socket.ping();
    }
    house.metrics.dropped("events", "no-answer");
    one.socket.terminate();
  }

  function accept(
    socket: WebSocket,
    { socket: raw, requestId, storyId }: Upgrade,
    { person, sessionId }: SignedIn,
  ): void {
    const about = { requestId, storyId, personId: person.id };
    const openedMs = house.now().getTime();
    const close = watchEnd(socket, (code, reason) => {
      house.metrics.ended("events", code);
      const openMs = house.now().getTime() - openedMs;
      house.log.info({ ...about, code, reason, openMs }, "live channel ended");
    });
    const connection: Connection = {
      socket,
      raw,
      close,
      sessionId,
      storyId,
      person,
      hasMissed: false,
      answersPings: true,
    };
    connections.add(connection);
    const listening = byStory.get(storyId) ?? new Set();
    byStory.set(storyId, listening.add(connection));
    raw.on("drain", () => hasTakenAll(connection));
    socket.on("pong", () => (connection.answersPings = true));
    socket.on("message", () => close(1003, "this channel takes no messages"));
    const ping = setInterval(() => askWhetherItIsThere(connection), pingEveryMs);
    ping.unref();
    socket.on("close", () => {
      clearInterval(ping);
      connections.delete(connection);
      listening.delete(connection);
      if (listening.size === 0) byStory.delete(storyId);
    });
    socket.on("error", (error) => house.log.info({ err: error, ...about }, "live channel cut"));
  }

  return {
    count: () => connections.size,
    upgrade: (at, signedIn) => {
      const { searchParams } = new URL(at.request.url ?? "/", "http://newsroom");
      if (at.storyId === undefined && searchParams.has("story")) return refuseUpgrade(house, at, noSuchStory);
      server.take(at, (opened) => accept(opened, at, signedIn));
    },
    close: () => {
      off();
      for (const one of connections) one.close(1012, "restarting");
      server.close();
    },
  };
}

const isWanted = (event: LiveEvent, storyId: string | undefined) =>
  storyId === undefined || isToldTo(event, storyId);

/** Of events with the same key the later one says what the earlier ones said. */
function keyOf(event: LiveEvent): string {
  switch (event.type) {
    case "story":
    case "presence":
    case "claims":
    case "versions":
      return `${event.type} ${event.storyId}`;
    case "emptied":
      return `${event.type} ${event.storyId} ${String(event.version)}`;
    case "people":
    case "missed":
      return event.type;
  }
}

function both(earlier: LiveEvent, later: LiveEvent): LiveEvent {
  if (earlier.type !== "claims" || later.type !== "claims") return later;
  const { claimIds: some } = earlier;
  const { claimIds: more } = later;
  const { type, storyId } = later;
  return some && more ? { type, storyId, claimIds: [...new Set([...some, ...more])] } : { type, storyId };
}
