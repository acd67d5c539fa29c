/** For tests of the socket: a server for one body, and clients that come with a cookie alone. */
import { once } from "node:events";
import { createServer } from "node:http";
import * as encoding from "lib0/encoding";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { WebsocketProvider } from "y-websocket";
import { plainText, readContent, type StoryContent } from "@/domain/body/content";
import type { Field } from "@/domain/body/anchor-state";
import { personById } from "../people/known-people";
import { storyIdIn } from "../http/socket-server";
import { openBody, type Body } from "./body";
import type { BodyHooks } from "./commit-batch";
import type { TestDesk } from "./test-desk";

export type TestServer = {
  readonly body: Body;
  readonly url: string;
  readonly close: () => Promise<void>;
};

/** Listens with a body over the desk's house; the cookie `person=…` signs in. */
export async function openTestServer(
  desk: Pick<TestDesk, "house">,
  hooks: Partial<BodyHooks> = {},
  port = 0,
  mostIdle?: number,
): Promise<TestServer> {
  const body = openBody(
    desk.house,
    {
      whenContentChanges: () => Promise.resolve(),
      keepVersion: () => Promise.resolve(1),
      hasMovedOn: () => Promise.resolve(false),
      ...hooks,
    },
    { mostIdle },
  );
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    const id = /person=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
    void personById(desk.house.db, id).then(async (person) => {
      if (!person) socket.destroy();
      else {
        const storyId = storyIdIn(request.url ?? "");
        const at = { request, socket, head, requestId: desk.house.newId(), storyId };
        await body.upgrade(at, { person, sessionId: `session-of-${id}` });
      }
    });
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("not listening");
  return {
    body,
    url: `ws://127.0.0.1:${String(address.port)}/collab`,
    close: async () => {
      await body.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Who comes: somebody by id (openTestServer), or by the Cookie header of a session. */
type Comer = { readonly id: string } | { readonly cookie: string };
const cookieOf = (comer: Comer) => ("cookie" in comer ? comer.cookie : `person=${comer.id}`);

export type Client = {
  readonly doc: Y.Doc;
  readonly provider: WebsocketProvider;
  /** The count of BO2 and the log number, as last told. */
  readonly saved: { count: number; logSeq: number };
  /** Sync updates sent so far (SyncStep2 and Update). */
  readonly sent: () => number;
  readonly denied: string[];
  /** The code and reason with which the server closed it. */
  readonly closed: { code: number; reason: string }[];
  readonly text: (field?: Field) => string;
  readonly content: () => StoryContent;
  readonly type: (at: number, text: string, block?: number) => void;
  readonly remove: (at: number, length: number, block?: number) => void;
  readonly leave: () => void;
};

/** A stock provider in Node, as a program outside would use it. */
export function openClient(
  url: string,
  storyId: string,
  person: Comer,
  params: Record<string, string> = { saved: "1" },
  /** Called before each sync update is sent, with what it holds. */
  whenSent?: (kind: "step2" | "update", update: Uint8Array) => void,
): Client {
  let sent = 0;
  class WithCookie extends WebSocket {
    constructor(address: string) {
      super(address, { headers: { cookie: cookieOf(person) } });
    }
    override send(data: Uint8Array): void {
      const kind = data[0] === 0 ? data[1] : undefined;
      if (kind === 1 || kind === 2) {
        sent += 1;
        whenSent?.(kind === 1 ? "step2" : "update", updateIn(data));
      }
      super.send(data);
    }
  }
  const doc = new Y.Doc();
  const provider = new WebsocketProvider(url, storyId, doc, {
    WebSocketPolyfill: WithCookie as unknown as typeof globalThis.WebSocket,
    disableBc: true,
    maxBackoffTime: 300,
    params,
  });
  const denied: string[] = [];
  const closed: { code: number; reason: string }[] = [];
  const saved = { count: 0, logSeq: 0 };
  provider.messageHandlers[100] = (_, decoder) => {
    saved.count = readVarUint(decoder);
    saved.logSeq = readVarUint(decoder);
  };
  provider.messageHandlers[2] = (_, decoder) => {
    readVarUint(decoder);
    const bytes = decoder.arr.slice(decoder.pos + 1);
    denied.push(Buffer.from(bytes).toString());
  };
  provider.on("connection-close", (event) => {
    sent = 0;
    if (!event) return;
    closed.push({ code: event.code, reason: event.reason });
  });
  provider.on("status", ({ status }) => {
    if (status === "connecting") saved.count = 0;
  });
  const words = (block: number) => {
    const element = doc.getXmlFragment("body").get(block);
    if (!(element instanceof Y.XmlElement)) throw new Error(`There is no block ${String(block)}.`);
    const first = element.get(0);
    if (first instanceof Y.XmlText) return first;
    const fresh = new Y.XmlText();
    element.insert(0, [fresh]);
    return fresh;
  };
  return {
    doc,
    provider,
    saved,
    sent: () => sent,
    denied,
    closed,
    text: (field = "body") => plainText(readContent(doc)[field]),
    content: () => readContent(doc),
    type: (at, text, block = 0) => words(block).insert(at, text),
    remove: (at, length, block = 0) => words(block).delete(at, length),
    leave: () => {
      provider.destroy();
      doc.destroy();
    },
  };
}

/** The update of a sync frame, SyncStep2 or Update: what stands behind its kind and length. */
export function updateIn(frame: Uint8Array): Uint8Array {
  const decoder = { arr: frame, pos: 2 };
  const length = readVarUint(decoder);
  return frame.slice(decoder.pos, decoder.pos + length);
}

function readVarUint(decoder: { arr: Uint8Array; pos: number }): number {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = decoder.arr[decoder.pos] ?? 0;
    decoder.pos += 1;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return value;
    factor *= 0x80;
  }
}

export type RawClient = {
  readonly socket: WebSocket;
  readonly frames: Uint8Array[];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly send: (frame: Uint8Array) => void;
};

/** A socket that speaks byte by byte. */
export async function openRaw(
  url: string,
  storyId: string,
  person: Comer,
  params: Record<string, string> = {},
): Promise<RawClient> {
  const query = new URLSearchParams(params).toString();
  const socket = new WebSocket(`${url}/${storyId}${query ? `?${query}` : ""}`, {
    headers: { cookie: cookieOf(person) },
  });
  const frames: Uint8Array[] = [];
  socket.on("message", (data: Buffer) => frames.push(new Uint8Array(data)));
  socket.on("error", () => {
    // The test looks at how it was closed.
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await Promise.race([once(socket, "open"), closed]);
  return { socket, frames, closed, send: (frame) => socket.send(frame) };
}

/** A sync frame: 0 step 1, 1 step 2, 2 update. */
export function syncFrame(kind: 0 | 1 | 2, payload: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}

/** Waits for what somebody would see; fails with the last answer. */
export async function until<T>(
  what: () => T | Promise<T>,
  isSo: (value: T) => boolean,
  ms = 10_000,
): Promise<T> {
  const endMs = Date.now() + ms;
  for (;;) {
    const value = await what();
    if (isSo(value)) return value;
    if (Date.now() > endMs) throw new Error(`It did not come; last: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function synced(...clients: Client[]): Promise<void> {
  for (const client of clients) await until(() => client.provider.synced, Boolean);
}
