import { expect, test } from "vitest";
import { keepLedger, nothingMade, saveState, saveWords, unsavedCount, type SaveEvent } from "./save-state";

const after = (...events: SaveEvent[]) => events.reduce(keepLedger, nothingMade);
const words = (...events: SaveEvent[]) => saveWords(saveState(after(...events)));

const opened = { type: "opened" } as const;
const synced = { type: "synced" } as const;
const changed = { type: "changed" } as const;
const closed = { type: "closed" } as const;
const update = { type: "sent", carries: "update" } as const;
const everything = { type: "sent", carries: "everything" } as const;
const counted = (count: number) => ({ type: "counted", count }) as const;

test("[BO2] the screen says Saved only when the server has counted all that was sent", () => {
  expect(words(opened, synced, everything)).toBe("Saving");
  expect(words(opened, synced, everything, counted(1))).toBe("Saved");
  expect(words(opened, synced, everything, counted(1), changed, update)).toBe("Saving");
  expect(words(opened, synced, everything, counted(1), changed, update, counted(2))).toBe("Saved");
});

test("[BO2] a change that was never sent is not saved by another's count", () => {
  expect(words(opened, synced, everything, counted(1), changed)).toBe("Saving");
});

test("[BO2] changes made offline are counted on screen", () => {
  expect(words(opened, synced, closed)).toBe("Offline");
  expect(words(opened, synced, closed, changed)).toBe("Offline, 1 change only on this device");
  expect(words(opened, synced, closed, changed, changed)).toBe("Offline, 2 changes only on this device");
});

test("[BO2] what was sent and not counted when the connection broke is still only here", () => {
  expect(words(opened, synced, changed, update, changed, update, counted(1), closed)).toBe(
    "Offline, 1 change only on this device",
  );
});

test("[BO2] an Update that overtakes the SyncStep2 does not stand for the changes before it", () => {
  const reconnected = [opened, synced, closed, changed, changed, opened, changed, update] as const;
  expect(unsavedCount(after(...reconnected, counted(1)))).toBe(3);
  expect(unsavedCount(after(...reconnected, synced, everything, counted(2)))).toBe(0);
  expect(words(...reconnected, synced, everything, counted(2))).toBe("Saved");
});

test("[BO2] a count that does not grow changes nothing", () => {
  const ledger = after(opened, synced, changed, update, counted(1));
  expect(keepLedger(ledger, counted(1))).toBe(ledger);
});

test("[BO4] what a connection without the right to write made stays unsaved and is said so", () => {
  expect(words(opened, synced, changed, update, { type: "denied" })).toBe(
    "Not saved, 1 change only on this device",
  );
  expect(words(opened, synced, everything, { type: "denied" })).toBe("Saved");
});
