/** Frames that nobody honest sends, seeded; `npm run chaos -- fuzz` sends 100,000 of them. */
import { isDeepStrictEqual } from "node:util";
import * as Y from "yjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainText, readContent } from "@/domain/body/content";
import { newFaithfulDoc } from "@/domain/body/faithful-doc";
import { inspectUpdate, tryUpdate } from "@/domain/body/guard";
import { firstMissing, scanUpdate } from "@/domain/body/scan-update";
import { seededChance, type Chance } from "@/domain/body/test-editing-peers";
import { presenceFrame, readFrame } from "./frames";
import { readText } from "./read-text";
import {
  openClient,
  openRaw,
  openTestServer,
  syncFrame,
  synced,
  until,
  type Client,
  type RawClient,
  type TestServer,
} from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

/** In rounds, each over a story of its own: a text that only grows would make each frame dearer than the last. */
const framesARound = 2_500;
const rounds = Math.ceil(Number(process.env["LINECHECK_TEST_FRAMES"] ?? framesARound) / framesARound);
const seeds = Array.from({ length: rounds }, (_, round) => 20_241 + round);

let desk: TestDesk;
let server: TestServer;
beforeAll(async () => {
  desk = await openTestDesk();
  server = await openTestServer(desk);
});
afterAll(async () => {
  await server.close();
  await desk.close();
});

const words = (doc: Y.Doc) => (doc.getXmlFragment("body").get(0) as Y.XmlElement).get(0) as Y.XmlText;

/** What a change adds to a text that is as far as this one. */
function changeOf(known: Y.Doc, clientId: number | undefined, change: (doc: Y.Doc) => void): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(known));
  if (clientId !== undefined) doc.clientID = clientId;
  const before = Y.encodeStateVector(doc);
  change(doc);
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  return update;
}

const changes: readonly ((doc: Y.Doc) => void)[] = [
  (doc) => doc.getXmlFragment("body").insert(0, [new Y.XmlElement("script")]),
  (doc) => doc.getXmlFragment("body").insert(0, [new Y.XmlText("bare words")]),
  (doc) => doc.getXmlFragment("comments").insert(0, [new Y.XmlElement("paragraph")]),
  (doc) => doc.getText("body").insert(0, "x"),
  (doc) => doc.getMap("__proto__").set("polluted", true),
  (doc) => words(doc).format(0, 2, { blink: {} }),
  (doc) => words(doc).format(0, 2, { link: { href: "javascript:alert(1)" } }),
  (doc) => words(doc).insert(0, "\u202eturned"),
  (doc) => words(doc).insert(0, "nothing\0here"),
  (doc) => words(doc).insertEmbed(0, { image: "x" }),
  (doc) => (doc.getXmlFragment("body").get(0) as Y.XmlElement).setAttribute("onclick", "x"),
  (doc) => doc.getXmlFragment("headline").insert(0, [new Y.XmlElement("heading")]),
  (doc) => {
    let at: Y.XmlFragment = doc.getXmlFragment("body");
    for (let depth = 0; depth < 60; depth += 1) {
      const quote = new Y.XmlElement("blockquote");
      at.insert(0, [quote]);
      at = quote;
    }
  },
];

/** Is it an update that an editor could send, and that reaches into the words of others, now or once more is there? */
function takesWordsAway(known: Y.Doc, frame: Uint8Array): boolean {
  const message = readFrame(frame);
  const scan = message?.type === "update" ? scanUpdate(message.update) : undefined;
  if (message?.type !== "update" || !scan) return false;
  if (scan.deletions.size > 0 || firstMissing(known, scan)) return true;
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(known));
  Y.applyUpdate(copy, message.update);
  const tokens = (doc: Y.Doc) => plainText(readContent(doc).body).match(/\[\d+\]/g)?.length ?? 0;
  const isLess = tokens(copy) < tokens(known);
  copy.destroy();
  return isLess;
}

