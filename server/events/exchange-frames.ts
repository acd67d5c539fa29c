/**
 * How the messages of an exchange lie on the wire: one frame holds what a process told in one turn of its event loop.
 *
 *     who (string) · the frame's number in that process, without a gap · messages until the end, each
 *       0 stored   story id · first and last log number · the update
 *       1 other    the message as JSON
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { z } from "zod";
import { CrossingEvent } from "./bus";
import type { ExchangeMessage } from "./exchange";

export type ExchangeFrame = {
  readonly from: string;
  readonly number: number;
  readonly messages: readonly ExchangeMessage[];
};

const named = z.object({ id: z.string(), name: z.string() });
const kinds = { stored: 0, other: 1 } as const;

/** A process of another version may say what this one does not know. */
const OtherMessage = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("presence"),
    storyId: z.string(),
    entries: z.array(z.object({ clientId: z.int(), clock: z.int(), state: z.unknown() })),
  }),
  z.object({ kind: z.literal("who-is-here"), storyId: z.string() }),
  z.object({ kind: z.literal("here"), storyId: z.string(), people: z.array(named) }),
  z.object({
    kind: z.literal("all-here"),
    stories: z.array(z.object({ storyId: z.string(), people: z.array(named) })),
  }),
  z.object({
    kind: z.literal("event"),
    event: CrossingEvent,
    isOfText: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal("sign-in"),
    account: z.string(),
    client: z.string(),
    is: z.enum(["begun", "right", "undone"]),
  }),
  z.object({ kind: z.literal("hello") }),
  z.object({ kind: z.literal("alive") }),
  z.object({ kind: z.literal("goodbye") }),
]);

export function encodeMessage(message: ExchangeMessage): Uint8Array {
  return encoding.encode((encoder) => {
    if (message.kind !== "stored") {
      encoding.writeVarUint(encoder, kinds.other);
      encoding.writeVarString(encoder, JSON.stringify(message));
      return;
    }
    encoding.writeVarUint(encoder, kinds.stored);
    encoding.writeVarString(encoder, message.storyId);
    encoding.writeVarUint(encoder, message.firstSeq);
    encoding.writeVarUint(encoder, message.logSeq);
    encoding.writeVarUint8Array(encoder, message.update);
  });
}

/** Joins messages that were encoded one by one. */
export function encodeFrame(from: string, number: number, messages: readonly Uint8Array[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, from);
    encoding.writeVarUint(encoder, number);
    for (const message of messages) encoding.writeUint8Array(encoder, message);
  });
}

/** Who says it; the rest is read by `decodeFrame`. Throws where the bytes are no frame, as that does. */
export const senderOf = (bytes: Uint8Array) => decoding.readVarString(decoding.createDecoder(bytes));

/** Leaves out what another version says and this one does not know. */
export function decodeFrame(bytes: Uint8Array): ExchangeFrame {
  const decoder = decoding.createDecoder(bytes);
  const from = decoding.readVarString(decoder);
  const number = decoding.readVarUint(decoder);
  const messages: ExchangeMessage[] = [];
  while (decoding.hasContent(decoder)) {
    const kind = decoding.readVarUint(decoder);
    if (kind === kinds.stored) {
      messages.push({
        kind: "stored",
        storyId: decoding.readVarString(decoder),
        firstSeq: decoding.readVarUint(decoder),
        logSeq: decoding.readVarUint(decoder),
        update: decoding.readVarUint8Array(decoder),
      });
    } else if (kind === kinds.other) {
      const parsed = OtherMessage.safeParse(JSON.parse(decoding.readVarString(decoder)));
      if (parsed.success) messages.push(parsed.data);
    } else {
      throw new Error(`A message of kind ${String(kind)} is not known.`);
    }
  }
  return { from, number, messages };
}
