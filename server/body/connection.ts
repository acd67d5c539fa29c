/** One socket of one person on one story: what it may, what it was told, what of it is saved. */
import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Person } from "@/domain/people/person";
import type { Missing, ScannedUpdate } from "@/domain/body/scan-update";
import { watchEnd } from "../http/socket-end";
import { framed } from "../http/framed";
import { deniedFrame, presenceFrame, savedFrame } from "./frames";
import type { Allowance } from "./limits";

/** Why the server closes a connection (contract, "The sockets"). */
export const closeCodes = {
  restarting: 1012,
  waitedTooMuch: 1013,
  sessionOver: 4401,
  mayWriteAgain: 4403,
  notVisible: 4404,
  movedOn: 4409,
  refused: 4422,
} as const;

/** [BO4] An update that hangs on structs the store lacks, with the numbers of the messages that brought it. */
export type WaitingUpdate = {
  readonly bytes: Uint8Array;
  readonly scan: ScannedUpdate;
  readonly numbers: readonly number[];
  readonly waitsFor: Missing;
  readonly sinceMs: number;
};

export type Connection = {
  readonly socket: WebSocket;
  /** Of the request that it came with: what is written down about it carries it. */
  readonly requestId: string;
  readonly sessionId: string;
  person: Person;
  /** [BO4] Once read-only it stays so. */
  mayWrite: boolean;
  /** [BO10] Built for an older schema: read-only whatever the right. */
  readonly isOutdated: boolean;
  /** [BO5] The client ids it uses, and how many it may. */
  readonly clientIds: Set<number>;
  readonly maxClientIds: number;
  /** Its first SyncStep1 was answered: it is told what is new. */
  isSynced: boolean;
  step2AtMs: number | undefined;
  waiting: WaitingUpdate[];
  /** [BO4] What it may send before its reading is delayed. */
  readonly allowance: Allowance;
  /** The number of the next sync update it sends. */
  readonly number: () => number;
  /** By performance.now, when the first of these sync updates came; undefined once it is settled. */
  readonly receivedAtMs: (numbers: readonly number[]) => number | undefined;
  /** [BO2] These sync updates are stored, or changed nothing. */
  readonly settle: (numbers: readonly number[]) => void;
  /** It has been told everything up to this log number. */
  readonly toldUpTo: (logSeq: number) => void;
  readonly send: (message: Uint8Array) => void;
  /** The same for a message that is framed already, for many. */
  readonly sendFramed: (frame: Buffer) => void;
  /**
   * Sends what was stored up to this log number and, where it is asked for, says the number with it (BO2). `withNumber`
   * is shared by all readers of the frame: by their counts, the frame with the number behind it.
   */
  readonly tellStored: (frame: Buffer, logSeq: number, withNumber: Map<number, Buffer>) => void;
  /** Left out where the reader is slow already. */
  readonly sendIfFast: (frame: Buffer) => void;
  /** [BO4] Too fast: reading waits until the allowance is made up for. */
  readonly slowDown: (waitMs: number) => void;
  /** [BO4] Reading waits while more than enough is to be stored; gone when that is as long as nobody may be silent. */
  readonly holdBack: (isBusy: boolean) => void;
  readonly deny: (reason: string) => void;
  readonly close: (code: number, reason: string) => void;
  readonly isOpen: () => boolean;
  /** A frame of data when none was sent for a while; gone when it does not answer pings. */
  readonly keepAlive: (nowMs: number) => void;
};

const holdBackBytes = 1024 * 1024;
const dropBytes = 16 * 1024 * 1024;
const silentMs = 9_000;
const nothingNew = framed(presenceFrame([]));
/** Half-open: silent for so long, it is asked whether it is there, and does not answer. */
const pingAfterMs = 10_000;
const answersWithinMs = 12_000;
const closeWithinMs = 3_000;

