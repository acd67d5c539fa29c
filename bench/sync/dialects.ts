/**
 * What is said over the socket: y-protocols' own messages (ours, y-websocket), and Hocuspocus', which name the document
 * in every frame. Numbers as in `domain/body/collab-protocol.ts` and @hocuspocus/server 4, `MessageType`.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { messageType, syncKind } from "@/domain/body/collab-protocol";

export type Heard =
  | { readonly kind: "step1" | "step2" | "update"; readonly payload: Uint8Array }
  /** Ours: so many sync updates are saved, up to this log number. */
  | { readonly kind: "saved"; readonly count: number }
  /** Hocuspocus: one more sync update was taken. */
  | { readonly kind: "acknowledged" };

export type Dialect = {
  /** What a client says as soon as the socket is open. */
  readonly opening: (document: string) => readonly Uint8Array[];
  readonly sync: (document: string, kind: "step2" | "update", payload: Uint8Array) => Uint8Array;
  /** Undefined for what the measurements need not know: presence, authentication. */
  readonly read: (message: Uint8Array) => Heard | undefined;
};

const kinds = ["step1", "step2", "update"] as const;
const emptyStateVector = Uint8Array.of(0);

function bytes(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}

function writeSync(encoder: encoding.Encoder, kind: number, payload: Uint8Array): void {
  encoding.writeVarUint(encoder, messageType.sync);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, payload);
}

function readSync(decoder: decoding.Decoder): Heard | undefined {
  const kind = kinds[decoding.readVarUint(decoder)];
  return kind && { kind, payload: decoding.readVarUint8Array(decoder) };
}

export const yWebsocket: Dialect = {
  opening: () => [bytes((encoder) => writeSync(encoder, syncKind.step1, emptyStateVector))],
  sync: (_, kind, payload) => bytes((encoder) => writeSync(encoder, syncKind[kind], payload)),
  read: (message) => {
    const decoder = decoding.createDecoder(message);
    switch (decoding.readVarUint(decoder)) {
      case messageType.sync:
        return readSync(decoder);
      case messageType.saved:
        return { kind: "saved", count: decoding.readVarUint(decoder) };
      default:
        return undefined;
    }
  },
};

const theirs = { sync: 0, auth: 2, syncReply: 4, syncStatus: 8 } as const;
const token = 0;

export const hocuspocus: Dialect = {
  opening: (document) => [
    bytes((encoder) => {
      encoding.writeVarString(encoder, document);
      encoding.writeVarUint(encoder, theirs.auth);
      encoding.writeVarUint(encoder, token);
      encoding.writeVarString(encoder, "");
      encoding.writeVarString(encoder, "4.7.0");
    }),
    bytes((encoder) => {
      encoding.writeVarString(encoder, document);
      writeSync(encoder, syncKind.step1, emptyStateVector);
    }),
  ],
  sync: (document, kind, payload) =>
    bytes((encoder) => {
      encoding.writeVarString(encoder, document);
      writeSync(encoder, syncKind[kind], payload);
    }),
  read: (message) => {
    const decoder = decoding.createDecoder(message);
    decoding.readVarUint8Array(decoder);
    switch (decoding.readVarUint(decoder)) {
      case theirs.sync:
      case theirs.syncReply:
        return readSync(decoder);
      case theirs.syncStatus:
        return decoding.readVarUint(decoder) === 1 ? { kind: "acknowledged" } : undefined;
      default:
        return undefined;
    }
  },
};
