import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { contentHash } from "@/domain/body/content-hash";
import { readContent } from "@/domain/body/content";
import { storyFacts } from "../stories/story-row";
import { readText } from "./read-text";
import { openClient, openTestServer, synced, until, type Client, type TestServer } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

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

function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * The index, or one before it where it would cut a character in halves: editors never do. Half of one stays half only
 * with whoever typed it, for UTF-8 has no such thing.
 */
function wholeCharacters(words: string, index: number): number {
  return /[\uDC00-\uDFFF]/.test(words.charAt(index)) && /[\uD800-\uDBFF]/.test(words.charAt(index - 1))
    ? index - 1
    : index;
}

/** One edit as the editors' binding makes it: typing, deleting, marks, splitting, joining, lists, moving. */
function edit({ doc }: Client, next: (below: number) => number): void {
  const body = doc.getXmlFragment("body");
  const at = next(Math.max(1, body.length));
  const block = body.length > 0 ? body.get(at) : undefined;
  const newBlock = (name: string, words: string) => {
    const element = new Y.XmlElement(name);
    element.insert(0, [new Y.XmlText(words)]);
    return element;
  };
  doc.transact(() => {
    if (!(block instanceof Y.XmlElement) || next(10) === 0) {
      body.insert(at, [newBlock("paragraph", `fresh ${String(next(100))} `)]);
      return;
    }
    const text = block.get(0);
    if (!(text instanceof Y.XmlText)) return body.delete(at, 1);
    const words = text.toString().replace(/<[^>]*>/g, "");
    const to = (wanted: number) => wholeCharacters(words, wanted);
    const from = to(next(text.length + 1));
    switch (next(7)) {
      case 0:
      case 1:
        return text.insert(from, ["NATO ", "4,600 ", "not ", "🙂", "x"][next(5)] ?? "");
      case 2:
        return text.delete(from, to(Math.min(from + next(6), text.length)) - from);
      case 3:
        return text.format(
          from,
          to(Math.min(from + 8, text.length)) - from,
          next(2) ? { bold: {} } : { italic: {} },
        );
      case 4: {
        const tail = words.slice(from);
        text.delete(from, text.length - from);
        return body.insert(at + 1, [newBlock("paragraph", tail)]);
      }
      case 5: {
        const list = new Y.XmlElement("bulletList");
        const item = new Y.XmlElement("listItem");
        item.insert(0, [newBlock("paragraph", `item ${String(next(100))}`)]);
        list.insert(0, [item]);
        return body.insert(at, [list]);
      }
      default: {
        body.delete(at, 1);
        body.insert(next(body.length + 1), [newBlock("paragraph", words)]);
      }
    }
  });
}

test.each([1, 6, 20261125, 777])(
  "three people edit anyhow, drop out and come back: all hold what the store holds (seed %i)",
  async (seed) => {
    const next = chance(seed);
    const story = await desk.story("KFOR counts 4,600 troops.", "They stay.", "Not all of them.");
    const people = [
      await desk.person("reporter"),
      await desk.person("reporter"),
      await desk.person("editor"),
    ];
    const clients = people.map((person) => openClient(server.url, story, person));
    await synced(...clients);
    for (let step = 0; step < 150; step += 1) {
      const client = clients[next(clients.length)];
      if (!client) continue;
      edit(client, next);
      if (next(25) === 0) {
        client.provider.disconnect();
        for (let n = next(4); n > 0; n -= 1) edit(client, next);
        client.provider.connect();
      }
      if (next(3) === 0) await new Promise((resolve) => setTimeout(resolve, next(4)));
    }
    await synced(...clients);
    await until(
      () => clients.map(({ saved, sent }) => sent() - saved.count),
      (left) => left.every((n) => n === 0),
    );
    const hash = (doc: Y.Doc) =>
      contentHash({ content: readContent(doc), dateline: { place: "", date: "" }, byline: [] });
    const stored = await readText(desk.store.db, story);
    if (!stored) throw new Error("no text");
    await until(
      () => clients.map(({ doc }) => hash(doc)),
      (hashes) => hashes.every((one) => one === hash(stored.doc)),
    );
    // To the last deleted mark: what differs unseen now is seen after later edits.
    await until(
      async () => {
        const now = await readText(desk.store.db, story);
        return clients.map(
          ({ doc }) => now !== null && Y.equalSnapshots(Y.snapshot(doc), Y.snapshot(now.doc)),
        );
      },
      (equal) => equal.every(Boolean),
    );
    for (const client of clients) expect(client.closed.filter(({ code }) => code >= 4400)).toEqual([]);
    const writers = (await storyFacts(desk.store.db, story))?.writers ?? [];
    for (const { id } of people) expect(writers).toContain(id);
    for (const client of clients) client.leave();
  },
);
