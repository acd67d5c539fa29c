/**
 * A message as it stands on the wire, from server to client: the same bytes for all who hear it. Bytes are a binary
 * message, words a text message.
 */
export function framed(message: Uint8Array | string): Buffer {
  const payload = typeof message === "string" ? Buffer.from(message) : message;
  const { byteLength } = payload;
  const head = byteLength < 126 ? 2 : byteLength < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + byteLength);
  // The last part of a message, which is the first, too.
  frame[0] = typeof message === "string" ? 0x81 : 0x82;
  if (head === 2) frame[1] = byteLength;
  else if (head === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(byteLength, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(byteLength), 2);
  }
  frame.set(payload, head);
  return frame;
}
