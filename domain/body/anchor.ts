/**
 * Anchors: where words of a story stand now.
 *
 * [AN1] An anchor lies beside the text. It keeps Yjs positions at its first and last letter, the words it looks for, what
 * stood around them, their block's id, and how many other copies of the words there were.
 * [AN2] `anchored` and `moved` always mean the same folded words; two equally good places are no place.
 * [AN3] Words are widened to token borders before they are compared.
 * [AN4] Healing is a function of the anchor and the text alone, and healing twice changes nothing.
 */
import search from "approx-string-match";
import type { Refusal } from "../refusal";
import type { AnchorState } from "./anchor-state";
import { fold, foldWithPlaces, type Folded } from "./fold";
import {
  blockAt,
  blockSeparator,
  changedBlocks,
  positionAt,
  resolvePosition,
  type FieldText,
  type Resolved,
  type TextBlock,
} from "./plain-text";
import { sentenceAround } from "./sentences";
import { isSimilar, sharedShare } from "./similar";
import { holdsWords, standsOnTokenBorders, widen, type Span } from "./tokens";

export type Anchor = {
  readonly state: AnchorState;
  /** Kept when orphaned: the place may be written in again. */
  readonly relStart: Uint8Array | null;
  readonly relEnd: Uint8Array | null;
  /** The words it looks for: those at creation, then those of the standing verdict. */
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly blockId: string | null;
  readonly otherCopies: number;
  /** UTF-16 offsets in the field's plain text, end exclusive; null when orphaned. */
  readonly start: number | null;
  readonly end: number | null;
  /** The words there now; when orphaned, the last ones. */
  readonly words: string;
  /** The sentence around them now; when orphaned, the last one. */
  readonly sentence: string;
};

export type Selection = {
  readonly quote: string;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  readonly relStart?: Uint8Array | undefined;
  readonly relEnd?: Uint8Array | undefined;
};

export type NoPlace = Refusal<"quote-not-found" | "quote-ambiguous" | "no-words">;

/** Twice what the first design kept: news repeats itself. */
const contextLength = 64;
/** Letters of the neighbouring words that hold a place when the words in it are others. */
const pinLength = 12;
/** How far from its place, in letters, a neighbour may have been pushed. */
const farthestPin = 60;
/** How much better than the second the best of several copies must be. */
const clearlyBetter = 0.15;

/** Less of the context than this speaks for no copy among several. */
const weakContext = 0.3;

/** A field with what the search for words needs, made once for all its anchors, and only when one of them asks. */
type Ground = {
  readonly field: FieldText;
  readonly folded: Folded;
  /** Folded offsets of each word. */
  readonly words: ReadonlyMap<string, readonly number[]>;
  /** How often copies were looked for in it. */
  searches: number;
};

/** With more searches than this, finding every word of the field once is the quicker way. */
const fewSearches = 40;

const eachWord = /[\p{L}\p{M}\p{N}]+/gu;
const grounds = new WeakMap<FieldText, Ground>();

function groundOf(field: FieldText): Ground {
  const known = grounds.get(field);
  if (known !== undefined) return known;
  let folded: Folded | undefined;
  let words: Ground["words"] | undefined;
  const ground: Ground = {
    field,
    searches: 0,
    get folded() {
      return (folded ??= foldWithPlaces(field.text));
    },
    get words() {
      return (words ??= placesOfWords(ground.folded));
    },
  };
  grounds.set(field, ground);
  return ground;
}

function placesOfWords(folded: Folded): ReadonlyMap<string, readonly number[]> {
  const words = new Map<string, number[]>();
  for (const match of folded.text.matchAll(eachWord)) {
    const places = words.get(match[0]);
    if (places === undefined) words.set(match[0], [match.index]);
    else places.push(match.index);
  }
  return words;
}

/**
 * An anchor at the selected words. With positions, they must enclose exactly the quote; without, the quote must stand
 * exactly once in the field with the context given. The anchor's own words are the quote widened to token borders.
 */
export function placeAnchor(field: FieldText, selected: Selection): Anchor | NoPlace {
  const quote = fold(selected.quote);
  if (!holdsWords(quote)) return { refused: "no-words" };
  const ground = groundOf(field);
  const span =
    selected.relStart && selected.relEnd
      ? enclosed(ground, quote, selected.relStart, selected.relEnd)
      : quoted(ground, quote, selected);
  if ("refused" in span) return span;
  const words = field.text.slice(span.start, span.end);
  return settle(ground, { ...unplaced, quote: words }, span, "anchored");
}

