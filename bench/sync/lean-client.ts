/**
 * A client that costs little: a plain TCP socket that speaks WebSocket and the sync protocol byte by byte and keeps no
 * document.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import type { Dialect, Heard } from "./dialects";

export type LeanClient = {
  /** Sends an update; gives its number among the sync updates of this connection, from 1. */
  readonly send: (update: Uint8Array) => number;
  /** Hears every later sync update; before the first sync nothing is told. */
  hear: ((update: Uint8Array) => void) | undefined;
  /** Told when the server says that so many of this connection's sync updates are saved (or, Hocuspocus, taken). */
  acknowledged: ((count: number) => void) | undefined;
  /** The state that the server sent first; empty for a server that keeps none. */
  readonly state: Uint8Array;
  /** From before the connection until that state was here whole. */
  readonly syncedAfterMs: number;
  /** The close code, once closed; 1006 when cut. */
  readonly closed: Promise<number>;
  readonly leave: () => void;
};

type Place = {
  readonly port: number;
  readonly path: string;
  readonly cookie: string | undefined;
  readonly document: string;
  readonly dialect: Dialect;
  /** Does the server answer with a state? */
  readonly syncs: boolean;
  /** What it says once it is open, besides asking for the text. */
  readonly says?: Uint8Array;
};

const emptyUpdate = Uint8Array.of(0, 0);
const opcode = { binary: 2, close: 8, ping: 9, pong: 10 } as const;
const syncWithinMs = 60_000;

export function openLeanClient(place: Place): Promise<LeanClient> {
  const { dialect, document } = place;
  const startedMs = performance.now();
  const socket = connect(place.port, "127.0.0.1");
  socket.setNoDelay(true);
  return new Promise((resolve, reject) => {
    let sent = 0;
    let counted = 0;
    let isSynced = false;
    let closeCode = 1006;
    let whenClosed: (code: number) => void = () => undefined;
    const late = setTimeout(() => fail("did not sync in time"), syncWithinMs);
    const client = {
      send: (update: Uint8Array) => {
        socket.write(clientFrame(opcode.binary, dialect.sync(document, "update", update)));
        return (sent += 1);
      },
      hear: undefined as LeanClient["hear"],
      acknowledged: undefined as LeanClient["acknowledged"],
      state: emptyUpdate,
      syncedAfterMs: Number.NaN,
      closed: new Promise<number>((tell) => (whenClosed = tell)),
      leave: () => socket.destroy(),
    };
    function fail(why: string): void {
      clearTimeout(late);
      socket.destroy();
      reject(new Error(`${place.path} ${why}`));
    }
    function synced(state: Uint8Array): void {
      isSynced = true;
      clearTimeout(late);
      resolve(Object.assign(client, { state, syncedAfterMs: performance.now() - startedMs }));
    }
    function take(message: Heard | undefined): void {
      switch (message?.kind) {
        case "step1":
          sent += 1;
          socket.write(clientFrame(opcode.binary, dialect.sync(document, "step2", emptyUpdate)));
          return;
        case "step2":
        case "update":
          if (isSynced) client.hear?.(message.payload);
          else if (message.kind === "step2") synced(message.payload);
          return;
        case "saved":
          counted = message.count;
          return client.acknowledged?.(counted);
        case "acknowledged":
          counted += 1;
          return client.acknowledged?.(counted);
        case undefined:
      }
    }
    const key = randomBytes(16).toString("base64");
    socket.once("connect", () => {
      const headers = [
        `GET ${place.path} HTTP/1.1`,
        `Host: 127.0.0.1:${String(place.port)}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        `Sec-WebSocket-Key: ${key}`,
        ...(place.cookie === undefined ? [] : [`Cookie: ${place.cookie}`]),
      ];
      socket.write(`${headers.join("\r\n")}\r\n\r\n`);
    });
    socket.on("error", (error) => fail(error.message));
    socket.on("close", () => {
      if (!isSynced) fail(`was closed with ${String(closeCode)} before it was synced`);
      whenClosed(closeCode);
    });
    readFrames(socket, {
      refused: (line) => fail(`was refused: ${line}`),
      opened: () => {
        for (const frame of dialect.opening(document)) socket.write(clientFrame(opcode.binary, frame));
        if (place.says) socket.write(clientFrame(opcode.binary, place.says));
        if (!place.syncs) synced(emptyUpdate);
      },
      frame: (kind, payload) => {
        if (kind === opcode.binary) return take(dialect.read(payload));
        if (kind === opcode.ping) socket.write(clientFrame(opcode.pong, payload));
        if (kind === opcode.close && payload.length >= 2) closeCode = payload.readUInt16BE(0);
        if (kind === opcode.close) socket.end();
      },
    });
  });
}

/** The answer to the upgrade, then whole frames, whatever pieces they come in. */
function readFrames(
  socket: Socket,
  told: {
    readonly refused: (statusLine: string) => void;
    readonly opened: () => void;
    readonly frame: (kind: number, payload: Buffer) => void;
  },
): void {
  let isOpen = false;
  let pieces: Buffer[] = [];
  let held = 0;
  /** Less than this is no whole frame. */
  let wanted = 0;
  socket.on("data", (piece: Buffer) => {
    pieces.push(piece);
    held += piece.length;
    if (held < wanted) return;
    let all = pieces.length === 1 ? piece : Buffer.concat(pieces);
    if (!isOpen) {
      const end = all.indexOf("\r\n\r\n");
      if (end !== -1) {
        const status = all.subarray(0, all.indexOf("\r\n")).toString();
        if (!status.includes(" 101 ")) return told.refused(status);
        isOpen = true;
        all = all.subarray(end + 4);
        told.opened();
      }
    }
    if (isOpen) all = takeFrames(all);
    pieces = all.length > 0 ? [all] : [];
    held = all.length;
  });

  /** Gives what is left: the beginning of a frame. */
  function takeFrames(bytes: Buffer): Buffer {
    wanted = 0;
    let rest = bytes;
    for (;;) {
      const header = headerOf(rest);
      if (!header) return rest;
      const whole = header.length + header.payload;
      if (rest.length < whole) {
        wanted = whole;
        return rest;
      }
      told.frame(header.kind, rest.subarray(header.length, whole));
      rest = rest.subarray(whole);
    }
  }
}

/** Servers send no masked and (these here) no fragmented frames. */
function headerOf(
  bytes: Buffer,
): { readonly kind: number; readonly length: number; readonly payload: number } | undefined {
  if (bytes.length < 2) return undefined;
  const kind = (bytes[0] ?? 0) & 0x0f;
  const short = (bytes[1] ?? 0) & 0x7f;
  if (short < 126) return { kind, length: 2, payload: short };
  if (short === 126)
    return bytes.length < 4 ? undefined : { kind, length: 4, payload: bytes.readUInt16BE(2) };
  return bytes.length < 10 ? undefined : { kind, length: 10, payload: Number(bytes.readBigUInt64BE(2)) };
}

/** Masked with zeros, which leaves the bytes as they are. */
function clientFrame(kind: number, payload: Uint8Array): Buffer {
  const size = payload.length;
  const extra = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const frame = Buffer.alloc(2 + extra + 4 + size);
  frame[0] = 0x80 | kind;
  frame[1] = 0x80 | (extra === 0 ? size : extra === 2 ? 126 : 127);
  if (extra === 2) frame.writeUInt16BE(size, 2);
  if (extra === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  frame.set(payload, 2 + extra + 4);
  return frame;
}
