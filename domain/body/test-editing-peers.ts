/**
 * Two people and a server edit one story, seeded; anchors are healed as the server does. Where each claim truly stands is
 * read from a shadow: the same operations on the same story, in which every letter ever written is a letter of its own.
 */
import { Fragment, Schema, Slice, type Node } from "@tiptap/pm/model";
import { Transform, canJoin, canSplit, findWrapping } from "@tiptap/pm/transform";
import {
  defaultDeleteFilter,
  defaultProtectedNodes,
  initProseMirrorDoc,
  updateYFragment,
  ySyncPluginKey,
} from "@tiptap/y-tiptap";
import * as Y from "yjs";
import { healAnchors, placeAnchor, sameAnchor, type Anchor } from "./anchor";
import { fold } from "./fold";
import { fieldText, positionAt, type FieldText } from "./plain-text";
import { standsOnTokenBorders, widen, type Span } from "./tokens";

const id = { attrs: { id: { default: null } } };
const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph: { content: "inline*", group: "block", ...id },
    heading: { content: "inline*", group: "block", attrs: { id: { default: null }, level: { default: 2 } } },
    blockquote: { content: "block+", group: "block", ...id },
    bulletList: { content: "listItem+", group: "block", ...id },
    listItem: { content: "paragraph block*", ...id },
    text: { group: "inline" },
    hardBreak: { inline: true, group: "inline" },
  },
  marks: { bold: {}, italic: {} },
});

export type Chance = {
  /** A whole number from 0 to below `below`. */
  readonly number: (below: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly happens: (probability: number) => boolean;
};

/** mulberry32 */
export function seededChance(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const number = (below: number): number => Math.floor(next() * below);
  return {
    number,
    happens: (probability) => next() < probability,
    pick: (items) => {
      const item = items[number(items.length)];
      if (item === undefined) throw new Error("nothing to pick from");
      return item;
    },
  };
}

/** Letters by code: the shadow writes the codes, the story the letters that they stand for. */
export type Alphabet = { readonly letters: Map<string, string>; next: number };
export const firstCode = 0x3400;

export function encode(alphabet: Alphabet, text: string): string {
  let codes = "";
  for (const letter of text) {
    const code = String.fromCharCode(alphabet.next);
    alphabet.next += 1;
    if (alphabet.next >= 0xd800) throw new Error("the shadow ran out of letters");
    alphabet.letters.set(code, letter);
    codes += code;
  }
  return codes;
}

export const decode = (alphabet: Alphabet, codes: string): string =>
  Array.from(codes, (code) => alphabet.letters.get(code) ?? code).join("");

export type Peer = { readonly doc: Y.Doc; readonly fragment: Y.XmlFragment; readonly undo: Y.UndoManager };
type World = {
  readonly peers: readonly [Peer, Peer];
  readonly server: Y.Doc;
  readonly body: Y.XmlFragment;
  /** What is written for these codes. */
  readonly written: (codes: string) => string;
  nextId: number;
  kept: Node | null;
};

/** One edit, done alike in story and shadow. Positions are ProseMirror's. */
export type Edit = (tr: Transform, written: (codes: string) => string) => void;

export function read(fragment: Y.XmlFragment): { doc: Node; meta: Parameters<typeof updateYFragment>[3] } {
  return initProseMirrorDoc(fragment, schema);
}

function giveIds(world: Pick<World, "nextId">, tr: Transform): void {
  const seen = new Set<unknown>();
  const without: number[] = [];
  tr.doc.descendants((node, pos) => {
    if (!node.isBlock) return false;
    if (node.attrs.id === null || seen.has(node.attrs.id)) without.push(pos);
    seen.add(node.attrs.id);
    return true;
  });
  for (const pos of without) tr.setNodeAttribute(pos, "id", `b${(world.nextId += 1)}`);
}

export function edit(
  world: Pick<World, "nextId" | "written">,
  fragment: Y.XmlFragment,
  origin: unknown,
  change: Edit,
): void {
  const { doc, meta } = read(fragment);
  const tr = new Transform(doc);
  change(tr, world.written);
  giveIds(world, tr);
  if (tr.doc.eq(doc)) return;
  fragment.doc?.transact(() => updateYFragment(fragment.doc as never, fragment, tr.doc, meta), origin);
}

function exchange(world: World, peer: Peer): void {
  Y.applyUpdate(world.server, Y.encodeStateAsUpdate(peer.doc, Y.encodeStateVector(world.server)), "peer");
  Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(world.server, Y.encodeStateVector(peer.doc)), "server");
}

