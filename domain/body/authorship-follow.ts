/**
 * [BO8] Authorship from the log: one update after the other, in the order of their numbers, each with its person.
 *
 * Editors move words by deleting them here and putting copies there: splitting, joining, a heading, a dragged block and
 * undo all look like this. New words that equal removed ones take their authors: first where they stand again at the
 * very place of the removed, then those removed by the same update, then those removed before.
 */
import * as Y from "yjs";
import { fields } from "./anchor-state";
import {
  authorsOf,
  minuteOf,
  noteAuthor,
  remember,
  type Author,
  type Authored,
  type Authorship,
  type Letters,
  type Removed,
} from "./authorship";
import {
  leftIn,
  lettersIn,
  openPool,
  partsAmong,
  takeAt,
  takeParts,
  takeWhole,
  type Deletions,
  type Match,
  type Pool,
} from "./authorship-match";
import type { WrittenText } from "./authorship-words";
import { newFaithfulDoc } from "./faithful-doc";
import { fieldText } from "./plain-text";
import { noWords, wordsChanged, type WordsChanged } from "./words-changed";

/** A text with its authors, both at the same log number. */
export type AuthoredText = { readonly doc: Y.Doc; readonly authorship: Authorship };

export type AuthoredUpdate = {
  readonly personId: Author;
  readonly at: Date;
  readonly update: Uint8Array;
  /** It brings this earlier text back, whose authors are known. */
  readonly restores?: WrittenText | undefined;
};

/** An empty text by nobody. */
export function startFollowing(authorship: Authorship): AuthoredText {
  return { doc: newFaithfulDoc(), authorship };
}

/** What became of an update. */
export type Followed = {
  /** The text reads now as the one that it was to bring back. */
  readonly restored: boolean;
  /** Words that it brought and took away; what it moved, or put back, is neither. */
  readonly words: WordsChanged;
};

/** Applies the next update of the log to the text and names the authors of what it brings. */
export function followUpdate({ doc, authorship }: AuthoredText, next: AuthoredUpdate): Followed {
  let followed: Followed = { restored: false, words: noWords };
  // Before Yjs drops what was removed.
  const look = (transaction: Y.Transaction) => {
    followed = nameAuthors(authorship, transaction, next);
  };
  doc.on("afterTransaction", look);
  try {
    Y.applyUpdate(doc, next.update, "log");
  } finally {
    doc.off("afterTransaction", look);
  }
  return followed;
}

/** Words that stand together: their letters, and the items that Yjs keeps them in. */
type Run = Removed & { readonly items: readonly TextItem[] };
type TextItem = Y.Item & { content: Y.ContentString };

function nameAuthors(
  authorship: Authorship,
  transaction: Y.Transaction,
  { personId, at, update, restores }: AuthoredUpdate,
): Followed {
  const { doc } = transaction;
  const added = newLetters(authorship, transaction, { by: personId, minute: minuteOf(at) });
  const removed = together(removedItems(transaction)).map(({ text, letters }) => ({ text, letters }));
  const known = removedBefore(authorship, transaction, update);
  const sameChange = openPool([...removed, ...known.moved, ...known.removed]);
  let fresh: readonly Removed[] = [];
  if (added.length > 0) {
    const before = openPool(authorship.removed);
    fresh = nameEqual(authorship, together(added), { sameChange, before, doc });
    authorship.removed = leftIn(before);
  }
  const left = leftIn(sameChange, removed.length + (known.mayComeBack ? known.moved.length : 0));
  const words = wordsChanged(transaction, { added: fresh, removed: leftIn(sameChange, removed.length) });
  if (left.length > 0) rememberRemoved(doc, authorship, left);
  if (!restores || !readsAs(doc, restores)) return { restored: false, words };
  nameRestored(authorship, doc, restores);
  return { restored: true, words: { ...words, written: 0 } };
}

type RemovedBefore = {
  readonly moved: readonly Removed[];
  readonly removed: readonly Removed[];
  /** It removes nothing but these and what it found itself: whoever sent it may put them back somewhere. */
  readonly mayComeBack: boolean;
};

/**
 * What the update removes and somebody else removed before it came: two people moved the same words at the same time, and
 * now they stand there twice.
 */
function removedBefore(
  { moved, removed }: Authorship,
  { deleteSet }: Y.Transaction,
  update: Uint8Array,
): RemovedBefore {
  // An update ends with what it removes, and that with how many clients' letters, or with how many letters.
  if (update.at(-1) === 0) return nothingBefore;
  const said = Y.decodeUpdate(update).ds.clients;
  if (lengthOf(said) <= lengthOf(deleteSet.clients)) return nothingBefore;
  const deletions = new Map(
    [...said].map(([client, ranges]) => [client, [...ranges].sort((a, b) => a.clock - b.clock)]),
  );
  const among = (words: Removed) => partsAmong(words, deletions);
  const ranges = [...deletions.values()].reduce((sum, of) => sum + of.length, 0);
  return {
    moved: moved.flatMap(among),
    removed: removed.flatMap(among),
    mayComeBack: ranges <= mostOfOneHand,
  };
}

