import * as Y from "yjs";

/** One update that does what these do, one after the other. */
export function mergedUpdate(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates;
  return updates.length === 1 && only ? only : Y.mergeUpdates([...updates]);
}
