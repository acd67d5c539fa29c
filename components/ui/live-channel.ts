/** The tab's one socket to `/events`, open while anyone listens. */
import { isToldTo, LiveEvent } from "@/domain/stories/story";
import { comeBackAfterMs, restarting } from "./come-back";

type Listener = (event: LiveEvent) => void;
type Socket = Pick<WebSocket, "close" | "addEventListener">;
/** Which stories' events somebody wants to hear, beside those of none; nothing named: of no story. */
export type About = { readonly storyId?: string; readonly everyStory?: boolean };
/** The one story that a socket is about; undefined: all of them. */
type Scope = string | undefined;
type Open = { readonly own: Socket; readonly scope: Scope; isOpen: boolean };

const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** From one page to the next nobody listens for a moment, or less is wanted: the socket stays. */
const lingerMs = 2000;
/** The parts of a page come one after the other; those that are about a story soon. */
const wholeMs = 500;
/** While somebody types, their story changes with every key: told at once, then at most this often. */
const calmMs = 300;

/**
 * [RE3] Reconnects by itself, waiting longer each time; when the server restarts, as the story's socket does. After every
 * (re)connect, and when the server says so, the listeners hear `missed`: fetch anew. An ended session (4401) is told
 * once and not tried again until someone new listens. Where all listen to one story, the server is asked for that one
 * alone; another socket takes over when something else is wanted, and nothing is missed where it is less.
 */
export function openLiveChannel(given: {
  /** To what is said of this story and of none; undefined: of all stories. */
  readonly connect: (storyId: string | undefined) => Socket;
  readonly onSessionOver: () => void;
}) {
  const listeners = new Map<Listener, About>();
  let socket: Open | null = null;
  /** Heard until a while after the one that takes over is open. */
  let outgoing: Open | null = null;
  let isSettling = false;
  let holding: ReturnType<typeof setTimeout> | null = null;
  let waiting: ReturnType<typeof setTimeout> | null = null;
  let lingering: ReturnType<typeof setTimeout> | null = null;
  let waitMs = firstWaitMs;

  /** Stories told of a moment ago; true when there was more since. */
  const calming = new Map<string, boolean>();

  function tell(event: LiveEvent): void {
    for (const [listener, { storyId, everyStory }] of listeners) {
      if (everyStory || isToldTo(event, storyId)) listener(event);
    }
  }

  function tellCalmly(event: LiveEvent & { readonly type: "story" }): void {
    if (calming.has(event.storyId)) {
      calming.set(event.storyId, true);
      return;
    }
    calming.set(event.storyId, false);
    setTimeout(() => {
      const isMore = calming.get(event.storyId);
      calming.delete(event.storyId);
      if (isMore) tellCalmly(event);
    }, calmMs);
    tell(event);
  }

  /** Whoever hears of no story is content with whatever is open. */
  function wanted(): { readonly scope: Scope } | "whatever" {
    const all = [...listeners.values()];
    const stories = new Set(all.flatMap(({ storyId }) => storyId ?? []));
    if (all.some(({ everyStory }) => everyStory) || stories.size > 1) return { scope: undefined };
    const [scope] = stories;
    return scope === undefined ? "whatever" : { scope };
  }

  function isOtherWanted(): boolean {
    const want = wanted();
    return want !== "whatever" && want.scope !== socket?.scope;
  }

  function settle() {
    isSettling = false;
    if (listeners.size === 0 || waiting) return;
    if (!socket && wanted() === "whatever") holding ??= setTimeout(connect, wholeMs);
    else if (!socket) connect();
    else if (!isOtherWanted()) return;
    else if (socket.scope === undefined) lingering ??= setTimeout(lingered, lingerMs);
    else connect();
  }

  /** All that begin to listen, or end, in the same turn are asked for together. */
  function settleSoon() {
    if (isSettling) return;
    isSettling = true;
    queueMicrotask(settle);
  }

  function connect() {
    stopWaiting();
    const want = wanted();
    const scope = want === "whatever" ? undefined : want.scope;
    if (socket?.isOpen) outgoing = socket;
    else socket?.own.close();
    const own = given.connect(scope);
    const opening: Open = { own, scope, isOpen: false };
    socket = opening;
    own.addEventListener("open", () => {
      waitMs = firstWaitMs;
      opening.isOpen = true;
      const before = outgoing;
      outgoing = null;
      const hasHeardAll = before !== null && before.scope === undefined;
      // What is on its way to it may have passed this one, at another process.
      if (before) setTimeout(() => before.own.close(), lingerMs);
      if (!hasHeardAll) tell({ type: "missed" });
    });
    own.addEventListener("message", ({ data }) => {
      const event = LiveEvent.safeParse(jsonOf(data));
      // A newer server may say what this page does not know: then it may have missed something.
      if (!event.success) tell({ type: "missed" });
      else if (event.data.type === "story") tellCalmly(event.data);
      else tell(event.data);
    });
    own.addEventListener("close", ({ code }) => {
      const isOutgoing = outgoing?.own === own;
      if (!isOutgoing && socket?.own !== own) return;
      if (code === 4401) {
        closeAll();
        return given.onSessionOver();
      }
      if (isOutgoing) {
        outgoing = null;
        return;
      }
      socket = null;
      if (listeners.size === 0) return;
      if (code === restarting) {
        waiting = setTimeout(connect, comeBackAfterMs());
        return;
      }
      waiting = setTimeout(connect, waitMs * (0.75 + Math.random() / 2));
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    });
  }

  function stopWaiting() {
    for (const timer of [waiting, holding]) if (timer) clearTimeout(timer);
    waiting = holding = null;
  }

  function lingered() {
    lingering = null;
    if (listeners.size > 0) {
      if (socket && isOtherWanted()) connect();
      return;
    }
    stopWaiting();
    closeAll();
  }

  function closeAll() {
    const last = [socket, outgoing];
    socket = outgoing = null;
    for (const one of last) one?.own.close();
  }

  return {
    /** Returns what takes the listener off again; soon after the last one the socket closes. */
    listen: (listener: Listener, about: About): (() => void) => {
      listeners.set(listener, about);
      settleSoon();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) lingering ??= setTimeout(lingered, lingerMs);
        else if (socket) settleSoon();
      };
    },
    /** The network is back or the page is looked at again: do not wait any longer. */
    hurry: () => {
      if (waiting) connect();
    },
  };
}

function jsonOf(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}