function openWorld(first: Node, written: (codes: string) => string): World {
  const server = new Y.Doc();
  server.clientID = 1;
  const body = server.getXmlFragment("body");
  const peer = (clientId: number): Peer => {
    const doc = new Y.Doc();
    doc.clientID = clientId;
    const fragment = doc.getXmlFragment("body");
    const undo = new Y.UndoManager(fragment, {
      trackedOrigins: new Set([ySyncPluginKey]),
      deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
      captureTimeout: 0,
    });
    return { doc, fragment, undo };
  };
  const world: World = { peers: [peer(2), peer(3)], server, body, written, nextId: 0, kept: null };
  edit(world, body, "import", (tr) => tr.replaceWith(0, tr.doc.content.size, first.content));
  for (const each of world.peers) exchange(world, each);
  return world;
}

const nations = ["Kosovo", "Italy", "Hungary", "Turkey", "Germany", "Albania", "Serbia", "Austria"];
const people = [
  "General Barduani",
  "Minister Novak",
  "Colonel Weber",
  "Ms. Hoxha",
  "the commander",
  "a spokesman",
];
const places = ["Pristina", "Zvecan", "Mitrovica", "Peja", "Camp Film City", "the northern bridge"];
const days = ["on Monday", "on 24 March 1999", "in May 2023", "last week", "on Friday evening", "in 2008"];
const sentenceMakers: readonly ((c: Chance) => string)[] = [
  (c) =>
    `KFOR has about ${c.number(9) + 1},${c.number(900) + 100} troops from ${c.number(30) + 3} nations in ${c.pick(nations)}.`,
  (c) =>
    `${c.pick(people)} said ${c.pick(days)} that ${c.number(90) + 10} soldiers were hurt near ${c.pick(places)}.`,
  (c) =>
    `The mission costs €${c.number(900) + 100} million a year, ${c.number(80) + 2} % more than ${c.pick(days)}.`,
  (c) => `“We will stay as long as it takes,” ${c.pick(people)} told reporters in ${c.pick(places)}.`,
  (c) =>
    `The patrol reached ${c.pick(places)} at ${c.number(13) + 10}:${c.number(50) + 10} and met ${c.pick(people)}.`,
  (c) => `${c.pick(nations)} did not send more than ${c.number(400) + 20} people to ${c.pick(places)}.`,
  (c) => `The attack ${c.pick(days)} near ${c.pick(places)} was the ${c.number(9) + 2}th of the year.`,
  (c) => `${c.pick(nations)} and ${c.pick(nations)} agreed to meet again.`,
];
const inserted = ["about ", "the ", "recently ", "and 12 ", "not ", "more ", "in fact ", "x", "very "];
const atEdges = ["1", "0", "-", " %", "s", "not ", ".5", "€", "un"];

export type Mix = "mixed" | "restored" | "duplicated" | "dragged";

export type Editing = {
  readonly seed: number;
  readonly mix: Mix;
  readonly claims: number;
  readonly operations: number;
};

export type Outcome = {
  /** Claims whose words still stand somewhere, once. */
  surviving: number;
  right: number;
  wrong: number;
  lost: number;
  /** `anchored` or `moved` at words that are other than the quote: never (AN2). */
  untrue: number;
  /** Claims whose words are gone, and how many of those stand at a copy of them. */
  gone: number;
  atCopies: number;
  /** Anchors that a second healing altered: never (AN4). */
  restless: number;
  /** Healed by what changed alone, and standing elsewhere than when every anchor is resolved anew. */
  unlike: number;
  /** The two peers and the server read the same text. */
  converged: boolean;
  /** False when story and shadow ran apart, so that nothing can be told. */
  told: boolean;
  healMs: number;
  healings: number;
};

