/**
 * One story's text in this browser: one Y.Doc, kept in step with the server through the stock y-websocket provider.
 *
 * The provider sends a SyncStep1, and from then on each change as an Update at once; what was made while it was not
 * connected goes out as one SyncStep2 in answer to the server's SyncStep1. The server answers on message type 100
 * with two varUints: how many of this connection's sync messages it holds (BO2), and the story's log number.
 *
 * [BO4] A close code between 4400 and 4499 stops the provider for good: `halted` says why, the screen offers what is
 * unsaved and goes on with a fresh text. A frame over 16 MB is never sent.
 * [BO10] Says its schema and the store's epoch.
 * [BO11] Nothing is shown before the first sync; with unsaved changes it reconnects with `since`.
 */
import * as decoding from "lib0/decoding";
import { readAuthMessage } from "y-protocols/auth";
import type { Awareness } from "y-protocols/awareness";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";
import { maxFrameBytes, messageType, syncKind } from "@/domain/body/collab-protocol";
import { comeBackAfterMs, restarting } from "../ui/come-back";
import {
  keepLedger,
  nothingMade,
  saveState,
  unsavedCount,
  type SaveEvent,
  type SaveState,
} from "./save-state";
import { unsavedWords, type UnsavedBlock } from "./unsaved-words";

/** Why the connection ended for good. */
export type Halt =
  "session-over" | "write-returned" | "not-visible" | "other-epoch" | "moved-on" | "refused" | "too-large";

export type SocketState = {
  /** [BO11] The text has been told once: editors may be shown. */
  readonly ready: boolean;
  readonly save: SaveState;
  /** Changes that only this device holds. */
  readonly unsaved: number;
  /** The story's log number up to which this device has been told everything. */
  readonly logSeq: number | null;
  readonly halted: { readonly why: Halt; readonly reason: string } | null;
  /** The server refused to take what this connection wrote: the right to write is not, or no longer, there. */
  readonly denied: boolean;
};

export type StorySocket = {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly state: () => SocketState;
  readonly subscribe: (listener: () => void) => () => void;
  /** `flush` runs before each incoming message touches the document. Returns what takes it off again. */
  readonly beforeMessages: (flush: () => void) => () => void;
  readonly unsavedWords: () => readonly UnsavedBlock[];
  /** [BO11] The person chose to send what was offered: connects without `since`. */
  readonly sendAnyway: () => void;
  /** After signing in again. */
  readonly reconnect: () => void;
  readonly close: () => void;
};

type SocketClass = typeof WebSocket;

const haltOf = ({ code, reason }: { code: number; reason: string }): Halt => {
  if (code === 1009) return "too-large";
  if (code === 4401) return "session-over";
  if (code === 4403) return "write-returned";
  if (code === 4404) return "not-visible";
  if (code === 4409) return reason === "epoch" ? "other-epoch" : "moved-on";
  return "refused";
};

/** Tells of each sync message on its way out, and lets `maySend` hold back a frame. */
function watchedSockets(
  Base: SocketClass,
  watch: { maySend: (bytes: number) => boolean; sent: (carries: "update" | "everything") => void },
): SocketClass {
  return class extends Base {
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (!(data instanceof Uint8Array)) return super.send(data);
      if (!watch.maySend(data.byteLength)) return;
      const [type, kind] = data;
      // First the ledger, then the wire: an answer can never come before its question.
      if (type === messageType.sync && kind === syncKind.step2) watch.sent("everything");
      if (type === messageType.sync && kind === syncKind.update) watch.sent("update");
      super.send(data);
    }
  };
}

