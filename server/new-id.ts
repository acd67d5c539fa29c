import { randomFillSync } from "node:crypto";

const bytesOfAnId = 12;
const idsAtOnce = 256;
const drawn = Buffer.alloc(bytesOfAnId * idsAtOnce);
let used = drawn.byteLength;

/** Twelve random bytes as base64url. Drawn for many ids at once: each time is a call into the system. */
export function newRandomId(): string {
  if (used === drawn.byteLength) {
    randomFillSync(drawn);
    used = 0;
  }
  used += bytesOfAnId;
  return drawn.toString("base64url", used - bytesOfAnId, used);
}
