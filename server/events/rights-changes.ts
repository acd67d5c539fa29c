import type { Bus } from "./bus";

export type RightsChanges = {
  /** Of all that was told so far and may have changed somebody's right. */
  readonly count: () => number;
  readonly close: () => void;
};

/**
 * [PE4] Whoever is let in was asked for their rights a moment before they hear of changes. What was told in between,
 * they are asked about again: where nothing was, nothing is asked twice.
 */
export function countRightsChanges(bus: Bus): RightsChanges {
  let count = 0;
  const close = bus.on((event, { isOfText }) => {
    switch (event.type) {
      case "session-ended":
      case "sessions-ended":
      case "rights-changed":
      case "people":
      case "missed":
        count += 1;
        return;
      case "story":
        if (!isOfText) count += 1;
        return;
      case "text-stored":
      case "presence":
      case "claims":
      case "versions":
      case "emptied":
    }
  });
  return { count: () => count, close };
}
