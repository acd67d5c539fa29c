import { withoutBidiControls } from "./bidi-controls";

/** Given words as one line: no breaks, no control characters, nothing that reorders what is read. */
export function oneLine(text: string): string {
  return withoutBidiControls(text)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