const unplaced: Anchor = {
  state: "anchored",
  relStart: null,
  relEnd: null,
  quote: "",
  prefix: "",
  suffix: "",
  blockId: null,
  otherCopies: 0,
  start: null,
  end: null,
  words: "",
  sentence: "",
};

function enclosed(
  { field }: Ground,
  quote: string,
  relStart: Uint8Array,
  relEnd: Uint8Array,
): Span | NoPlace {
  const start = resolvePosition(field, relStart);
  const end = resolvePosition(field, relEnd);
  if (start === null || end === null || fold(field.text.slice(start.offset, end.offset)) !== quote)
    return { refused: "quote-not-found" };
  return widen(field.text, { start: start.offset, end: end.offset });
}

function quoted(ground: Ground, quote: string, { prefix = "", suffix = "" }: Selection): Span | NoPlace {
  const { field, folded } = ground;
  const all: Span[] = [];
  for (let at = folded.text.indexOf(quote); at !== -1; at = folded.text.indexOf(quote, at + 1))
    all.push({ start: folded.unfold(at), end: folded.unfold(at + quote.length) });
  const before = fold(prefix);
  const after = fold(suffix);
  // White space may be collapsed: look a little further than the context is long.
  const [farBefore, farAfter] = [2 * prefix.length + 8, 2 * suffix.length + 8];
  const fitting = all.filter(
    ({ start, end }) =>
      fold(field.text.slice(Math.max(0, start - farBefore), start)).endsWith(before) &&
      fold(field.text.slice(end, end + farAfter)).startsWith(after),
  );
  const whole = fitting.filter((span) => standsOnTokenBorders(field.text, span));
  const [only, second] = whole.length > 0 ? whole : fitting;
  if (only === undefined) return { refused: "quote-not-found" };
  if (second !== undefined) return { refused: "quote-ambiguous" };
  return widen(field.text, only);
}

/**
 * [AN4] The anchors with their places in this text, in the same order; an anchor that nothing happened to is the same
 * object. All of them are taken against one reading of the field. `settledIn` is an earlier reading in which every one
 * of them was placed or healed: the answer is the same, found by resolving only what the difference touched.
 */
export function healAnchors(field: FieldText, anchors: readonly Anchor[], settledIn?: FieldText): Anchor[] {
  const ground = groundOf(field);
  const pushed = settledIn && pushedAlong(settledIn, field, anchors);
  return anchors.map((anchor) => pushed?.(anchor) ?? healAnchor(ground, anchor));
}

/**
 * What becomes of an anchor that stands on its words, when the change between two readings left everything that decides
 * about it alone: its letters, what stands around them, and how many copies of its words there are. Null for all others.
 */
function pushedAlong(
  before: FieldText,
  after: FieldText,
  anchors: readonly Anchor[],
): (anchor: Anchor) => Anchor | null {
  const { from, beforeTo, shift } = changedBlocks(before, after);
  const longest = anchors.reduce((length, { quote }) => Math.max(length, quote.length), 0);
  const around = (field: FieldText, to: number): Ground => {
    const start = blockAt(field, Math.max(0, from - longest))?.start ?? 0;
    const end = blockAt(field, Math.min(field.text.length, to + longest))?.end ?? field.text.length;
    return groundOf({ text: field.text.slice(start, end), blocks: [], runs: [], branches: [] });
  };
  const [wasAround, isAround] = [around(before, beforeTo), around(after, beforeTo + shift)];
  const keepsCopies = new Map<string, boolean>();
  const hasAsManyCopies = (quote: string): boolean => {
    const known = keepsCopies.get(quote);
    if (known !== undefined) return known;
    const folded = fold(quote);
    const keeps = copiesOf(wasAround, folded).length === copiesOf(isAround, folded).length;
    keepsCopies.set(quote, keeps);
    return keeps;
  };
  return (anchor) => {
    const { state, start, end, relStart, relEnd, quote } = anchor;
    if (state !== "anchored" && state !== "moved") return null;
    if (start === null || end === null || relStart === null || relEnd === null) return null;
    const isBefore = end + contextLength <= from;
    const isBehind = start - contextLength >= beforeTo;
    if ((!isBefore && !isBehind) || !hasAsManyCopies(quote)) return null;
    return isBefore || shift === 0 ? anchor : { ...anchor, start: start + shift, end: end + shift };
  };
}

