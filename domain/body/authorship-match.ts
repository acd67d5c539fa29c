/**
 * New words that equal removed ones: found as the whole of what is new, else in long stretches, and between those word
 * by word. Every removed letter is found once, so that what is put in twice is the second time the typist's.
 */
import { diffArrays } from "diff";
import type { Letters, Removed } from "./authorship";

/** A stretch of new text, and the removed letters that it equals. */
export type Match = { readonly at: number; readonly length: number; readonly letters: readonly Letters[] };

/** Equal letters in a row that are no chance: two or three words. */
const longEnough = 12;
/** Letters by which a long stretch is looked up. */
const gramLength = 8;
/** Places tried for one gram: the same sentence a hundred times is the same sentence. */
const mostTried = 48;
const mostEdits = 200;

const wordCharacter = /[\p{L}\p{M}\p{N}]/u;
const eachToken = /[\p{L}\p{M}\p{N}]+|\s+|[^\p{L}\p{M}\p{N}\s]/gu;

/** Removed words among which new ones are looked for. */
export type Pool = {
  readonly words: readonly Removed[];
  /** By the words' index, the letters that were found already. */
  readonly used: Map<number, Uint8Array>;
  /** Made when a long stretch is looked for. */
  grams?: { readonly joined: string; readonly starts: readonly number[]; readonly at: Map<string, number[]> };
};

export function openPool(words: readonly Removed[]): Pool {
  return { words, used: new Map() };
}

/** What was not found among the first `count` of the words; the same words where nothing was. */
export function leftIn({ words, used }: Pool, count = words.length): readonly Removed[] {
  if (used.size === 0 && count === words.length) return words;
  return words.slice(0, count).flatMap((one, index) => {
    const marks = used.get(index);
    if (!marks) return [one];
    const left: Removed[] = [];
    let from = 0;
    for (let at = 0; at <= marks.length; at += 1) {
      if (at < marks.length && marks[at] !== 1) continue;
      if (at > from) left.push(sliceOf(one, from, at - from));
      from = at + 1;
    }
    return left;
  });
}

/** Deleted letters by client, in the order of their clocks. */
export type Deletions = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

/** The parts of removed words whose letters are among these. */
export function partsAmong(words: Removed, letters: Deletions): Removed[] {
  const parts: { from: number; to: number }[] = [];
  let at = 0;
  for (const { client, clock, length } of words.letters) {
    const ranges = letters.get(client) ?? [];
    for (let index = firstReaching(ranges, clock); index < ranges.length; index += 1) {
      const range = ranges[index];
      if (!range || range.clock >= clock + length) break;
      const from = at + Math.max(clock, range.clock) - clock;
      const to = at + Math.min(clock + length, range.clock + range.len) - clock;
      if (to <= from) continue;
      const last = parts.at(-1);
      if (last?.to === from) last.to = to;
      else parts.push({ from, to });
    }
    at += length;
  }
  return parts.map(({ from, to }) => sliceOf(words, from, to - from));
}