const nothingBefore: RemovedBefore = { moved: [], removed: [], mayComeBack: false };

const lengthOf = (deletions: Deletions): number =>
  [...deletions.values()].flat().reduce((sum, { len }) => sum + len, 0);

/** More removed ranges than this are no edit: whoever comes back says everything that was ever removed. */
const mostOfOneHand = 32;

/** What is new is by who wrote the update, as long as nothing else is known of it. */
function newLetters(
  authorship: Authorship,
  { doc, beforeState, afterState }: Y.Transaction,
  whose: Pick<Authored, "by" | "minute">,
): TextItem[] {
  const added: TextItem[] = [];
  for (const [client, after] of afterState) {
    const before = beforeState.get(client) ?? 0;
    const structs = doc.store.clients.get(client);
    if (!structs || after <= before) continue;
    noteAuthor(authorship, { client, clock: before, length: after - before }, whose);
    for (let index = Y.findIndexSS(structs, before); index < structs.length; index += 1) {
      const struct = structs[index];
      if (struct instanceof Y.Item && !struct.deleted && isText(struct)) added.push(struct);
    }
  }
  return added;
}

function removedItems(transaction: Y.Transaction): TextItem[] {
  const removed: TextItem[] = [];
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    const isOld = struct.id.clock < (transaction.beforeState.get(struct.id.client) ?? 0);
    if (isOld && struct instanceof Y.Item && isText(struct)) removed.push(struct);
  });
  return removed;
}

function isText(item: Y.Item): item is TextItem {
  return item.content instanceof Y.ContentString;
}

/** Groups items that stand side by side, but for what is deleted and for marks. */
function together(items: readonly TextItem[]): Run[] {
  const all = new Set<Y.Item>(items);
  const seen = new Set<Y.Item>();
  const runs: Run[] = [];
  for (const item of items) {
    if (seen.has(item)) continue;
    let first: Y.Item = item;
    for (let left = item.left; left && isPassed(left, all); left = left.left) if (all.has(left)) first = left;
    const run: TextItem[] = [];
    for (let at: Y.Item | null = first; at && isPassed(at, all); at = at.right) {
      if (!all.has(at) || !isText(at)) continue;
      seen.add(at);
      run.push(at);
    }
    runs.push({
      text: run.map(({ content }) => content.str).join(""),
      letters: run.map(({ id: { client, clock }, length }) => ({ client, clock, length })),
      items: run,
    });
  }
  return runs;
}

function isPassed(item: Y.Item, all: ReadonlySet<Y.Item>): boolean {
  return all.has(item) || item.deleted || !item.countable;
}

type Sources = { readonly sameChange: Pool; readonly before: Pool; readonly doc: Y.Doc };

/** Gives what equals nothing that was removed. */
function nameEqual(
  authorship: Authorship,
  runs: readonly Run[],
  { sameChange, before, doc }: Sources,
): readonly Removed[] {
  let open: Removed[] = runs.flatMap((run) => atTheirPlace(authorship, run, { sameChange, before, doc }));
  // What is found whole comes before what is found in parts, long runs before short ones.
  open.sort((a, b) => b.text.length - a.text.length);
  const whole = (pool: Pool, isSame: boolean) => (piece: Removed) => {
    const match = takeWhole(pool, piece.text, { sameChange: isSame });
    return match ? [match] : [];
  };
  const parts = (pool: Pool) => (piece: Removed) => takeParts(pool, piece.text);
  const passes = [
    whole(sameChange, true),
    parts(sameChange),
    whole(sameChange, true),
    whole(before, false),
    parts(before),
    whole(before, false),
  ];
  for (const find of passes) open = open.flatMap((piece) => nameFound(authorship, piece, find(piece)));
  return open;
}

/** Undo puts letters back left of what is left of them: the surest sign there is. Gives what stands nowhere again. */
function atTheirPlace(authorship: Authorship, run: Run, { sameChange, before, doc }: Sources): Removed[] {
  const matches: Match[] = [];
  let at = 0;
  for (const { content, length, rightOrigin } of run.items) {
    if (rightOrigin && isGone(doc, rightOrigin)) {
      const match = takeAt(sameChange, rightOrigin, content.str) ?? takeAt(before, rightOrigin, content.str);
      if (match) matches.push({ ...match, at });
    }
    at += length;
  }
  return nameFound(authorship, run, matches);
}

function isGone(doc: Y.Doc, { client, clock }: Y.ID): boolean {
  return clock < Y.getState(doc.store, client) && Y.getItem(doc.store, Y.createID(client, clock)).deleted;
}