export function firstStory(chance: Chance, alphabet: Alphabet, duplicates: number): Node {
  const blocks: Node[] = [];
  const said: string[] = [];
  for (let block = 0; block < 18; block += 1) {
    const sentences: string[] = [];
    for (let n = 2 + chance.number(3); n > 0; n -= 1) {
      const again = said.length > 0 && chance.happens(duplicates);
      const sentence = again ? chance.pick(said) : chance.pick(sentenceMakers)(chance);
      said.push(sentence);
      sentences.push(sentence);
    }
    const codes = encode(alphabet, sentences.join(" "));
    blocks.push(schema.node("paragraph", null, [schema.text(codes)]));
  }
  return schema.node("doc", null, blocks);
}

export function rewrite(node: Node, written: (codes: string) => string): Node {
  if (node.isText) return schema.text(written(node.text ?? ""), node.marks);
  const children: Node[] = [];
  node.forEach((child) => children.push(rewrite(child, written)));
  return node.type.create(node.attrs, children, node.marks);
}

type TextPlace = { readonly node: Node; readonly pos: number };
export function textPlaces(doc: Node): TextPlace[] {
  const places: TextPlace[] = [];
  doc.descendants((node, pos) => {
    if (node.isTextblock) places.push({ node, pos });
    return !node.isTextblock;
  });
  return places;
}

type Actor = { readonly chance: Chance; readonly alphabet: Alphabet; readonly claims: readonly string[] };

/** A stretch of whole words inside one block, as ProseMirror positions. */
export function wordsIn(
  chance: Chance,
  { node, pos }: TextPlace,
  most: number,
): { from: number; to: number } | null {
  const text = node.textBetween(0, node.content.size, "", "\n");
  const borders = [0, ...Array.from(text.matchAll(/ /g), (match) => match.index + 1), text.length];
  if (borders.length < 3) return null;
  const first = chance.number(borders.length - 1);
  const last = Math.min(borders.length - 1, first + 1 + chance.number(most));
  return { from: pos + 1 + (borders[first] ?? 0), to: pos + 1 + (borders[last] ?? text.length) };
}

/** A claim's first and last letter in this shadow document. */
function claimPlace(doc: Node, claim: string): { from: number; to: number } | null {
  let from = -1;
  let to = -1;
  doc.descendants((node, pos) => {
    const text = node.text ?? "";
    const first = text.indexOf(claim[0] ?? "");
    const last = text.indexOf(claim.at(-1) ?? "");
    if (first !== -1) from = pos + first;
    if (last !== -1) to = pos + last + 1;
  });
  return from === -1 || to === -1 ? null : { from, to };
}

type Planner = (actor: Actor, story: Node, shadow: Node) => readonly Edit[];
const nothing: readonly Edit[] = [];
const type =
  (pos: number, codes: string): Edit =>
  (tr, written) =>
    tr.insert(pos, schema.text(written(codes)));
const remove =
  (from: number, to: number): Edit =>
  (tr) =>
    tr.delete(from, to);

