import { randomBytes } from "node:crypto";

/** A fresh id for a block of text. */
export function newBlockId(): string {
  return randomBytes(9).toString("base64url");
}
