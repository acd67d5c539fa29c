import { expect, test } from "vitest";
import * as Y from "yjs";
import { hangsOn, scanUpdate } from "@/domain/body/scan-update";
import { mergedUpdate } from "./merged-update";
import { stretchesOf, type ToStore } from "./stretches";

type Writer = { readonly doc: Y.Doc; readonly write: (act: (text: Y.XmlText) => void) => Uint8Array };

/** Somebody at this client id with this text before them. */
function writer(client: number, state: Uint8Array): Writer {
  const doc = new Y.Doc();
  doc.clientID = client;
  Y.applyUpdate(doc, state);
  return {
    doc,
    write: (act) => {
      const before = Y.encodeStateVector(doc);
      const text = doc.get("t", Y.XmlText);
      doc.transact(() => act(text));
      return Y.encodeStateAsUpdate(doc, before);
    },
  };
}

function start(): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 1;
  doc.get("t", Y.XmlText).insert(0, "The town fell.");
  return Y.encodeStateAsUpdate(doc);
}

const from = (personId: string | null, update: Uint8Array, more: Partial<ToStore> = {}): ToStore => ({
  personId,
  update,
  clients: [],
  changes: true,
  hangsOnOthers: false,
  ...more,
});

/** What these bring, as the room keeps it of its queue. */
const begins = (of: ReadonlyMap<number, number>) => (client: number) => of.get(client);

function hangs(update: Uint8Array, of: ReadonlyMap<number, number>): boolean {
  const scan = scanUpdate(update);
  if (!scan) throw new Error("no update");
  return hangsOn(scan, begins(of));
}

const textAfter = (updates: readonly Uint8Array[]) => {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  if (doc.store.pendingStructs) throw new Error("Something came before what it hangs on.");
  return doc.get("t", Y.XmlText).toJSON();
};

test("[BO7] two people who type at once make two rows of the log, not one for each letter", () => {
  const state = start();
  const ana = writer(10, state);
  const boris = writer(20, state);
  const letters = "Hundreds".split("").flatMap((letter, n) => [
    from(
      "ana",
      ana.write((text) => text.insert(n, letter)),
      { clients: [10] },
    ),
    from(
      "boris",
      boris.write((text) => text.insert(text.length, letter)),
      { clients: [20] },
    ),
  ]);
  const rows = stretchesOf(letters, new Set([20]));
  expect(rows.map(({ personId, clients }) => ({ personId, clients }))).toEqual([
    { personId: "ana", clients: [10] },
    { personId: "boris", clients: [] },
  ]);
  const one = textAfter([state, ...letters.map(({ update }) => update)]);
  expect(textAfter([state, ...rows.map(({ update }) => update)])).toBe(one);
  expect(one).toBe("HundredsThe town fell.Hundreds");
});

test("[BO7] what hangs on somebody else's words is stored after them", () => {
  const state = start();
  const ana = writer(10, state);
  const boris = writer(20, state);
  const first = boris.write((text) => text.insert(0, "B"));
  const anas = ana.write((text) => text.insert(text.length, " Ten died."));
  // Boris has Ana's words of elsewhere, from another process, before they are stored here.
  Y.applyUpdate(boris.doc, anas);
  const answer = boris.write((text) => text.insert(text.length, " Who says so?"));
  const queued = new Map([[10, 0]]);
  expect(hangs(first, queued)).toBe(false);
  expect(hangs(answer, queued)).toBe(true);
  const rows = stretchesOf(
    [from("boris", first), from("ana", anas), from("boris", answer, { hangsOnOthers: true })],
    new Set(),
  );
  expect(rows.map(({ personId }) => personId)).toEqual(["boris", "ana", "boris"]);
  let sofar = [state];
  for (const { update } of rows) {
    sofar = [...sofar, update];
    expect(textAfter(sofar)).toBeTypeOf("string");
  }
  // Ana's next words need not wait for Boris's.
  const next = ana.write((text) => text.insert(text.length, " Reports say so."));
  const more = stretchesOf(
    [
      from("ana", anas),
      from("boris", answer, { hangsOnOthers: true }),
      from("ana", next),
      from("boris", first),
    ],
    new Set(),
  );
  expect(more.map(({ personId }) => personId)).toEqual(["ana", "boris"]);
});

test("an update hangs on what it stands beside, deletes or holds of others, and not on what was there before", () => {
  const state = start();
  const ana = writer(10, state);
  const boris = writer(20, state);
  const anas = ana.write((text) => text.insert(0, "Ten. "));
  const queued = new Map([[10, 0]]);
  const before = boris.write((text) => text.delete(4, 4));
  expect(hangs(before, queued)).toBe(false);
  Y.applyUpdate(boris.doc, anas);
  expect(
    hangs(
      boris.write((text) => text.delete(0, 3)),
      queued,
    ),
  ).toBe(true);
  expect(
    hangs(
      boris.write((text) => text.insert(2, "x")),
      queued,
    ),
  ).toBe(true);
  expect(hangs(Y.encodeStateAsUpdate(boris.doc), queued)).toBe(true);
  expect(hangs(Y.encodeStateAsUpdate(boris.doc), new Map([[10, 5]]))).toBe(false);
});

test("the server's own tidying comes after everything that it tidies", () => {
  const state = start();
  const ana = writer(10, state);
  const boris = writer(20, state);
  const updates = [
    from(
      "ana",
      ana.write((text) => text.insert(0, "a")),
    ),
    from(
      "boris",
      boris.write((text) => text.insert(0, "b")),
    ),
  ];
  const own = from(null, new Uint8Array([0, 0]), { hangsOnOthers: true });
  const rows = stretchesOf([...updates, own, ...updates, own], new Set());
  expect(rows.map(({ personId }) => personId)).toEqual(["ana", "boris", null]);
});

test("merged, updates do what they did one after the other", () => {
  const state = start();
  const ana = writer(10, state);
  const letters = "News: ".split("").map((letter, n) => ana.write((text) => text.insert(n, letter)));
  expect(textAfter([state, mergedUpdate(letters)])).toBe("News: The town fell.");
  const [only] = letters;
  expect(only && mergedUpdate([only])).toBe(only);
});