function healAnchor(ground: Ground, anchor: Anchor): Anchor {
  const quote = fold(anchor.quote);
  const says = (span: Span): boolean => fold(wordsAt(ground, span)) === quote;
  const own = ownRange(ground, anchor);
  if (own.span !== null && says(own.span))
    return settle(ground, anchor, own.span, anchor.state === "moved" ? "moved" : "anchored");
  const inPlace = betweenNeighbours(ground, anchor, own);
  if (inPlace !== null && says(inPlace)) return settle(ground, anchor, inPlace, "anchored");
  const copies = copiesOf(ground, quote);
  if (copies.length > anchor.otherCopies) {
    const copy = bestCopy(ground, anchor, own, copies);
    if (copy === "several") return orphan(anchor);
    if (copy !== null)
      return settle(ground, anchor, copy, keepsItsPlace(ground, anchor, copy) ? "anchored" : "moved");
  }
  if (inPlace !== null) return settle(ground, anchor, inPlace, "changed");
  if (own.span !== null && isSimilar(quote, fold(wordsAt(ground, own.span))))
    return settle(ground, anchor, own.span, "changed");
  const alike = alikeElsewhere(ground, anchor, quote);
  return alike === null ? orphan(anchor) : settle(ground, anchor, alike, "changed");
}

function orphan(anchor: Anchor): Anchor {
  if (anchor.state === "orphaned") return anchor;
  return { ...anchor, state: "orphaned", start: null, end: null };
}

function wordsAt({ field }: Ground, span: Span): string {
  return field.text.slice(span.start, span.end);
}

/** The anchor standing at this span; the same object when nothing about it is new. */
function settle(ground: Ground, anchor: Anchor, span: Span, state: AnchorState): Anchor {
  const { field } = ground;
  const { start, end } = span;
  const sentence = sentenceAround(field, span);
  const copies = copiesOf(ground, fold(anchor.quote)).length;
  const settled: Anchor = {
    state,
    relStart: positionAt(field, start, "start"),
    relEnd: positionAt(field, end, "end"),
    quote: anchor.quote,
    prefix: wholeCharacters(field.text.slice(Math.max(0, start - contextLength), start)),
    suffix: wholeCharacters(field.text.slice(end, end + contextLength)),
    blockId: blockAt(field, start)?.id ?? null,
    otherCopies: state === "changed" ? copies : Math.max(0, copies - 1),
    start,
    end,
    words: wordsAt(ground, span),
    sentence: wordsAt(ground, sentence),
  };
  return sameAnchor(anchor, settled) ? anchor : settled;
}

/** Half a character at a cut is left out: the store keeps none, and an anchor read back must be the same (AN4). */
function wholeCharacters(cut: string): string {
  return cut.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, "");
}

export function sameAnchor(a: Anchor, b: Anchor): boolean {
  return (
    a.state === b.state &&
    a.start === b.start &&
    a.end === b.end &&
    a.words === b.words &&
    a.sentence === b.sentence &&
    a.quote === b.quote &&
    a.prefix === b.prefix &&
    a.suffix === b.suffix &&
    a.blockId === b.blockId &&
    a.otherCopies === b.otherCopies &&
    sameBytes(a.relStart, b.relStart) &&
    sameBytes(a.relEnd, b.relEnd)
  );
}

export function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

type OwnRange = {
  readonly start: Resolved | null;
  readonly end: Resolved | null;
  /** Null when nothing is left between the positions. */
  readonly span: Span | null;
};

function ownRange({ field }: Ground, anchor: Anchor): OwnRange {
  const start = anchor.relStart && resolvePosition(field, anchor.relStart);
  const end = anchor.relEnd && resolvePosition(field, anchor.relEnd);
  if (start === null || end === null || start.offset >= end.offset) return { start, end, span: null };
  const span = widen(field.text, { start: start.offset, end: end.offset });
  return { start, end, span: holdsWords(field.text.slice(span.start, span.end)) ? span : null };
}

/**
 * What stands between the words that stood around the claim: the claim's place, whatever is written in it now. Null when
 * an end can be told neither by a living letter nor by its neighbours, or when there is nothing (or far too much) between.
 */