export const planners: Readonly<Record<string, Planner>> = {
  type: ({ chance, alphabet }, story) => {
    const place = chance.pick(textPlaces(story));
    const spot = wordsIn(chance, place, 1);
    return [type(spot?.from ?? place.pos + 1, encode(alphabet, chance.pick(inserted)))];
  },
  "type at a claim's edge": ({ chance, alphabet, claims }, _, shadow) => {
    const place = claimPlace(shadow, chance.pick(claims));
    if (place === null) return nothing;
    return [type(chance.happens(0.5) ? place.from : place.to, encode(alphabet, chance.pick(atEdges)))];
  },
  split: ({ chance, claims }, story, shadow) => {
    const before = chance.happens(0.4) ? claimPlace(shadow, chance.pick(claims)) : null;
    const pos = before?.from ?? wordsIn(chance, chance.pick(textPlaces(story)), 1)?.from;
    if (pos === undefined || !canSplit(story, pos)) return nothing;
    return [
      (tr) => {
        tr.split(pos);
        const second = tr.mapping.map(pos);
        tr.setNodeAttribute(tr.doc.resolve(second).before(), "id", null);
      },
    ];
  },
  join: ({ chance }, story) => {
    const { pos } = chance.pick(textPlaces(story));
    return canJoin(story, pos) ? [(tr) => tr.join(pos)] : nothing;
  },
  "to heading and back": ({ chance }, story) => {
    const { node, pos } = chance.pick(textPlaces(story));
    if (story.resolve(pos).depth > 0) return nothing;
    const target = node.type.name === "heading" ? "paragraph" : "heading";
    const attrs = target === "heading" ? { id: node.attrs.id, level: 2 } : { id: node.attrs.id };
    return [
      (tr) => tr.setBlockType(pos, pos + node.nodeSize, tr.doc.type.schema.nodes[target] as never, attrs),
    ];
  },
  wrap: ({ chance }, story) => {
    const { pos } = chance.pick(textPlaces(story));
    const range = story.resolve(pos + 1).blockRange();
    const wrapper = chance.pick(["blockquote", "bulletList"]);
    const wrapping = range && findWrapping(range, story.type.schema.nodes[wrapper] as never);
    return range && wrapping
      ? [
          (tr) => {
            const now = tr.doc.resolve(pos + 1).blockRange();
            if (now) tr.wrap(now, wrapping);
          },
        ]
      : nothing;
  },
  "move a block": ({ chance }, story) => {
    const from = chance.number(story.childCount);
    const to = chance.number(story.childCount);
    if (from === to || story.childCount < 2) return nothing;
    return [
      (tr) => {
        const node = tr.doc.child(from);
        const at = (index: number): number => {
          let pos = 0;
          for (let i = 0; i < index; i += 1) pos += tr.doc.child(i).nodeSize;
          return pos;
        };
        tr.delete(at(from), at(from) + node.nodeSize);
        tr.insert(at(to), node);
      },
    ];
  },
  "cut and paste": ({ chance }, story) => {
    const places = textPlaces(story);
    const cut = wordsIn(chance, chance.pick(places), 12);
    const target = wordsIn(chance, chance.pick(places), 1)?.from;
    if (cut === null || target === undefined || (target > cut.from && target < cut.to)) return nothing;
    let held: Slice = Slice.empty;
    const to = target >= cut.to ? target - (cut.to - cut.from) : target;
    const slices = new Map<unknown, Slice>();
    return [
      (tr, written) => {
        slices.set(written, tr.doc.slice(cut.from, cut.to));
        tr.delete(cut.from, cut.to);
      },
      (tr, written) => {
        held = slices.get(written) ?? held;
        tr.replaceRange(to, to, new Slice(Fragment.from(held.content), held.openStart, held.openEnd));
      },
    ];
  },
  "copy and paste": ({ chance, alphabet }, story, shadow) => {
    const places = textPlaces(story);
    const copied = wordsIn(chance, chance.pick(places), 14);
    const target = wordsIn(chance, chance.pick(places), 1)?.from;
    if (copied === null || target === undefined) return nothing;
    const text = decode(alphabet, shadow.textBetween(copied.from, copied.to, "", " "));
    return text === "" ? nothing : [type(target, encode(alphabet, text))];
  },
  retype: ({ chance, claims }, story, shadow) => {
    const claimed = chance.happens(0.5) ? claimPlace(shadow, chance.pick(claims)) : null;
    const place = claimed ?? wordsIn(chance, chance.pick(textPlaces(story)), 4);
    if (place === null || place.to <= place.from) return nothing;
    if (!story.resolve(place.from).sameParent(story.resolve(place.to))) return nothing;
    const codes = shadow.textBetween(place.from, place.to, "", "");
    if (codes.length !== place.to - place.from) return nothing;
    return [remove(place.from, place.to), type(place.from, codes)];
  },
  "write other words": ({ chance, alphabet }, story) => {
    const place = wordsIn(chance, chance.pick(textPlaces(story)), 3);
    if (place === null) return nothing;
    const codes = encode(alphabet, `${chance.number(9000)} others `);
    return [
      (tr, written) => {
        tr.delete(place.from, place.to);
        tr.insert(place.from, schema.text(written(codes)));
      },
    ];
  },
  "delete words": ({ chance }, story) => {
    const place = wordsIn(chance, chance.pick(textPlaces(story)), 5);
    return place === null ? nothing : [remove(place.from, place.to)];
  },
  bold: ({ chance }, story) => {
    const place = wordsIn(chance, chance.pick(textPlaces(story)), 6);
    return place === null
      ? nothing
      : [(tr) => tr.addMark(place.from, place.to, tr.doc.type.schema.mark("bold"))];
  },
};