function firstReaching(
  ranges: readonly { readonly clock: number; readonly len: number }[],
  clock: number,
): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (range && range.clock + range.len <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sliceOf({ text, letters }: Removed, from: number, length: number): Removed {
  return { text: text.slice(from, from + length), letters: lettersIn(letters, from, length) };
}

/** The ids of a part of these letters. */
export function lettersIn(letters: readonly Letters[], from: number, length: number): Letters[] {
  const found: Letters[] = [];
  let at = 0;
  for (const one of letters) {
    const start = Math.max(from, at);
    const end = Math.min(from + length, at + one.length);
    if (end > start) found.push({ client: one.client, clock: one.clock + start - at, length: end - start });
    at += one.length;
    if (at >= from + length) break;
  }
  return found;
}

/** Takes letters out of the pool if they are there, unused, and read as this text: what stood at this very place. */
export function takeAt(pool: Pool, letter: Pick<Letters, "client" | "clock">, text: string): Match | null {
  for (let index = pool.words.length - 1; index >= 0; index -= 1) {
    const one = pool.words[index];
    if (!one) continue;
    let at = 0;
    for (const { client, clock, length } of one.letters) {
      if (client === letter.client && clock <= letter.clock && letter.clock < clock + length) {
        const from = at + letter.clock - clock;
        if (!one.text.startsWith(text, from) || !isFree(pool, index, from, text.length)) return null;
        return take(pool, { index, from, at: 0, length: text.length });
      }
      at += length;
    }
  }
  return null;
}

/**
 * The removed words that this whole text is. `sameChange`: they were removed by the very change that brought the text, as
 * a move, a split or a join does it; then short words count too.
 */
export function takeWhole(
  pool: Pool,
  text: string,
  { sameChange }: { readonly sameChange: boolean },
): Match | null {
  const whole = text === "" ? null : findWhole(pool, text, sameChange);
  return whole && take(pool, whole);
}

/** The parts of this text that equal removed words: long stretches, and between and beside those, word by word. */
export function takeParts(pool: Pool, text: string): Match[] {
  if (pool.words.length === 0 || text.length < longEnough) return [];
  const tiles = findTiles(pool, text);
  const taken = tiles.map((tile) => take(pool, tile));
  return [...taken, ...takeBetween(pool, text, tiles)];
}

/** Where new text, from `at`, equals the removed words of this index, from `from`. */
type Tile = { readonly index: number; readonly from: number; readonly at: number; readonly length: number };

function take(pool: Pool, { index, from, at, length }: Tile): Match {
  const one = pool.words[index];
  const marks = pool.used.get(index) ?? new Uint8Array(one?.text.length ?? 0);
  pool.used.set(index, marks.fill(1, from, from + length));
  return { at, length, letters: lettersIn(one?.letters ?? [], from, length) };
}

function isFree({ used }: Pool, index: number, from: number, length: number): boolean {
  return !used
    .get(index)
    ?.subarray(from, from + length)
    .includes(1);
}

function isBorder(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return true;
  return !(wordCharacter.test(text[offset - 1] ?? "") && wordCharacter.test(text[offset] ?? ""));
}

function findWhole(pool: Pool, text: string, sameChange: boolean): Tile | null {
  const { words } = pool;
  const least = sameChange ? 2 : 4;
  const tile = (index: number, from: number): Tile => ({ index, from, at: 0, length: text.length });
  let inside: Tile | null = null;
  for (let index = words.length - 1; index >= 0; index -= 1) {
    const removed = words[index]?.text ?? "";
    if (removed.length < text.length) continue;
    if (removed === text) {
      const isEnough = sameChange || (text.length >= least && wordCharacter.test(text));
      if (isEnough && isFree(pool, index, 0, text.length)) return tile(index, 0);
      continue;
    }
    if (inside || text.length < least) continue;
    for (let from = removed.indexOf(text); from !== -1; from = removed.indexOf(text, from + 1)) {
      const isWords =
        text.length >= longEnough || (isBorder(removed, from) && isBorder(removed, from + text.length));
      if (!isWords || !wordCharacter.test(text) || !isFree(pool, index, from, text.length)) continue;
      inside = tile(index, from);
      break;
    }
  }
  return inside;
}

function gramsOf(pool: Pool): NonNullable<Pool["grams"]> {
  if (pool.grams) return pool.grams;
  const starts: number[] = [];
  let joined = "";
  for (const { text } of pool.words) {
    starts.push(joined.length);
    joined += `${text}\0`;
  }
  const at = new Map<string, number[]>();
  for (let place = 0; place + gramLength <= joined.length; place += 1) {
    const gram = joined.slice(place, place + gramLength);
    const places = at.get(gram);
    if (!places) at.set(gram, [place]);
    else if (places.length < mostTried) places.push(place);
  }
  return (pool.grams = { joined, starts, at });
}

/** Long equal stretches of whole words, from the left, the longest first at each place. */
function findTiles(pool: Pool, text: string): Tile[] {
  const { joined, starts, at } = gramsOf(pool);
  const tiles: Tile[] = [];
  const ahead = new Uint8Array(joined.length);
  let place = 0;
  while (place + gramLength <= text.length) {
    if (!isBorder(text, place)) {
      place += 1;
      continue;
    }
    const last = tiles.at(-1);
    const goesOn = last ? (starts[last.index] ?? 0) + last.from + last.length : -1;
    let best = { from: -1, length: 0 };
    for (const from of at.get(text.slice(place, place + gramLength)) ?? []) {
      const length = equalLength(pool, { joined, starts, ahead }, text, place, from);
      const isBetter = length > best.length || (length === best.length && isNearer(from, best.from, goesOn));
      if (isBetter) best = { from, length };
    }
    let end = place + best.length;
    while (end > place && !isBorder(text, end)) end -= 1;
    if (end - place < longEnough) {
      place += 1;
      continue;
    }
    const index = lastAtMost(starts, best.from);
    tiles.push({ index, from: best.from - (starts[index] ?? 0), at: place, length: end - place });
    ahead.fill(1, best.from, best.from + end - place);
    place = end;
  }
  return tiles;
}

/** Of two equally long stretches, the one that stands sooner after the last found. */
function isNearer(from: number, best: number, goesOn: number): boolean {
  return goesOn !== -1 && from >= goesOn && (best < goesOn || from < best);
}

function equalLength(
  pool: Pool,
  grams: { readonly joined: string; readonly starts: readonly number[]; readonly ahead: Uint8Array },
  text: string,
  place: number,
  from: number,
): number {
  const { joined, starts, ahead } = grams;
  const index = lastAtMost(starts, from);
  const used = pool.used.get(index);
  const start = starts[index] ?? 0;
  let length = 0;
  while (
    place + length < text.length &&
    joined[from + length] === text[place + length] &&
    joined[from + length] !== "\0" &&
    ahead[from + length] !== 1 &&
    used?.[from + length - start] !== 1
  )
    length += 1;
  return length;
}

function lastAtMost(starts: readonly number[], place: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Between long equal stretches, and beside them, the removed words that stood there too: word by word. */
function takeBetween(pool: Pool, text: string, tiles: readonly Tile[]): Match[] {
  const taken: Match[] = [];
  for (let next = 0; next <= tiles.length; next += 1) {
    const [left, right] = [tiles[next - 1], tiles[next]];
    const from = left ? left.at + left.length : 0;
    const gap = text.slice(from, right?.at ?? text.length);
    const index = (left ?? right)?.index;
    if (gap === "" || index === undefined || (left && right && left.index !== right.index)) continue;
    const removed = pool.words[index]?.text ?? "";
    const reach = 2 * gap.length + 20;
    const start = left ? left.from + left.length : Math.max(0, (right?.from ?? 0) - reach);
    const end = right ? right.from : Math.min(removed.length, start + reach);
    if (end <= start) continue;
    taken.push(...takeWords(pool, { index, from: start, at: from }, removed.slice(start, end), gap));
  }
  return taken;
}

function takeWords(pool: Pool, tile: Omit<Tile, "length">, removed: string, gap: string): Match[] {
  const parts = diffArrays(removed.match(eachToken) ?? [], gap.match(eachToken) ?? [], {
    maxEditLength: mostEdits,
  });
  const taken: Match[] = [];
  let { from, at } = tile;
  for (const part of parts ?? []) {
    const words = part.value.join("");
    const isSame = !part.added && !part.removed;
    if (isSame && wordCharacter.test(words) && isFree(pool, tile.index, from, words.length)) {
      taken.push(take(pool, { index: tile.index, from, at, length: words.length }));
    }
    if (!part.added) from += words.length;
    if (!part.removed) at += words.length;
  }
  return taken;
}