export function openStorySocket(given: {
  /** `ws:` or `wss:` address, without the path. */
  readonly origin: string;
  readonly storyId: string;
  readonly schemaVersion: number;
  readonly epoch: string;
  readonly Socket?: SocketClass;
}): StorySocket {
  const doc = new Y.Doc();
  const listeners = new Set<() => void>();
  const flushes = new Set<() => void>();
  let ledger = nothingMade;
  /** For each change made, the clock of our client id after it: what is unsaved is told by clock. */
  const clockAfter: number[] = [0];
  let ready = false;
  let logSeq: number | null = null;
  let halted: SocketState["halted"] = null;
  /** [BO11] The person was shown that the story moved on, and chose to send. Until the next connection opens. */
  let sendsKnowingly = false;
  let isClosed = false;
  /** What the connection that is being opened, or is open, was asked with. */
  let asked: Readonly<Record<string, string>> = {};

  const summary = (): SocketState => ({
    ready,
    save: saveState(ledger),
    unsaved: unsavedCount(ledger),
    logSeq,
    halted,
    denied: ledger.denied,
  });
  let current = summary();
  const tell = () => {
    current = summary();
    for (const listener of listeners) listener();
  };
  const note = (event: SaveEvent) => {
    ledger = keepLedger(ledger, event);
    tell();
  };

  // Before the provider's own listener, so that a change is counted before it is sent.
  doc.on("update", (_update: Uint8Array, origin: unknown) => {
    if (origin === provider) return;
    clockAfter.push(Y.getState(doc.store, doc.clientID));
    note({ type: "changed" });
    if (!provider.wsconnected) provider.params = params();
  });

  const params = (): Record<string, string> => ({
    saved: "1",
    schema: String(given.schemaVersion),
    epoch: given.epoch,
    ...(unsavedCount(ledger) > 0 && logSeq !== null && !sendsKnowingly ? { since: String(logSeq) } : {}),
  });

  let comingBack: ReturnType<typeof setTimeout> | undefined;
  const provider: WebsocketProvider = new WebsocketProvider(`${given.origin}/collab`, given.storyId, doc, {
    connect: false,
    disableBc: true,
    params: params(),
    WebSocketPolyfill: watchedSockets(given.Socket ?? WebSocket, {
      maySend: (bytes) => {
        if (bytes <= maxFrameBytes) return true;
        halt({ code: 1009, reason: "" });
        provider.disconnect();
        return false;
      },
      sent: (carries) => note({ type: "sent", carries }),
    }),
    // The stock rule, and 1009: the server would refuse the same frame again and again.
    shouldReconnect: ({ code }) => code !== 1009 && !(code >= 4400 && code < 4500),
  });

  const halt = (closed: { code: number; reason: string }) => {
    halted = { why: haltOf(closed), reason: closed.reason };
    tell();
  };

  for (const type of [messageType.sync, messageType.awareness]) {
    const handle = provider.messageHandlers[type];
    if (!handle) throw new Error("y-websocket has no handler for a message of its own protocol");
    provider.messageHandlers[type] = (...message) => {
      for (const flush of flushes) flush();
      handle(...message);
    };
  }
  provider.messageHandlers[messageType.auth] = (_encoder, decoder) => {
    readAuthMessage(decoder, doc, () => note({ type: "denied" }));
  };
  provider.messageHandlers[messageType.saved] = (_encoder, decoder) => {
    const count = decoding.readVarUint(decoder);
    logSeq = decoding.readVarUint(decoder);
    note({ type: "counted", count });
  };

  provider.on("status", ({ status }) => {
    if (status === "connecting") asked = provider.params;
    if (status !== "connected") return;
    if ("since" in params() && !("since" in asked)) {
      // Written while the connection was being opened: it has to be asked anew, before anything is merged.
      provider.disconnect();
      provider.connect();
      return;
    }
    sendsKnowingly = false;
    note({ type: "opened" });
  });
  provider.on("sync", (synced: boolean) => {
    if (!synced) return;
    ready = true;
    note({ type: "synced" });
  });
  provider.on("connection-close", (event) => {
    note({ type: "closed" });
    provider.params = params();
    if (event?.code !== restarting || comingBack !== undefined) return;
    // Not all at the same moment: the provider by itself would be back after a tenth of a second, as everybody else.
    setTimeout(() => {
      if (!isClosed && !halted) provider.disconnect();
    }, 0);
    comingBack = setTimeout(() => {
      comingBack = undefined;
      if (!isClosed && !halted) provider.connect();
    }, comeBackAfterMs());
  });
  provider.on("closed", halt);

  const warnBeforeLeaving = (event: BeforeUnloadEvent) => {
    if (unsavedCount(ledger) > 0) event.preventDefault();
  };
  globalThis.addEventListener?.("beforeunload", warnBeforeLeaving);

  // The browser knows at once; an open socket would stay silent for half a minute.
  const noticeOffline = () => {
    if (halted) return;
    provider.disconnect();
    provider.connect();
  };
  globalThis.addEventListener?.("offline", noticeOffline);

  const connect = () => {
    halted = null;
    tell();
    provider.params = params();
    provider.connect();
  };
  provider.connect();

  return {
    doc,
    awareness: provider.awareness,
    state: () => current,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    beforeMessages: (flush) => {
      flushes.add(flush);
      return () => flushes.delete(flush);
    },
    unsavedWords: () => unsavedWords(doc, clockAfter[ledger.saved] ?? 0),
    sendAnyway: () => {
      sendsKnowingly = true;
      connect();
    },
    reconnect: connect,
    close: () => {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(comingBack);
      globalThis.removeEventListener?.("beforeunload", warnBeforeLeaving);
      globalThis.removeEventListener?.("offline", noticeOffline);
      listeners.clear();
      provider.destroy();
      provider.awareness.destroy();
      doc.destroy();
    },
  };
}