function betweenNeighbours({ field }: Ground, anchor: Anchor, own: OwnRange): Span | null {
  const { text } = field;
  const near = own.start ?? own.end;
  const block = near === null ? blockWithId(field, anchor.blockId) : blockAt(field, near.offset);
  if (block === null) return null;
  const longest = 2 * anchor.quote.length + 40;
  const start =
    own.start?.alive === true
      ? own.start.offset
      : pinBefore(text, block, anchor.prefix, own.start?.offset ?? null);
  if (start === null) return null;
  const end =
    own.end?.alive === true
      ? own.end.offset
      : pinAfter(text, block, anchor.suffix, Math.max(start, own.end?.offset ?? 0));
  if (end === null || end <= start || end - start > longest) return null;
  // A letter that lives vouches for its own end only: with both ends from neighbours the words may be any.
  const span = widen(text, { start, end });
  return holdsWords(text.slice(span.start, span.end)) ? span : null;
}

function blockWithId(field: FieldText, id: string | null): TextBlock | null {
  if (id === null) return null;
  const [only, second] = field.blocks.filter((block) => block.id === id);
  return only !== undefined && second === undefined ? only : null;
}

/** Where the words right before the claim end, at or before `near`. */
function pinBefore(text: string, block: TextBlock, prefix: string, near: number | null): number | null {
  const pin = prefix
    .slice(prefix.lastIndexOf(blockSeparator) + (prefix.includes(blockSeparator) ? 2 : 0))
    .slice(-pinLength);
  if (pin === "") return block.start;
  if (near !== null) {
    const at = text.lastIndexOf(pin, near - pin.length);
    return near >= pin.length && at >= Math.max(block.start, near - pin.length - farthestPin)
      ? at + pin.length
      : null;
  }
  const at = text.indexOf(pin, block.start);
  const known =
    at !== -1 && at + pin.length <= block.end && text.lastIndexOf(pin, block.end - pin.length) === at;
  return known ? at + pin.length : null;
}

/** Where the words right after the claim begin, at or after `near`. */
function pinAfter(text: string, block: TextBlock, suffix: string, near: number): number | null {
  const [inBlock = ""] = suffix.split(blockSeparator, 1);
  const pin = inBlock.slice(0, pinLength);
  if (pin === "") return block.end;
  const at = text.indexOf(pin, near);
  return at !== -1 && at <= block.end ? at : null;
}

/** Whole-token copies of the folded quote, in order. */
function copiesOf(ground: Ground, quote: string): Span[] {
  const { field, folded } = ground;
  ground.searches += 1;
  const copies: Span[] = [];
  let last = -1;
  for (const at of ground.searches > fewSearches ? byRarestWord(ground, quote) : everywhere(ground, quote)) {
    if (at < last) continue;
    const span = { start: folded.unfold(at), end: folded.unfold(at + quote.length) };
    if (!standsOnTokenBorders(field.text, span)) continue;
    copies.push(span);
    last = at + quote.length;
  }
  return copies;
}

function everywhere({ folded: { text } }: Ground, quote: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, at + 1)) places.push(at);
  return places;
}

function byRarestWord({ folded, words }: Ground, quote: string): number[] {
  let rarest: readonly number[] = [];
  let within = -1;
  for (const match of quote.matchAll(eachWord)) {
    const places = words.get(match[0]);
    if (places === undefined) return [];
    if (within !== -1 && places.length >= rarest.length) continue;
    rarest = places;
    within = match.index;
  }
  return rarest.map((place) => place - within).filter((at) => folded.text.startsWith(quote, at));
}