/** A frame out of a hat; `known` is the honest text, `honest` whose ids stand in it. */
function frameBy(chance: Chance, known: Y.Doc, honest: readonly number[]): Uint8Array {
  const below = chance.number;
  const bytes = (length: number) => Uint8Array.from({ length }, () => below(256));
  const someChange = () => chance.pick(changes);
  const honestId = chance.pick(honest);
  const valid = () =>
    syncFrame(
      below(2) === 0 ? 1 : 2,
      changeOf(known, undefined, (doc) => words(doc).insert(0, "more ")),
    );
  switch (below(10)) {
    case 0:
      return bytes(below(200));
    case 1: {
      const frame = valid();
      return frame.subarray(0, below(frame.length));
    }
    case 2: {
      const frame = valid();
      for (let flips = 0; flips <= below(4); flips += 1) frame[below(frame.length)] = below(256);
      // Whoever may write may take away a colleague's words: here nobody does by chance.
      return takesWordsAway(known, frame) ? bytes(below(200)) : frame;
    }
    case 3:
      return Uint8Array.from([0, below(4), 0xff, 0xff, 0xff, 0xff, 0x0f, ...bytes(below(20))]);
    case 4:
      return syncFrame(0, bytes(below(50)));
    case 5:
      return syncFrame(2, bytes(below(300)));
    case 6:
      return syncFrame(
        2,
        changeOf(known, honestId, (doc) => words(doc).insert(0, "forged ")),
      );
    case 7: {
      // It hangs on what nobody has.
      const own = new Y.Doc();
      Y.applyUpdate(
        own,
        changeOf(known, undefined, (doc) => words(doc).insert(0, "unseen ")),
      );
      const before = Y.encodeStateVector(own);
      own.getXmlFragment("body").insert(0, [new Y.XmlElement("paragraph")]);
      return syncFrame(2, Y.encodeStateAsUpdate(own, before));
    }
    case 8:
      return presenceFrame([
        {
          clientId: honestId,
          clock: below(2 ** 31),
          state: chance.happens(0.3) ? null : { user: { name: "x" } },
        },
        { clientId: below(2 ** 31), clock: 2 ** 31 - 1, state: { toString: 1, __proto__: { a: 1 } } },
      ]);
    default:
      return syncFrame(2, changeOf(known, undefined, someChange()));
  }
}

test.each(seeds)(
  "[BO4] frames out of a hat (seed %i) hurt nobody but who sends them",
  async (seed) => {
    const chance = seededChance(seed);
    const story = await desk.story("Honest words.");
    const other = await desk.story("Elsewhere.");
    const honest = [
      openClient(server.url, story, await desk.person("reporter")),
      openClient(server.url, story, await desk.person("reporter")),
      openClient(server.url, other, await desk.person("reporter")),
    ] as const;
    await synced(...honest);
    const [one, two, apart] = honest;
    const codes = new Map<number, number>();
    let hostile: RawClient | undefined;
    let person = await desk.person("reporter");
    let refused = 0;
    let typed = 0;
    for (let sent = 0; sent < framesARound; sent += 1) {
      if (!hostile || hostile.socket.readyState !== hostile.socket.OPEN) {
        // Somebody else comes before the delay for those who are refused again and again.
        if (refused % 2 === 0) person = await desk.person("reporter");
        hostile = await openRaw(server.url, story, person);
        void hostile.closed.then(({ code }) => {
          codes.set(code, (codes.get(code) ?? 0) + 1);
          refused += 1;
        });
      }
      hostile.send(frameBy(chance, one.doc, [one.doc.clientID, two.doc.clientID]));
      if (sent % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      if (sent % 50 !== 0) continue;
      typed += 1;
      for (const client of honest) client.type(0, `[${String(typed)}]`);
    }
    hostile?.socket.close();
    for (const client of honest) await isSaved(client);
    // The last valid ones of the hostile may still be on their way: into the store first, then to the others.
    const stored = async (storyId: string) => (await readText(desk.store.db, storyId))?.content;
    await until(
      async () => [one.content(), two.content(), await stored(story)],
      ([mine, ...others]) => others.every((theirs) => isDeepStrictEqual(mine, theirs)),
    );
    expect(apart.content()).toEqual(await stored(other));
    for (let n = 1; n <= typed; n += 1) {
      expect(one.text().split(`[${String(n)}]`)).toHaveLength(3);
      expect(apart.text().split(`[${String(n)}]`)).toHaveLength(2);
    }
    for (const { closed } of honest) expect(closed).toEqual([]);
    expect(one.text()).not.toContain("forged");
    // Whatever was let in, an editor can show.
    const whole = Y.encodeStateAsUpdate((await readText(desk.store.db, story))?.doc ?? new Y.Doc());
    const fresh = newFaithfulDoc();
    for (const field of ["headline", "standfirst", "body"]) fresh.getXmlFragment(field);
    const inspected = inspectUpdate(fresh, { bytes: whole, scan: scanUpdate(whole) }, () => true);
    if (!("clients" in inspected)) throw new Error(`The stored text is ${JSON.stringify(inspected)}.`);
    expect(tryUpdate(fresh, whole, inspected)).toMatchObject({ taken: true });
    for (const code of codes.keys()) expect([1005, 1006, 1013, 4422]).toContain(code);
    expect(codes.get(4422)).toBeGreaterThan(10);
    for (const client of honest) client.leave();
  },
  120_000,
);

async function isSaved(client: Client): Promise<void> {
  await until(
    () => client.saved.count,
    (count) => count === client.sent(),
    30_000,
  );
}
