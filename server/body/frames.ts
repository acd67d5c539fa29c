/**
 * The frames of `/collab/:id`, as the y-websocket protocol has them: a type, then its payload.
 *
 *     0 sync       0 step 1, a state vector · 1 step 2, an update · 2 an update
 *     1 awareness  the entries, each client id, clock, state as JSON ("null": gone)
 *     2 auth       0 permission denied, the reason
 *     3 query-awareness
 *     100 saved    [BO2] the count, the log number told; only where `?saved=1` asked
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { messageType, syncKind } from "@/domain/body/collab-protocol";

export type PresenceEntry = { readonly clientId: number; readonly clock: number; readonly state: unknown };

/** What a client may say. */
export type ClientMessage =
  | { readonly type: "step1"; readonly stateVector: Uint8Array }
  | { readonly type: "update"; readonly update: Uint8Array; readonly isStep2: boolean }
  | { readonly type: "presence"; readonly entries: readonly PresenceEntry[] }
  | { readonly type: "query-presence" };

const { sync, awareness, auth, queryAwareness, saved } = messageType;
const { step1, step2, update } = syncKind;
const maxPresenceEntries = 1000;

/** Undefined for what is no message of the protocol. */
export function readFrame(frame: Uint8Array): ClientMessage | undefined {
  try {
    const decoder = decoding.createDecoder(frame);
    switch (decoding.readVarUint(decoder)) {
      case sync:
        return readSync(decoder);
      case awareness:
        return { type: "presence", entries: readPresence(decoding.readVarUint8Array(decoder)) };
      case queryAwareness:
        return { type: "query-presence" };
      default:
        return undefined;
    }
  } catch {
    // Bytes from outside that end early or hold no JSON: no message.
    return undefined;
  }
}

function readSync(decoder: decoding.Decoder): ClientMessage | undefined {
  const kind = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  switch (kind) {
    case step1:
      return { type: "step1", stateVector: payload };
    case step2:
    case update:
      return { type: "update", update: payload, isStep2: kind === step2 };
    default:
      return undefined;
  }
}

function readPresence(bytes: Uint8Array): PresenceEntry[] {
  const decoder = decoding.createDecoder(bytes);
  const count = decoding.readVarUint(decoder);
  if (count > maxPresenceEntries) throw new RangeError("too many presence entries");
  return Array.from({ length: count }, () => ({
    clientId: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: JSON.parse(decoding.readVarString(decoder)) as unknown,
  }));
}

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

const syncFrame = (kind: number, payload: Uint8Array) =>
  frame((encoder) => {
    encoding.writeVarUint(encoder, sync);
    encoding.writeVarUint(encoder, kind);
    encoding.writeVarUint8Array(encoder, payload);
  });

export const step1Frame = (stateVector: Uint8Array) => syncFrame(step1, stateVector);
export const step2Frame = (state: Uint8Array) => syncFrame(step2, state);
export const updateFrame = (bytes: Uint8Array) => syncFrame(update, bytes);

/** As they are written: a state is told to many, and with each who comes anew. */
const written = new WeakMap<object, Uint8Array>();

function writtenState(state: unknown): Uint8Array {
  if (typeof state !== "object" || state === null) return Buffer.from(JSON.stringify(state));
  const bytes = written.get(state) ?? Buffer.from(JSON.stringify(state));
  written.set(state, bytes);
  return bytes;
}

/** Without entries it says nothing: the data frame that a silent connection hears. */
export function presenceFrame(entries: readonly PresenceEntry[]): Uint8Array {
  const list = frame((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { clientId, clock, state } of entries) {
      encoding.writeVarUint(encoder, clientId);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarUint8Array(encoder, writtenState(state));
    }
  });
  return frame((encoder) => {
    encoding.writeVarUint(encoder, awareness);
    encoding.writeVarUint8Array(encoder, list);
  });
}

export const deniedFrame = (reason: string) =>
  frame((encoder) => {
    encoding.writeVarUint(encoder, auth);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, reason);
  });

export const savedFrame = (count: number, logSeq: number) =>
  frame((encoder) => {
    encoding.writeVarUint(encoder, saved);
    encoding.writeVarUint(encoder, count);
    encoding.writeVarUint(encoder, logSeq);
  });