/** Names the authors of what was found; gives the rest. */
function nameFound(authorship: Authorship, piece: Removed, matches: readonly Match[]): Removed[] {
  if (matches.length === 0) return [piece];
  const rest: Removed[] = [];
  const moved: Removed[] = [];
  let from = 0;
  for (const match of [...matches].sort((a, b) => a.at - b.at)) {
    if (match.at > from) rest.push(part(piece, from, match.at));
    copyAuthors(authorship, match.letters, lettersIn(piece.letters, match.at, match.length));
    moved.push({ text: piece.text.slice(match.at, match.at + match.length), letters: match.letters });
    from = match.at + match.length;
  }
  if (from < piece.text.length) rest.push(part(piece, from, piece.text.length));
  remember(authorship, "moved", moved);
  return rest;
}

function part({ text, letters }: Removed, from: number, to: number): Removed {
  return { text: text.slice(from, to), letters: lettersIn(letters, from, to - from) };
}

function copyAuthors(authorship: Authorship, from: readonly Letters[], to: readonly Letters[]): void {
  let at = 0;
  for (const { length, by, minute } of from.flatMap((letters) => authorsOf(authorship, letters))) {
    for (const letters of lettersIn(to, at, length)) noteAuthor(authorship, letters, { by, minute });
    at += length;
  }
}

function readsAs(doc: Y.Doc, written: WrittenText): boolean {
  return fields.every((name) => fieldText(doc.getXmlFragment(name)).text === written[name].text);
}

function nameRestored(authorship: Authorship, doc: Y.Doc, restored: WrittenText): void {
  for (const name of fields) {
    const runs = fieldText(doc.getXmlFragment(name)).runs.filter(({ deleted }) => !deleted);
    let start = 0;
    let index = 0;
    for (const { length, by, minute } of restored[name].spans) {
      const end = start + length;
      for (; index < runs.length; index += 1) {
        const run = runs[index];
        if (!run || run.at >= end) break;
        const from = Math.max(run.at, start);
        const to = Math.min(run.at + run.length, end);
        const letters = { client: run.client, clock: run.clock + from - run.at, length: to - from };
        noteAuthor(authorship, letters, { by, minute });
        // It goes on in the next span.
        if (run.at + run.length > end) break;
      }
      start = end;
    }
  }
}

/** Words that are removed letter by letter are remembered as one. */
const fewLately = 8;
const fewSteps = 200;

function rememberRemoved(doc: Y.Doc, authorship: Authorship, words: readonly Removed[]): void {
  const kept = [...authorship.removed];
  const joined = words.map((word): Removed => {
    const take = (side: "left" | "right"): Removed | undefined => {
      const index = neighbourOf(doc, kept, word, side);
      return index === -1 ? undefined : kept.splice(index, 1)[0];
    };
    const [left, right] = [take("left"), take("right")];
    if (!left && !right) return word;
    return {
      text: `${left?.text ?? ""}${word.text}${right?.text ?? ""}`,
      letters: inOne([...(left?.letters ?? []), ...word.letters, ...(right?.letters ?? [])]),
    };
  });
  authorship.removed = kept;
  remember(authorship, "removed", joined);
}

/** The index of the words removed lately that end, or begin, right beside these; -1 when there are none. */
function neighbourOf(
  doc: Y.Doc,
  removed: readonly Removed[],
  { letters }: Removed,
  side: "left" | "right",
): number {
  const edge = side === "left" ? letters[0] : letters.at(-1);
  if (!edge || removed.length === 0) return -1;
  const clock = side === "left" ? edge.clock : edge.clock + edge.length - 1;
  const own = Y.getItem(doc.store, Y.createID(edge.client, clock));
  const isAtEdge = side === "left" ? own.id.clock === clock : own.id.clock + own.length - 1 === clock;
  if (!(own instanceof Y.Item) || !isAtEdge) return -1;
  const lately = removed.slice(-fewLately);
  let at = own[side];
  for (let steps = 0; at && at.deleted && steps < fewSteps; steps += 1) {
    const { id, length } = at;
    const found = lately.findIndex(({ letters: others }) => {
      const facing = side === "left" ? others.at(-1) : others[0];
      if (facing?.client !== id.client) return false;
      const touching = side === "left" ? facing.clock + facing.length - 1 : facing.clock;
      return touching >= id.clock && touching < id.clock + length;
    });
    if (found !== -1) return removed.length - lately.length + found;
    at = at[side];
  }
  return -1;
}

function inOne(letters: readonly Letters[]): Letters[] {
  const joined: Letters[] = [];
  for (const one of letters) {
    const last = joined.at(-1);
    if (last?.client === one.client && last.clock + last.length === one.clock)
      joined[joined.length - 1] = { ...last, length: last.length + one.length };
    else joined.push(one);
  }
  return joined;
}