/** The copy that the anchor's block, context and place speak for; "several" when two are equally good. */
function bestCopy(
  ground: Ground,
  anchor: Anchor,
  own: OwnRange,
  copies: readonly Span[],
): Span | "several" | null {
  // Only what an orphan keeps too may decide: else a second healing could answer otherwise (AN4).
  const expected = own.start?.offset ?? own.end?.offset ?? null;
  const ranked = copies
    .map((span) => ({ span, score: scoreOf(ground, anchor, span, expected) }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = ranked;
  if (best === undefined) return null;
  if (second === undefined) return best.span;
  const isClear = best.score - second.score >= clearlyBetter;
  return isClear && contextShare(ground, anchor, best.span) >= weakContext ? best.span : "several";
}

function scoreOf(ground: Ground, anchor: Anchor, span: Span, expected: number | null): number {
  const block = blockAt(ground.field, span.start);
  const sameBlock = anchor.blockId !== null && block?.id === anchor.blockId ? 1 : 0;
  const far = expected === null ? 1 : Math.min(1, Math.abs(span.start - expected) / 1000);
  return sameBlock * 0.5 + contextShare(ground, anchor, span) * 2 + (1 - far) * 0.4;
}

/**
 * How much of what stood around the anchor's words stands around this span: 0 to 1. White space does not count, so that
 * a split or a join beside the words is no difference; and within their own block alone they may match too, for the
 * blocks around them may be others after a move.
 */
function contextShare({ field }: Ground, anchor: Anchor, span: Span): number {
  const { text } = field;
  const first = blockAt(field, span.start);
  const last = blockAt(field, Math.max(span.start, span.end - 1));
  if (first === null || last === null) return 0;
  const far = 2 * contextLength;
  const before = text.slice(Math.max(0, span.start - far), span.start);
  const after = text.slice(span.end, span.end + far);
  const inBlockBefore = text.slice(Math.max(first.start, span.start - far), span.start);
  const inBlockAfter = text.slice(span.end, Math.min(last.end, span.end + far));
  const wantedBefore = anchor.prefix.split(blockSeparator).at(-1) ?? "";
  const [wantedAfter = ""] = anchor.suffix.split(blockSeparator, 1);
  const shareBefore = Math.max(
    contextMatch(anchor.prefix, before, true),
    wantedBefore === ""
      ? Number(inBlockBefore === "") * 0.5
      : contextMatch(wantedBefore, inBlockBefore, true),
  );
  const shareAfter = Math.max(
    contextMatch(anchor.suffix, after, false),
    wantedAfter === "" ? Number(inBlockAfter === "") * 0.5 : contextMatch(wantedAfter, inBlockAfter, false),
  );
  return (shareBefore + shareAfter) / 2;
}

const anySpace = /\s+/g;
function contextMatch(wanted: string, found: string, fromEnd: boolean): number {
  const a = fold(wanted).replace(anySpace, "");
  const b = fold(found).replace(anySpace, "");
  return sharedShare(a, b, fromEnd);
}

/** The same words in the same block with the same neighbours were written anew, not moved. */
function keepsItsPlace(ground: Ground, anchor: Anchor, span: Span): boolean {
  return (
    anchor.blockId !== null &&
    blockAt(ground.field, span.start)?.id === anchor.blockId &&
    contextShare(ground, anchor, span) > 0.5
  );
}

/** Words much like the quote, among neighbours much like the anchor's; null when there are none, or two such places. */
function alikeElsewhere(ground: Ground, anchor: Anchor, quote: string): Span | null {
  const words = new Set(quote.match(eachWord));
  if (words.size < 2 || quote.length < 10 || quote.length > 500) return null;
  const { field, folded } = ground;
  const found: { span: Span; score: number }[] = [];
  for (const block of blocksHolding(ground, words)) {
    const from = folded.refold(block.start);
    const inBlock = folded.text.slice(from, folded.refold(block.end));
    for (const match of search(inBlock, quote, Math.floor(quote.length * 0.3))) {
      const span = widen(field.text, {
        start: folded.unfold(from + match.start),
        end: folded.unfold(from + match.end),
      });
      const context = contextShare(ground, anchor, span);
      if (context < 0.4 || !holdsWords(wordsAt(ground, span)) || fold(wordsAt(ground, span)) === quote)
        continue;
      found.push({ span, score: context - match.errors / quote.length });
    }
  }
  const [best, ...rest] = found.sort((a, b) => b.score - a.score);
  if (best === undefined) return null;
  const second = rest.find(({ span }) => span.end <= best.span.start || span.start >= best.span.end);
  return second !== undefined && best.score - second.score < clearlyBetter ? null : best.span;
}

/** The blocks that hold at least half of these words. */
function blocksHolding({ field, folded, words }: Ground, wanted: ReadonlySet<string>): TextBlock[] {
  const held = new Map<TextBlock, number>();
  for (const word of wanted) {
    const blocks = new Set((words.get(word) ?? []).map((place) => blockAt(field, folded.unfold(place))));
    for (const block of blocks) if (block !== null) held.set(block, (held.get(block) ?? 0) + 1);
  }
  return [...held].filter(([, count]) => count * 2 >= wanted.size).map(([block]) => block);
}
