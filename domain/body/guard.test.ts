import { expect, test } from "vitest";
import * as Y from "yjs";
import { readContent } from "./content";
import { inspectUpdate, maxUpdateBytes, tryUpdate } from "./guard";
import { changesNothing, scanUpdate } from "./scan-update";
import { replaceContent, writeContent } from "./write-content";

let ids = 0;
const newId = () => `b${String((ids += 1))}`;
const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });

/** The server's staging document of a small story, and a client that holds the same. */
function desk() {
  const staging = new Y.Doc();
  const content = {
    headline: [paragraph("NATO in Kosovo")],
    standfirst: [paragraph("A visit.")],
    body: [paragraph("KFOR counts 4,600 troops."), paragraph("They stay.")],
  };
  writeContent(staging, content, newId);
  const client = new Y.Doc();
  Y.applyUpdate(client, Y.encodeStateAsUpdate(staging));
  return { staging, client, body: client.getXmlFragment("body") };
}

/** What one change of the client sends. */
function changeOf(client: Y.Doc, change: () => void): Uint8Array {
  const sent: Uint8Array[] = [];
  const collect = (update: Uint8Array) => sent.push(update);
  client.on("update", collect);
  client.transact(change);
  client.off("update", collect);
  return Y.mergeUpdates(sent);
}

function guarded(staging: Y.Doc, update: Uint8Array, mayUse: (client: number) => boolean = () => true) {
  const inspected = inspectUpdate(staging, { bytes: update, scan: scanUpdate(update) }, mayUse);
  return "clients" in inspected ? tryUpdate(staging, update, inspected) : inspected;
}

const blockAt = (parent: Y.XmlFragment, index: number) => parent.get(index) as Y.XmlElement;
const textOf = (block: Y.XmlElement) => block.get(0) as Y.XmlText;
const withText = (name: string, text = "words") => {
  const element = new Y.XmlElement(name);
  element.insert(0, [new Y.XmlText(text)]);
  return element;
};
const set = (element: Y.XmlElement, name: string, value: unknown) =>
  element.setAttribute(name, value as string);

test("[BO4] honest edits pass: typing, marks, links, headings, lists, quotes, breaks, deleting", () => {
  const { staging, client, body } = desk();
  const honest: (() => void)[] = [
    () => textOf(blockAt(body, 0)).insert(0, "Today "),
    () => textOf(blockAt(body, 0)).format(0, 5, { bold: {} }),
    () => textOf(blockAt(body, 0)).format(0, 5, { bold: null, italic: {} }),
    () =>
      textOf(blockAt(body, 0)).format(0, 5, {
        link: { href: "https://example.org/", target: null, rel: null },
      }),
    () => {
      const heading = withText("heading");
      set(heading, "level", 3);
      set(heading, "id", "block-7");
      body.insert(1, [heading]);
    },
    () => {
      const list = new Y.XmlElement("orderedList");
      set(list, "start", 1);
      const item = new Y.XmlElement("listItem");
      item.insert(0, [withText("paragraph")]);
      list.insert(0, [item]);
      body.insert(2, [list]);
    },
    () => {
      const quote = new Y.XmlElement("blockquote");
      const block = withText("paragraph");
      block.insert(1, [new Y.XmlElement("hardBreak"), new Y.XmlText("more")]);
      quote.insert(0, [block]);
      body.insert(3, [quote]);
    },
    () => textOf(blockAt(client.getXmlFragment("standfirst"), 0)).format(0, 1, { bold: {} }),
    () => body.delete(0, 2),
  ];
  for (const change of honest) {
    expect(guarded(staging, changeOf(client, change))).toMatchObject({ taken: true, nestsBadly: false });
  }
  expect(readContent(staging)).toEqual(readContent(client));
});

test("[BO4] says which words went and which clients brought structs", () => {
  const { staging, client, body } = desk();
  const taken = guarded(
    staging,
    changeOf(client, () => textOf(blockAt(body, 0)).delete(0, "KFOR counts ".length)),
  );
  expect(taken).toMatchObject({ taken: true, removed: "KFOR counts ", clients: new Set() });
  const typed = guarded(
    staging,
    changeOf(client, () => textOf(blockAt(body, 0)).insert(0, "x")),
  );
  expect(typed).toMatchObject({ clients: new Set([client.clientID]) });
});

