/**
 * Several people write one story, seeded, through the editors' binding; the log of what they send is followed. Who truly
 * wrote each letter is read from a shadow: the same operations on the same story, in which every letter ever written is a
 * letter of its own.
 */
import { defaultDeleteFilter, defaultProtectedNodes, ySyncPluginKey } from "@tiptap/y-tiptap";
import { Transform } from "@tiptap/pm/transform";
import * as Y from "yjs";
import { emptyAuthorship, type Author } from "./authorship";
import { followUpdate, startFollowing, type AuthoredText } from "./authorship-follow";
import { authoredSpans, writtenText, type WrittenText } from "./authorship-words";
import { readContent, type StoryContent } from "./content";
import { fieldText } from "./plain-text";
import {
  decode,
  edit,
  encode,
  firstCode,
  firstStory,
  planners,
  read,
  rewrite,
  seededChance,
  textPlaces,
  wordsIn,
  type Alphabet,
  type Edit,
} from "./test-editing-peers";
import { replaceContent } from "./write-content";

export type Writing = "mixed" | "duplicated" | "restored" | "offline";
export type WritingOutcome = {
  /** Letters but white space of the text at the end, and those of them whose author is the true one. */
  readonly letters: number;
  readonly right: number;
  /** False when story and shadow ran apart, so that nothing can be told. */
  readonly told: boolean;
};

type Sent = {
  readonly personId: Author;
  readonly update: Uint8Array;
  readonly restores?: WrittenText | undefined;
};
type Peer = {
  readonly personId: string;
  readonly doc: Y.Doc;
  readonly fragment: Y.XmlFragment;
  readonly undo: Y.UndoManager;
  readonly unsent: Uint8Array[];
};
type World = {
  readonly peers: readonly Peer[];
  readonly server: Y.Doc;
  readonly body: Y.XmlFragment;
  readonly written: (codes: string) => string;
  readonly log: Sent[];
  nextId: number;
  kept: { content: StoryContent; written: WrittenText | null } | null;
};

const peopleCount = 4;

function openWorld(first: Parameters<typeof rewrite>[0], written: (codes: string) => string): World {
  const server = new Y.Doc();
  server.clientID = 1;
  const body = server.getXmlFragment("body");
  const log: Sent[] = [];
  const peers = Array.from({ length: peopleCount }, (_, n): Peer => {
    const doc = new Y.Doc();
    doc.clientID = 10 + n;
    const fragment = doc.getXmlFragment("body");
    const unsent: Uint8Array[] = [];
    doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "server") unsent.push(update);
    });
    const undo = new Y.UndoManager(fragment, {
      trackedOrigins: new Set([ySyncPluginKey]),
      deleteFilter: (item) => defaultDeleteFilter(item, defaultProtectedNodes),
      captureTimeout: 0,
    });
    return { personId: `person${String(n)}`, doc, fragment, undo, unsent };
  });
  const world: World = { peers, server, body, written, log, nextId: 0, kept: null };
  const start = (update: Uint8Array) => log.push({ personId: "person0", update });
  server.on("update", start);
  edit(world, body, "import", (tr) => tr.replaceWith(0, tr.doc.content.size, first.content));
  server.off("update", start);
  for (const peer of peers) hear(world, peer);
  return world;
}

const hear = (world: World, peer: Peer) =>
  Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(world.server, Y.encodeStateVector(peer.doc)), "server");

function send(world: World, peer: Peer): void {
  for (const update of peer.unsent.splice(0)) {
    Y.applyUpdate(world.server, update, "peer");
    world.log.push({ personId: peer.personId, update });
  }
  hear(world, peer);
}

function restore(world: World, personId: string, client: number): void {
  if (!world.kept) return;
  const staging = new Y.Doc();
  staging.clientID = client;
  Y.applyUpdate(staging, Y.encodeStateAsUpdate(world.server));
  const before = Y.encodeStateVector(staging);
  replaceContent(staging, world.kept.content, () => `b${String((world.nextId += 1))}`);
  const update = Y.encodeStateAsUpdate(staging, before);
  Y.applyUpdate(world.server, update, "peer");
  world.log.push({ personId, update, restores: world.kept.written ?? undefined });
}

/** Follows the log up to its end, one minute an update. */
function follow(text: AuthoredText, log: readonly Sent[], from: number): number {
  for (const [index, sent] of log.slice(from).entries())
    followUpdate(text, { ...sent, at: new Date((from + index) * 60_000) });
  return log.length;
}