const mixes: Readonly<Record<Mix, readonly string[]>> = {
  mixed: [
    ...Object.keys(planners).filter((name) => name !== "copy and paste"),
    "type",
    "type",
    "undo",
    "undo",
  ],
  restored: [...Object.keys(planners).filter((name) => name !== "copy and paste"), "undo"],
  duplicated: [...Object.keys(planners), "undo", "undo"],
  dragged: ["move a block", "move a block", "type"],
};

/** The places at which a claim's own letters stand together, as whole words equal to its quote. */
function truePlaces(shadow: string, story: string, claim: string, quote: string): Span[] {
  const places: Span[] = [];
  for (let at = shadow.indexOf(claim[0] ?? ""); at !== -1; at = shadow.indexOf(claim[0] ?? "", at + 1)) {
    let end = at;
    for (const code of claim) {
      while (shadow[end] !== code && /\s/.test(story[end] ?? "x")) end += 1;
      if (shadow[end] !== code) {
        end = -1;
        break;
      }
      end += 1;
    }
    if (end === -1) continue;
    const span = { start: at, end };
    if (fold(story.slice(at, end)) === fold(quote) && standsOnTokenBorders(story, span)) places.push(span);
  }
  return places;
}

function markClaims(
  chance: Chance,
  field: FieldText,
  shadow: string,
  count: number,
): { anchors: Anchor[]; claims: string[] } {
  const anchors: Anchor[] = [];
  const claims: string[] = [];
  while (anchors.length < count) {
    const block = chance.pick(field.blocks);
    const words = Array.from(field.text.slice(block.start, block.end).matchAll(/\S+/g));
    const first = chance.number(words.length);
    const last = Math.min(words.length - 1, first + chance.number(6));
    const from = words[first];
    const to = words[last];
    if (from === undefined || to === undefined) continue;
    const length = to[0].replace(/[.,”]+$/, "").length;
    const span = widen(field.text, { start: block.start + from.index, end: block.start + to.index + length });
    // One word in lower case is nothing that can be checked.
    if (first === last && !/[\p{Lu}\p{N}]/u.test(from[0])) continue;
    const relStart = positionAt(field, span.start, "start");
    const relEnd = positionAt(field, span.end, "end");
    if (relStart === null || relEnd === null) continue;
    const anchor = placeAnchor(field, { quote: field.text.slice(span.start, span.end), relStart, relEnd });
    if ("refused" in anchor) continue;
    anchors.push(anchor);
    claims.push(shadow.slice(span.start, span.end));
  }
  return { anchors, claims };
}