const hostile: Record<string, [string, (client: Y.Doc, body: Y.XmlFragment) => void]> = {
  "an unknown node": ["unknown-node", (_, body) => body.insert(0, [withText("script")])],
  "an unknown node deep inside": [
    "unknown-node",
    (_, body) => {
      const quote = new Y.XmlElement("blockquote");
      quote.insert(0, [new Y.XmlElement("image")]);
      body.insert(0, [quote]);
    },
  ],
  "a name that every object has": ["unknown-node", (_, body) => body.insert(0, [withText("constructor")])],
  "an unknown mark": ["unknown-mark", (_, body) => textOf(blockAt(body, 0)).format(0, 3, { strike: {} })],
  "a mark on the headline": [
    "unknown-mark",
    (client) => textOf(blockAt(client.getXmlFragment("headline"), 0)).format(0, 3, { bold: {} }),
  ],
  "a heading in the standfirst": [
    "unknown-node",
    (client) => client.getXmlFragment("standfirst").insert(0, [withText("heading")]),
  ],
  "a link to a script": [
    "unknown-attribute",
    (_, body) => textOf(blockAt(body, 0)).format(0, 3, { link: { href: "javascript:alert(1)" } }),
  ],
  "a link with a handler": [
    "unknown-attribute",
    (_, body) => textOf(blockAt(body, 0)).format(0, 3, { link: { href: "https://a.example", onclick: "x" } }),
  ],
  "a link without an address": [
    "unknown-attribute",
    (_, body) => textOf(blockAt(body, 0)).format(0, 3, { link: {} }),
  ],
  "an unknown attribute": ["unknown-attribute", (_, body) => set(blockAt(body, 0), "style", "color:red")],
  "a heading level of its own": [
    "unknown-attribute",
    (_, body) => {
      const heading = withText("heading");
      set(heading, "level", 1);
      body.insert(0, [heading]);
    },
  ],
  "an id that is an object": ["unknown-attribute", (_, body) => set(blockAt(body, 0), "id", { a: 1 })],
  "an attribute that is a shared type": [
    "unknown-attribute",
    (_, body) => set(blockAt(body, 0), "id", new Y.XmlText("x")),
  ],
  "raw text in the body": ["misplaced", (_, body) => body.insert(0, [new Y.XmlText("raw")])],
  "raw text in a list": [
    "misplaced",
    (_, body) => {
      const list = new Y.XmlElement("bulletList");
      list.insert(0, [new Y.XmlText("raw")]);
      body.insert(0, [list]);
    },
  ],
  "a block in a paragraph": ["misplaced", (_, body) => blockAt(body, 0).insert(0, [withText("paragraph")])],
  "something in a hard break": [
    "misplaced",
    (_, body) => {
      const hardBreak = new Y.XmlElement("hardBreak");
      hardBreak.insert(0, [new Y.XmlText("x")]);
      blockAt(body, 0).insert(1, [hardBreak]);
    },
  ],
  "another root type": ["other-root", (client) => client.getMap("claims").set("verdict", "verified")],
  "another root with text": ["other-root", (client) => client.getText("notes").insert(0, "x")],
  "an embed": ["unknown-content", (_, body) => textOf(blockAt(body, 0)).insertEmbed(0, { image: "x" })],
  "a map as a block": ["unknown-content", (_, body) => body.insert(0, [new Y.Map() as unknown as Y.XmlText])],
  "an attribute on words": [
    "unknown-attribute",
    (_, body) => textOf(blockAt(body, 0)).setAttribute("id", "x"),
  ],
  "a right-to-left override": [
    "control-characters",
    (_, body) => textOf(blockAt(body, 0)).insert(0, "\u202E4,600"),
  ],
  "a NUL": ["control-characters", (_, body) => textOf(blockAt(body, 0)).insert(0, "a\0b")],
  "blocks nested without end": [
    "too-deep",
    (_, body) => {
      let inner = withText("paragraph");
      for (let depth = 0; depth < 200; depth += 1) {
        const quote = new Y.XmlElement("blockquote");
        quote.insert(0, [inner]);
        inner = quote;
      }
      body.insert(0, [inner]);
    },
  ],
};
test.each(Object.entries(hostile))("[BO4] refuses %s", (_, [word, change]) => {
  const { staging, client, body } = desk();
  const update = changeOf(client, () => change(client, body));
  expect(guarded(staging, update)).toEqual({ refused: word });
});

test("[BO4] refuses what is hidden behind an honest edit of the same update", () => {
  const { staging, client, body } = desk();
  const update = changeOf(client, () => {
    textOf(blockAt(body, 0)).insert(0, "Honest ");
    textOf(blockAt(body, 1)).format(0, 3, { highlight: {} });
  });
  expect(guarded(staging, update)).toEqual({ refused: "unknown-mark" });
});