/** `knowsVersions`: a restored version's authors are told, as they are where the version was kept with them. */
export function runWriting({
  seed,
  mix,
  operations,
  knowsVersions,
}: {
  readonly seed: number;
  readonly mix: Writing;
  readonly operations: number;
  readonly knowsVersions: boolean;
}): WritingOutcome {
  const chance = seededChance(seed);
  const alphabet: Alphabet = { letters: new Map(), next: firstCode };
  const first = firstStory(chance, alphabet, mix === "duplicated" ? 0.3 : 0);
  /** Codes below this were written by that person. */
  const truth: { below: number; by: string }[] = [{ below: alphabet.next, by: "person0" }];
  const story = openWorld(
    rewrite(first, (codes) => decode(alphabet, codes)),
    (codes) => decode(alphabet, codes),
  );
  const shadow = openWorld(first, (codes) => codes);
  const both = (act: (world: World) => void) => [story, shadow].forEach(act);
  const text = startFollowing(emptyAuthorship());
  let followed = 0;
  let clipboard: string | null = null;
  const names = [
    ...Object.keys(planners).filter((name) => mix === "duplicated" || name !== "copy and paste"),
    "type",
    "type",
    "cut",
    "paste",
    "undo",
    "undo",
    "redo",
    ...(mix === "restored" ? ["restore", "restore", "keep"] : []),
  ];
  const actor = { chance, alphabet, claims: [String.fromCharCode(firstCode)] };

  for (let operation = 0; operation < operations; operation += 1) {
    const who = chance.number(peopleCount);
    const of = (world: World): Peer => world.peers[who] ?? fail();
    const act = (change: Edit) => both((world) => edit(world, of(world).fragment, ySyncPluginKey, change));
    // Letters that are alike can lead to other edits than letters that are not: then the two go different ways.
    if (!shapeOf(of(story)).eq(rewrite(shapeOf(of(shadow)), (codes) => decode(alphabet, codes)))) break;
    const name = chance.pick(names);
    if (name === "undo") both((world) => of(world).undo.undo());
    else if (name === "redo") both((world) => of(world).undo.redo());
    else if (name === "keep") {
      followed = follow(text, story.log, followed);
      const written = writtenText((field) => fieldText(text.doc.getXmlFragment(field)), text.authorship);
      story.kept = { content: readContent(story.server), written: knowsVersions ? written : null };
      shadow.kept = { content: readContent(shadow.server), written: null };
    } else if (name === "restore") {
      both((world) => world.peers.forEach((peer) => send(world, peer)));
      both((world) => restore(world, of(world).personId, 1000 + operation));
      both((world) => world.peers.forEach((peer) => hear(world, peer)));
    } else if (name === "cut" && clipboard === null) {
      const { doc } = read(of(shadow).fragment);
      const words = wordsIn(chance, chance.pick(textPlaces(doc)), 12);
      if (words) {
        clipboard = doc.textBetween(words.from, words.to, "", "");
        act((tr) => tr.delete(words.from, words.to));
      }
    } else if (name === "paste" && clipboard !== null) {
      const codes = clipboard;
      clipboard = null;
      const { pos } = chance.pick(textPlaces(read(of(story).fragment).doc));
      act((tr, written) => tr.insert(pos + 1, tr.doc.type.schema.text(written(codes))));
    } else {
      const before = read(of(story).fragment).doc;
      for (const change of planners[name]?.(actor, before, read(of(shadow).fragment).doc) ?? []) {
        if (name === "type" && chance.happens(0.5)) {
          // Letter by letter, as fingers do, sometimes followed by taking one back.
          const place = wordsIn(chance, chance.pick(textPlaces(read(of(story).fragment).doc)), 1);
          const codes = encode(alphabet, chance.pick(["indeed ", "yesterday ", "Kosovo ", "the ", "12 "]));
          for (const [n, code] of Array.from(codes).entries())
            if (place)
              act((tr, written) => tr.insert(place.from + n, tr.doc.type.schema.text(written(code))));
        } else if (name !== "join" || isPossible(before, change)) act(change);
      }
      // Not between its edits: the places that they name would be others.
      if (chance.happens(0.5)) both((world) => send(world, of(world)));
    }
    truth.push({ below: alphabet.next, by: `person${String(who)}` });
    if (mix !== "offline" || chance.happens(0.2)) {
      const who2 = chance.number(peopleCount);
      if (chance.happens(0.7)) both((world) => send(world, world.peers[who2] ?? fail()));
    }
  }
  for (let round = 0; round < 2; round += 1)
    both((world) => world.peers.forEach((peer) => send(world, peer)));
  follow(text, story.log, followed);

  const field = fieldText(text.doc.getXmlFragment("body"));
  const codes = fieldText(shadow.body).text;
  const told = decode(alphabet, codes) === field.text && fieldText(story.body).text === field.text;
  const outcome = { letters: 0, right: 0, told };
  if (!told) return outcome;
  const trueAuthor = (code: string) => truth.find(({ below }) => code.charCodeAt(0) < below)?.by ?? null;
  const whole = { start: 0, end: field.text.length };
  for (const { start, end, by } of authoredSpans(field, text.authorship, whole)) {
    for (let at = start; at < end; at += 1) {
      if (/\s/.test(field.text[at] ?? "")) continue;
      outcome.letters += 1;
      if (by === trueAuthor(codes[at] ?? "")) outcome.right += 1;
    }
  }
  return outcome;
}

/** ProseMirror says of some blocks of two kinds that they can be joined, and then cannot. */
function isPossible(doc: ReturnType<typeof shapeOf>, change: Edit): boolean {
  try {
    change(new Transform(doc), (codes) => codes);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "TransformError") return false;
    throw error;
  }
}

const shapeOf = (peer: Peer) => read(peer.fragment).doc;

function fail(): never {
  throw new Error("no such peer");
}
