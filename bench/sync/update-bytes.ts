/**
 * Yjs updates byte by byte: one keystroke written without a document, and how far an update reaches read without one.
 * Five hundred real documents would make the clients the bottleneck of every measurement.
 */
import * as encoding from "lib0/encoding";
import * as Y from "yjs";

export type ItemId = { readonly client: number; readonly clock: number };

/** Text typed right after `origin`, as the last of its paragraph. */
export function keystroke({ client, clock }: ItemId, origin: ItemId, text: string): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, 1);
  encoding.writeVarUint(encoder, client);
  encoding.writeVarUint(encoder, clock);
  encoding.writeUint8(encoder, hasOrigin | stringContent);
  encoding.writeVarUint(encoder, origin.client);
  encoding.writeVarUint(encoder, origin.clock);
  encoding.writeVarString(encoder, text);
  encoding.writeVarUint(encoder, 0);
  return encoding.toUint8Array(encoder);
}

const hasOrigin = 0x80;
const hasRightOrigin = 0x40;
const gc = 0;
const deletedContent = 1;
const stringContent = 4;
const skip = 10;

/** Tells for each client the clock that follows the update's last struct of it. */
export function readEnds(update: Uint8Array, tell: (client: number, end: number) => void): void {
  if (readTypedEnds(update, tell)) return;
  for (const [client, end] of Y.parseUpdateMeta(update).to) tell(client, end);
}

/** The same for what typing makes; false (and nothing told of the rest) for any other content. */
function readTypedEnds(update: Uint8Array, tell: (client: number, end: number) => void): boolean {
  let at = 0;
  const uint = (): number => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = update[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  };
  const skipId = (): void => {
    uint();
    uint();
  };
  const stringLength = (): number => {
    const bytes = uint();
    let length = 0;
    for (const end = at + bytes; at < end; at += 1) {
      const byte = update[at] ?? 0;
      if ((byte & 0xc0) !== 0x80) length += byte >= 0xf0 ? 2 : 1;
    }
    return length;
  };
  const clients = uint();
  for (let n = 0; n < clients; n += 1) {
    const structs = uint();
    const client = uint();
    let clock = uint();
    for (let struct = 0; struct < structs; struct += 1) {
      const info = update[at] ?? 0;
      at += 1;
      const kind = info & 0x1f;
      if (kind === gc || kind === skip) {
        clock += uint();
        continue;
      }
      if (kind !== deletedContent && kind !== stringContent) return false;
      if ((info & (hasOrigin | hasRightOrigin)) === 0) return false;
      if (info & hasOrigin) skipId();
      if (info & hasRightOrigin) skipId();
      clock += kind === deletedContent ? uint() : stringLength();
    }
    tell(client, clock);
  }
  return true;
}

/** The letters of a paragraph, without its marks. */
export function wordsOf(block: Y.XmlElement): string {
  const text = block.get(0);
  if (!(text instanceof Y.XmlText)) return "";
  return (text.toDelta() as { readonly insert: unknown }[]).map(({ insert }) => String(insert)).join("");
}

/** Where one types on: the last letter of each paragraph of the body that has words. */
export function paragraphEnds(doc: Y.Doc): ItemId[] {
  return doc
    .getXmlFragment("body")
    .toArray()
    .flatMap((block) => {
      const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
      if (!(text instanceof Y.XmlText)) return [];
      let item = text._start;
      while (item?.right) item = item.right;
      return item ? [item.lastId] : [];
    });
}