test("[BO4] refuses what is no update, and what is too large, before decoding it", () => {
  const { staging } = desk();
  for (const bytes of [[], [1], [255, 255, 255, 255, 255], [1, 1, 1, 0, 200, 1, 2, 3]]) {
    expect(guarded(staging, Uint8Array.from(bytes))).toEqual({ refused: "undecodable" });
  }
  expect(guarded(staging, new Uint8Array(maxUpdateBytes + 1))).toEqual({ refused: "too-large" });
});

test("[BO4] any cut or altered update is refused, waits or is taken; it never throws", () => {
  const seed = 4711;
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let run = 0; run < 400; run += 1) {
    const { staging, client, body } = desk();
    const update = changeOf(client, () => {
      textOf(blockAt(body, 0)).insert(3, "typed");
      body.insert(1, [withText("paragraph")]);
      textOf(blockAt(body, 2)).delete(0, 2);
    });
    const altered = update.slice(0, next(3) === 0 ? next(update.length) : update.length);
    for (let n = next(4); n > 0 && altered.length > 0; n -= 1) altered[next(altered.length)] = next(256);
    const answer = guarded(staging, altered);
    expect(
      ["taken", "waitsFor", "refused"].some((word) => word in answer),
      `run ${String(run)}`,
    ).toBe(true);
  }
});

test("[BO5] new structs under a client id that is not theirs are refused; known ones are not new", () => {
  const { staging, client, body } = desk();
  const update = changeOf(client, () => textOf(blockAt(body, 0)).insert(0, "x"));
  const mayUse = (id: number) => id === 1;
  expect(guarded(staging, update, mayUse)).toEqual({ refused: "foreign-client" });
  expect(guarded(staging, update)).toMatchObject({ taken: true });
  expect(guarded(staging, update, mayUse)).toMatchObject({ taken: true, clients: new Set() });
});

test("[BO4] an update that lacks what it builds on waits, and is taken together with it", () => {
  const { staging, client, body } = desk();
  const first = changeOf(client, () => textOf(blockAt(body, 0)).insert(0, "one "));
  const second = changeOf(client, () => textOf(blockAt(body, 0)).insert(4, "two "));
  const deletion = changeOf(client, () => textOf(blockAt(body, 0)).delete(0, 2));
  expect(guarded(staging, second)).toMatchObject({ waitsFor: { client: client.clientID, clock: 0 } });
  expect(guarded(staging, deletion)).toMatchObject({ waitsFor: { client: client.clientID } });
  expect(staging.store.pendingStructs).toBeNull();
  expect(staging.store.pendingDs).toBeNull();
  expect(guarded(staging, Y.mergeUpdates([deletion, second, first]))).toMatchObject({ taken: true });
  expect(readContent(staging)).toEqual(readContent(client));
});

test("[BO4] bad nesting passes and is reported", () => {
  const { staging, client, body } = desk();
  const empty = changeOf(client, () => body.insert(0, [new Y.XmlElement("bulletList")]));
  expect(guarded(staging, empty)).toMatchObject({ taken: true, nestsBadly: true });
  const twoHeadlines = changeOf(client, () =>
    client.getXmlFragment("headline").insert(0, [withText("paragraph")]),
  );
  expect(guarded(staging, twoHeadlines)).toMatchObject({ taken: true, nestsBadly: true });
});

test("[BO3] an update whose structs and deletions are all known changes nothing", () => {
  const { staging, client, body } = desk();
  const update = changeOf(client, () => {
    textOf(blockAt(body, 0)).insert(0, "x");
    textOf(blockAt(body, 1)).delete(0, 4);
  });
  const scan = scanUpdate(update);
  if (!scan) throw new Error("not scanned");
  expect(changesNothing(staging, scan)).toBe(false);
  guarded(staging, update);
  expect(changesNothing(staging, scan)).toBe(true);
  const whole = scanUpdate(Y.encodeStateAsUpdate(client));
  expect(whole && changesNothing(staging, whole)).toBe(true);
});

test("[BO4] what the server itself writes passes the guard", () => {
  const { staging, client } = desk();
  const update = changeOf(client, () =>
    replaceContent(
      client,
      {
        headline: [paragraph("Other")],
        standfirst: [],
        body: [{ type: "bulletList", content: [{ type: "listItem", content: [paragraph("One")] }] }],
      },
      newId,
    ),
  );
  expect(guarded(staging, update)).toMatchObject({ taken: true, nestsBadly: false });
});
