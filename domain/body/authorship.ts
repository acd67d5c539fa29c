/**
 * Who wrote which letters of a story's text.
 *
 * [BO8] Authorship is kept by words: words that are moved, split, joined, turned into a heading, undone or restored keep
 * their author; typed or pasted words are the typist's.
 *
 * Every letter that Yjs holds has an id: a client and a clock. Kept is, for each client, which stretches of clocks are
 * whose and since when; and, for a while, the words that were removed, since nobody can ask Yjs for those any more.
 * `authorship-follow.ts` makes it from the log, `authorship-words.ts` answers from it.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** Person id, or null: the server's own, nobody's. */
export type Author = string | null;

/** Letters of one client, one after the other, by one author in one minute. */
export type Authored = {
  readonly clock: number;
  readonly length: number;
  readonly by: Author;
  /** Minutes since 1970. */
  readonly minute: number;
};

/** Ids of letters, one after the other. */
export type Letters = { readonly client: number; readonly clock: number; readonly length: number };

/** Words that stood together and were removed; their letters, in order, are as many as the text is long. */
export type Removed = { readonly text: string; readonly letters: readonly Letters[] };

/** It changes as the log is followed; a copy is `decodeAuthorship(encodeAuthorship(…))`. */
export type Authorship = {
  /** In the order of their clocks, without overlap. */
  readonly written: Map<number, Authored[]>;
  /** What was removed last stands last. */
  removed: readonly Removed[];
  /**
   * What was removed and stands elsewhere since, by other letters: whoever moved the same words at the same time puts
   * them there once more.
   */
  moved: readonly Removed[];
};

/** UTF-16 units of words that are remembered; what was removed first is forgotten first. */
const mostRemembered = { removed: 200_000, moved: 40_000 } as const;

export function emptyAuthorship(): Authorship {
  return { written: new Map(), removed: [], moved: [] };
}

export const minuteOf = (at: Date): number => Math.floor(at.getTime() / 60_000);
export const timeOf = (minute: number): Date => new Date(minute * 60_000);

/** Says whose these letters are, whatever was said before. */
export function noteAuthor(
  authorship: Authorship,
  { client, clock, length }: Letters,
  { by, minute }: Pick<Authored, "by" | "minute">,
): void {
  if (length <= 0) return;
  const known = authorship.written.get(client) ?? [];
  authorship.written.set(client, known);
  const end = clock + length;
  const from = firstEndingAfter(known, clock);
  let to = from;
  while (to < known.length && (known[to]?.clock ?? end) < end) to += 1;
  const before = known[from];
  const after = known[to - 1];
  const stretches: Authored[] = [];
  if (before && to > from && before.clock < clock)
    stretches.push({ ...before, length: clock - before.clock });
  stretches.push({ clock, length, by, minute });
  if (after && to > from && after.clock + after.length > end)
    stretches.push({ ...after, clock: end, length: after.clock + after.length - end });
  // With a neighbour on either side, so that what is alike becomes one.
  const left = Math.max(0, from - 1);
  const right = Math.min(known.length, to + 1);
  const joined = join([...known.slice(left, from), ...stretches, ...known.slice(to, right)]);
  known.splice(left, right - left, ...joined);
}

function join(stretches: readonly Authored[]): Authored[] {
  const joined: Authored[] = [];
  for (const one of stretches) {
    const last = joined.at(-1);
    const isOneWith =
      last?.by === one.by && last.minute === one.minute && last.clock + last.length === one.clock;
    if (last && isOneWith) joined[joined.length - 1] = { ...last, length: last.length + one.length };
    else joined.push(one);
  }
  return joined;
}

/** Whose these letters are, in order, covering all of them; what nobody was named for is nobody's. */
export function authorsOf(authorship: Authorship, { client, clock, length }: Letters): readonly Authored[] {
  const known = authorship.written.get(client) ?? [];
  const end = clock + length;
  const found: Authored[] = [];
  let at = clock;
  for (let index = firstEndingAfter(known, clock); index < known.length && at < end; index += 1) {
    const one = known[index];
    if (!one || one.clock >= end) break;
    if (one.clock > at) found.push(nobodys(at, one.clock - at));
    const from = Math.max(at, one.clock);
    const to = Math.min(end, one.clock + one.length);
    found.push({ ...one, clock: from, length: to - from });
    at = to;
  }
  if (at < end) found.push(nobodys(at, end - at));
  return found;
}

