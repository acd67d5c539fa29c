/** One socket of one person on one story: what it may, what it was told, what of it is saved. */
import type { WebSocket } from "ws";
import type { Person } from "@/domain/people/person";
import type { Missing, ScannedUpdate } from "@/domain/body/scan-update";
import { deniedFrame, presenceFrame, savedFrame } from "./frames";

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
  /** The number of the next sync update it sends. */
  readonly number: () => number;
  /** [BO2] These sync updates are stored, or changed nothing. */
  readonly settle: (numbers: readonly number[]) => void;
  /** It has been told everything up to this log number. */
  readonly toldUpTo: (logSeq: number) => void;
  readonly send: (frame: Uint8Array) => void;
  /** Left out where the reader is slow already. */
  readonly sendIfFast: (frame: Uint8Array) => void;
  readonly deny: (reason: string) => void;
  readonly close: (code: number, reason: string) => void;
  readonly isOpen: () => boolean;
  /** A frame of data when none was sent for a while; gone when it does not answer pings. */
  readonly keepAlive: (nowMs: number) => void;
};

const holdBackBytes = 1024 * 1024;
const dropBytes = 16 * 1024 * 1024;
const silentMs = 9_000;
const pingEveryMs = 30_000;
const closeWithinMs = 3_000;

export function openConnection(
  socket: WebSocket,
  given: {
    readonly person: Person;
    readonly sessionId: string;
    readonly mayWrite: boolean;
    readonly isOutdated: boolean;
    readonly maxClientIds: number;
    readonly wantsSaved: boolean;
    readonly nowMs: () => number;
  },
): Connection {
  let received = 0;
  let prefix = 0;
  const settled = new Set<number>();
  let told = { count: -1, logSeq: -1 };
  let logSeq = -1;
  let saysSaved = false;
  /** [BO4] Frames of a slow reader, held back until it has taken what waits in its socket. */
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let heldSeq = -1;
  let sentAtMs = given.nowMs();
  let pingedAtMs = given.nowMs();
  let answered = true;

  const isOpen = () => socket.readyState === socket.OPEN;

  function write(frame: Uint8Array): void {
    sentAtMs = given.nowMs();
    socket.send(frame, whenWritten);
  }

  function whenWritten(): void {
    while (held.length > 0 && isOpen() && socket.bufferedAmount < holdBackBytes) {
      const [next] = held.splice(0, 1);
      if (!next) break;
      heldBytes -= next.byteLength;
      write(next);
    }
    if (held.length === 0 && heldSeq > logSeq) connection.toldUpTo(heldSeq);
  }

  function send(frame: Uint8Array): void {
    if (!isOpen()) return;
    if (held.length === 0 && socket.bufferedAmount < holdBackBytes) return write(frame);
    held.push(frame);
    heldBytes += frame.byteLength;
    if (heldBytes + socket.bufferedAmount > dropBytes) socket.terminate();
  }

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
    sessionId: given.sessionId,
    person: given.person,
    mayWrite: given.mayWrite,
    isOutdated: given.isOutdated,
    clientIds: new Set(),
    maxClientIds: given.maxClientIds,
    isSynced: false,
    step2AtMs: undefined,
    waiting: [],
    number: () => (received += 1),
    settle: (numbers) => {
      for (const number of numbers) settled.add(number);
      while (settled.delete(prefix + 1)) prefix += 1;
      saySaved();
    },
    toldUpTo: (seq) => {
      if (held.length > 0) heldSeq = seq;
      else logSeq = Math.max(logSeq, seq);
      saySaved();
    },
    send,
    sendIfFast: (frame) => {
      if (isOpen() && held.length === 0 && socket.bufferedAmount < holdBackBytes) write(frame);
    },
    deny: (reason) => send(deniedFrame(reason)),
    close: (code, reason) => {
      held = [];
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), closeWithinMs).unref();
    },
    isOpen,
    keepAlive: (nowMs) => {
      if (!isOpen()) return;
      if (nowMs - sentAtMs >= silentMs) send(presenceFrame([]));
      if (nowMs - pingedAtMs < pingEveryMs || socket.isPaused) return;
      if (!answered) return socket.terminate();
      answered = false;
      pingedAtMs = nowMs;
      socket.ping();
    },
  };
  const hears = () => (answered = true);
  socket.on("pong", hears);
  socket.on("message", hears);
  return connection;
}
