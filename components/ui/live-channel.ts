/** The tab's one socket to `/events`, open while anyone listens. */
import { LiveEvent } from "@/domain/stories/story";
import { comeBackAfterMs, restarting } from "./come-back";

type Listener = (event: LiveEvent) => void;
type Socket = Pick<WebSocket, "close" | "addEventListener">;

const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** From one page to the next nobody listens for a moment: the socket stays. */
const lingerMs = 2000;
/** While somebody types, their story changes with every key: told at once, then at most this often. */
const calmMs = 300;

/**
 * [RE3] Reconnects by itself, waiting longer each time; when the server restarts, as the story's socket does. After every (re)connect, and when the server says so, the
 * listeners hear `missed`: fetch anew. An ended session (4401) is told once and not tried again until someone new
 * listens.
 */
export function openLiveChannel(given: {
  readonly connect: () => Socket;
  readonly onSessionOver: () => void;
}) {
  const listeners = new Set<Listener>();
  let socket: Socket | null = null;
  let waiting: ReturnType<typeof setTimeout> | null = null;
  let lingering: ReturnType<typeof setTimeout> | null = null;
  let waitMs = firstWaitMs;

  /** Stories told of a moment ago; true when there was more since. */
  const calming = new Map<string, boolean>();

  function tell(event: LiveEvent): void {
    for (const listener of listeners) listener(event);
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

  function connect() {
    stopWaiting();
    const own = given.connect();
    socket = own;
    own.addEventListener("open", () => {
      waitMs = firstWaitMs;
      tell({ type: "missed" });
    });
    own.addEventListener("message", ({ data }) => {
      const event = LiveEvent.safeParse(jsonOf(data));
      // A newer server may say what this page does not know: then it may have missed something.
      if (!event.success) tell({ type: "missed" });
      else if (event.data.type === "story") tellCalmly(event.data);
      else tell(event.data);
    });
    own.addEventListener("close", ({ code }) => {
      if (socket !== own) return;
      socket = null;
      if (code === 4401) return given.onSessionOver();
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
    if (waiting) clearTimeout(waiting);
    waiting = null;
  }

  function closeUnheard() {
    lingering = null;
    if (listeners.size > 0) return;
    stopWaiting();
    const last = socket;
    socket = null;
    last?.close();
  }

  return {
    /** Returns what takes the listener off again; soon after the last one the socket closes. */
    listen: (listener: Listener): (() => void) => {
      listeners.add(listener);
      if (!socket && !waiting) connect();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) lingering ??= setTimeout(closeUnheard, lingerMs);
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