const nobodys = (clock: number, length: number): Authored => ({ clock, length, by: null, minute: 0 });

/** Everybody who wrote a letter of these clients that no author was noted for: from whose client ids they are. */
export function noteMissingAuthors(
  authorship: Authorship,
  client: number,
  upTo: number,
  whose: Pick<Authored, "by" | "minute">,
): void {
  const known = authorship.written.get(client) ?? [];
  const gaps: Letters[] = [];
  let at = 0;
  for (const one of known) {
    if (one.clock > at) gaps.push({ client, clock: at, length: one.clock - at });
    at = one.clock + one.length;
  }
  gaps.push({ client, clock: at, length: upTo - at });
  for (const gap of gaps) noteAuthor(authorship, gap, whose);
}

function firstEndingAfter(known: readonly Authored[], clock: number): number {
  let low = 0;
  let high = known.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = known[middle];
    if (one && one.clock + one.length <= clock) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Remembers words as the last removed, or moved; the oldest of too many are forgotten. */
export function remember(authorship: Authorship, what: "removed" | "moved", words: readonly Removed[]): void {
  if (words.length === 0) return;
  const all = [...authorship[what], ...words.filter(({ text }) => text !== "")];
  let room: number = mostRemembered[what];
  let first = all.length;
  while (first > 0) {
    room -= all[first - 1]?.text.length ?? 0;
    if (room < 0) break;
    first -= 1;
  }
  authorship[what] = first === 0 ? all : all.slice(first);
}

// --- as bytes: a version, the authors, each client's stretches by their differences, the removed words ---

const formatVersion = 1;

export function encodeAuthorship({ written, removed, moved }: Authorship): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, formatVersion);
  const authors = [...new Set([...written.values()].flat().map(({ by }) => by ?? ""))];
  const indexOf = new Map(authors.map((by, index) => [by, index]));
  encoding.writeVarUint(encoder, authors.length);
  for (const by of authors) encoding.writeVarString(encoder, by);
  encoding.writeVarUint(encoder, written.size);
  for (const [client, stretches] of written) {
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, stretches.length);
    let at = 0;
    let then = 0;
    for (const { clock, length, by, minute } of stretches) {
      encoding.writeVarUint(encoder, clock - at);
      encoding.writeVarUint(encoder, length);
      encoding.writeVarUint(encoder, indexOf.get(by ?? "") ?? 0);
      encoding.writeVarInt(encoder, minute - then);
      at = clock + length;
      then = minute;
    }
  }
  for (const remembered of [removed, moved]) {
    encoding.writeVarUint(encoder, remembered.length);
    for (const { text, letters } of remembered) {
      encoding.writeVarString(encoder, text);
      encoding.writeVarUint(encoder, letters.length);
      for (const { client, clock, length } of letters) {
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, clock);
        encoding.writeVarUint(encoder, length);
      }
    }
  }
  return encoding.toUint8Array(encoder);
}

export function decodeAuthorship(bytes: Uint8Array): Authorship {
  const decoder = decoding.createDecoder(bytes);
  const version = decoding.readVarUint(decoder);
  if (version !== formatVersion) throw new Error(`Authorship of an unknown form: ${String(version)}.`);
  const times = <Item>(read: () => Item): Item[] =>
    Array.from({ length: decoding.readVarUint(decoder) }, read);
  const authors = times(() => decoding.readVarString(decoder));
  const written = new Map(
    times((): [number, Authored[]] => {
      const client = decoding.readVarUint(decoder);
      let at = 0;
      let then = 0;
      const stretches = times((): Authored => {
        const clock = at + decoding.readVarUint(decoder);
        const length = decoding.readVarUint(decoder);
        const by = authors[decoding.readVarUint(decoder)];
        const minute = then + decoding.readVarInt(decoder);
        at = clock + length;
        then = minute;
        return { clock, length, by: by || null, minute };
      });
      return [client, stretches];
    }),
  );
  const readRemoved = (): Removed => {
    const text = decoding.readVarString(decoder);
    const letters = times((): Letters => {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      return { client, clock, length: decoding.readVarUint(decoder) };
    });
    return { text, letters };
  };
  return { written, removed: times(readRemoved), moved: times(readRemoved) };
}