/** `raw` is the stream under the socket. */
export function openConnection(
  socket: WebSocket,
  raw: Duplex,
  given: {
    readonly requestId: string;
    readonly person: Person;
    readonly sessionId: string;
    readonly mayWrite: boolean;
    readonly isOutdated: boolean;
    readonly maxClientIds: number;
    readonly wantsSaved: boolean;
    readonly nowMs: () => number;
    readonly allowance: Allowance;
    /** An update was counted as saved, so long after it came. */
    readonly whenSaved: (afterMs: number) => void;
    /** It was cut without a word. */
    readonly whenDropped: (why: "slow-reader" | "no-answer") => void;
    readonly whenEnded: (code: number, reason: string | undefined) => void;
  },
): Connection {
  let received = 0;
  let prefix = 0;
  const settled = new Set<number>();
  const receivedAtMs = new Map<number, number>();
  let told = { count: -1, logSeq: -1 };
  let logSeq = -1;
  let saysSaved = false;
  /** [BO4] Frames of a slow reader, held back until it has taken what waits in its socket. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let heldSeq = -1;
  let sentAtMs = given.nowMs();
  let pingedAtMs = -Infinity;
  let heardAtMs = given.nowMs();
  let resting: NodeJS.Timeout | undefined;
  let restsUntilMs = -Infinity;
  let heldBackAtMs: number | undefined;

  const isOpen = () => socket.readyState === socket.OPEN;
  const end = watchEnd(socket, given.whenEnded);

  /** What was not read meanwhile is no silence of the client's. */
  function read(): void {
    const waits = resting !== undefined || heldBackAtMs !== undefined;
    if (waits === socket.isPaused || !isOpen()) return;
    if (waits) socket.pause();
    else {
      heardAtMs = given.nowMs();
      socket.resume();
    }
  }

  function write(frame: Buffer): void {
    sentAtMs = given.nowMs();
    raw.write(frame);
  }

  raw.on("drain", () => {
    while (held.length > 0 && isOpen() && raw.writableLength < holdBackBytes) {
      const frame = held.shift();
      if (!frame) break;
      heldBytes -= frame.byteLength;
      write(frame);
    }
    if (held.length === 0 && heldSeq > logSeq) connection.toldUpTo(heldSeq);
  });

  function sendFramed(frame: Buffer): void {
    if (!isOpen()) return;
    if (held.length === 0 && raw.writableLength < holdBackBytes) return write(frame);
    held.push(frame);
    heldBytes += frame.byteLength;
    if (heldBytes + raw.writableLength > dropBytes) {
      held = [];
      given.whenDropped("slow-reader");
      socket.terminate();
    }
  }

  const send = (message: Uint8Array) => sendFramed(framed(message));

  /** [BO2] At most once a turn of the event loop. */
  function saySaved(): void {
    if (!given.wantsSaved || saysSaved || logSeq < 0) return;
    saysSaved = true;
    setImmediate(() => {
      saysSaved = false;
      if (prefix === told.count && logSeq === told.logSeq) return;
      told = { count: prefix, logSeq };
      send(savedFrame(prefix, logSeq));
    });
  }

  const connection: Connection = {
    socket,
    requestId: given.requestId,
    sessionId: given.sessionId,
    person: given.person,
    mayWrite: given.mayWrite,
    isOutdated: given.isOutdated,
    clientIds: new Set(),
    maxClientIds: given.maxClientIds,
    isSynced: false,
    step2AtMs: undefined,
    waiting: [],
    allowance: given.allowance,
    number: () => {
      received += 1;
      receivedAtMs.set(received, performance.now());
      return received;
    },
    receivedAtMs: ([first]) => (first === undefined ? undefined : receivedAtMs.get(first)),
    settle: (numbers) => {
      for (const number of numbers) {
        settled.add(number);
        const atMs = receivedAtMs.get(number);
        if (atMs !== undefined && receivedAtMs.delete(number)) given.whenSaved(performance.now() - atMs);
      }
      while (settled.delete(prefix + 1)) prefix += 1;
      saySaved();
    },
    toldUpTo: (seq) => {
      if (held.length > 0) heldSeq = seq;
      else logSeq = Math.max(logSeq, seq);
      saySaved();
    },
    send,
    sendFramed,
    tellStored: (frame, seq, withNumber) => {
      if (!given.wantsSaved || held.length > 0 || saysSaved || told.count !== prefix) {
        sendFramed(frame);
        return connection.toldUpTo(seq);
      }
      logSeq = Math.max(logSeq, seq);
      told = { count: prefix, logSeq };
      const known = withNumber.get(prefix);
      const both = known ?? Buffer.concat([frame, framed(savedFrame(prefix, logSeq))]);
      if (!known) withNumber.set(prefix, both);
      sendFramed(both);
    },
    sendIfFast: (frame) => {
      if (isOpen() && held.length === 0 && raw.writableLength < holdBackBytes) write(frame);
    },
    slowDown: (waitMs) => {
      const untilMs = performance.now() + waitMs;
      if (waitMs <= 0 || untilMs <= restsUntilMs) return;
      // What had been read already goes on coming, and lengthens it.
      restsUntilMs = untilMs;
      clearTimeout(resting);
      resting = setTimeout(() => {
        resting = undefined;
        read();
      }, waitMs);
      read();
    },
    holdBack: (isBusy) => {
      heldBackAtMs = isBusy ? (heldBackAtMs ?? given.nowMs()) : undefined;
      read();
    },
    deny: (reason) => send(deniedFrame(reason)),
    close: (code, reason) => {
      held = [];
      if (socket.isPaused) socket.resume();
      end(code, reason);
      setTimeout(() => socket.terminate(), closeWithinMs).unref();
    },
    isOpen,
    keepAlive: (nowMs) => {
      if (!isOpen()) return;
      if (nowMs - sentAtMs >= silentMs) sendFramed(nothingNew);
      if (heldBackAtMs !== undefined && nowMs - heldBackAtMs > pingAfterMs + answersWithinMs) {
        // Whether it is there cannot be heard; it comes back with all that it has.
        return connection.close(closeCodes.waitedTooMuch, "too much waiting");
      }
      if (socket.isPaused) return;
      if (pingedAtMs > heardAtMs) {
        if (nowMs - pingedAtMs <= answersWithinMs) return;
        given.whenDropped("no-answer");
        socket.terminate();
        return;
      }
      if (nowMs - heardAtMs < pingAfterMs) return;
      pingedAtMs = nowMs;
      socket.ping();
    },
  };
  const hears = () => {
    heardAtMs = given.nowMs();
  };
  socket.on("pong", hears);
  socket.on("message", hears);
  socket.on("close", () => clearTimeout(resting));
  return connection;
}
