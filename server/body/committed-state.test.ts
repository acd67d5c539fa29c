import { expect, test } from "vitest";
import * as Y from "yjs";
import { openCommittedState, type CommittedState } from "./committed-state";

/** What somebody types into their own document, letter by letter, some of it taken out again. */
function typed(letters: number): readonly Uint8Array[] {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const text = doc.getText("body");
  for (let n = 0; n < letters; n += 1) {
    if (n % 7 === 6) text.delete(Math.floor(text.length / 2), 1);
    else text.insert(n % 3 === 0 ? 0 : text.length, String.fromCharCode(97 + (n % 26)));
  }
  return updates;
}

const lettersOf = (doc: Y.Doc): unknown => doc.getText("body").toJSON();

function textOf(update: Uint8Array): unknown {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, update);
  return lettersOf(doc);
}

const add = (state: CommittedState, update: Uint8Array, seq: number) =>
  state.add({ firstSeq: seq, logSeq: seq, update });

test("[BO3] what is committed is all there at whatever moment it is asked for", () => {
  const updates = typed(1_500);
  const state = openCommittedState([]);
  const expected = new Y.Doc();
  for (const [index, update] of updates.entries()) {
    add(state, update, index + 1);
    Y.applyUpdate(expected, update);
    if (index % 271 === 0) expect(textOf(state.encode())).toBe(lettersOf(expected));
  }
  expect(textOf(state.encode())).toBe(lettersOf(expected));
  expect(state.logSeq()).toBe(updates.length);
});

test("[BO7] what comes late is in it, and the number stays where something is missing", () => {
  const updates = typed(900);
  const state = openCommittedState([]);
  for (const [index, update] of updates.entries()) if (index % 300 !== 100) add(state, update, index + 1);
  expect(state.logSeq()).toBe(100);
  expect(state.hasGap()).toBe(true);
  for (const index of [100, 400, 700]) add(state, updates[index] ?? new Uint8Array(), index + 1);
  expect(state.logSeq()).toBe(900);
  expect(state.hasGap()).toBe(false);
  expect(textOf(state.encode())).toBe(textOf(Y.mergeUpdates([...updates])));
});

test("[BO7] it holds what is stored once, however it was merged meanwhile", () => {
  const updates = typed(1_000);
  const state = openCommittedState([]);
  for (const [index, update] of updates.entries()) add(state, update, index + 1);
  expect(state.byteLength()).toBeLessThanOrEqual(
    updates.reduce((sum, { byteLength }) => sum + byteLength, 0),
  );
  expect(state.encode().byteLength).toBe(state.byteLength());
});