/** Edits a story as the seed says, healing whenever the server would, and tells where the claims ended. */
export function runEditing({ seed, mix, claims: count, operations }: Editing, clock: () => number): Outcome {
  const chance = seededChance(seed);
  const alphabet: Alphabet = { letters: new Map(), next: firstCode };
  const first = firstStory(chance, alphabet, mix === "duplicated" || mix === "dragged" ? 0.3 : 0);
  const written = (codes: string): string => decode(alphabet, codes);
  const asIs = (codes: string): string => codes;
  const story = openWorld(rewrite(first, written), written);
  const shadow = openWorld(first, asIs);
  const worlds = [story, shadow];
  let field = fieldText(story.body);
  const marked = markClaims(chance, field, fieldText(shadow.body).text, count);
  const { claims } = marked;
  let { anchors } = marked;
  let healMs = 0;
  let healings = 0;
  let unlike = 0;
  const heal = (): void => {
    const before = field;
    field = fieldText(story.body);
    const started = clock();
    const healed = healAnchors(field, anchors, before);
    healMs += clock() - started;
    healings += 1;
    const resolved = healAnchors(fieldText(story.body), anchors);
    unlike += healed.filter((anchor, index) => !sameAnchor(anchor, resolved[index] ?? anchor)).length;
    anchors = healed;
  };
  const both = (act: (world: World) => void): void => worlds.forEach(act);
  const actor: Actor = { chance, alphabet, claims };
  for (let operation = 0; operation < operations; operation += 1) {
    const who = chance.number(2) as 0 | 1;
    const name = chance.pick(mixes[mix]);
    if (name === "undo") both((world) => world.peers[who].undo.undo());
    else {
      const [before, shadowBefore] = [
        read(story.peers[who].fragment).doc,
        read(shadow.peers[who].fragment).doc,
      ];
      for (const change of planners[name]?.(actor, before, shadowBefore) ?? nothing) {
        both((world) => edit(world, world.peers[who].fragment, ySyncPluginKey, change));
        if (chance.happens(0.5)) {
          both((world) => exchange(world, world.peers[who]));
          if (chance.happens(0.6)) heal();
        }
      }
    }
    if (operation === Math.floor(operations / 2)) both((world) => (world.kept = read(world.body).doc));
    const who2 = chance.number(2) as 0 | 1;
    if (chance.happens(0.7)) both((world) => exchange(world, world.peers[who2]));
    if (chance.happens(0.5)) heal();
    if (
      decode(alphabet, fieldText(shadow.peers[who].fragment).text) !==
      fieldText(story.peers[who].fragment).text
    )
      break;
  }
  const settleDown = (): void => {
    for (let round = 0; round < 2; round += 1)
      both((world) => world.peers.forEach((peer) => exchange(world, peer)));
    heal();
  };
  settleDown();
  if (mix === "restored") {
    both((world) => {
      const { kept } = world;
      if (kept !== null)
        edit(world, world.body, "restore", (tr) => tr.replaceWith(0, tr.doc.content.size, kept.content));
    });
    settleDown();
  }
  const again = healAnchors(fieldText(story.body), anchors);
  const texts = [story.body, story.peers[0].fragment, story.peers[1].fragment].map(
    (body) => fieldText(body).text,
  );
  const shadowText = fieldText(shadow.body).text;
  const outcome: Outcome = {
    surviving: 0,
    right: 0,
    wrong: 0,
    lost: 0,
    untrue: anchors.filter(
      (a) =>
        (a.state === "anchored" || a.state === "moved") &&
        fold(field.text.slice(a.start ?? 0, a.end ?? 0)) !== fold(a.quote),
    ).length,
    gone: 0,
    atCopies: 0,
    restless: again.filter(
      (anchor, index) => !sameAnchor(anchor, anchors[index] ?? anchor) || anchor !== anchors[index],
    ).length,
    converged: texts.every((text) => text === field.text),
    unlike,
    told: decode(alphabet, shadowText) === field.text,
    healMs,
    healings,
  };
  if (!outcome.told) return outcome;
  anchors.forEach((anchor, index) => {
    const places = truePlaces(shadowText, field.text, claims[index] ?? "", anchor.quote);
    const sameWords = anchor.state === "anchored" || anchor.state === "moved";
    if (places.length === 0) {
      outcome.gone += 1;
      if (sameWords) outcome.atCopies += 1;
      return;
    }
    if (places.length > 1 && anchor.state === "orphaned") return; // two equally good places are no place
    outcome.surviving += 1;
    if (anchor.state === "orphaned") outcome.lost += 1;
    else if (sameWords && places.some((place) => place.start === anchor.start && place.end === anchor.end))
      outcome.right += 1;
    else outcome.wrong += 1;
  });
  return outcome;
}
