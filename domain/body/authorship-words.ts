/** [BO8] Who wrote words of a field: a word's author is who wrote its letters; a word changed by another has both. */
import { fields, type Field } from "./anchor-state";
import { authorsOf, type Author, type Authored, type Authorship } from "./authorship";
import type { FieldText } from "./plain-text";
import { widen, type Span } from "./tokens";

/** Letters of a field's plain text by one author; offsets as in BO12. */
export type AuthoredSpan = Span & Pick<Authored, "by" | "minute">;

/** What one author wrote of some words: the stretches of words they wrote or changed, and when last. */
export type WordsBy = Pick<Authored, "by" | "minute"> & { readonly words: readonly string[] };

/** A text with its authors, apart from any document: each field's plain text, and whose it is, covering all of it. */
export type WrittenText = Readonly<
  Record<
    Field,
    {
      readonly text: string;
      readonly spans: readonly (Pick<Authored, "by" | "minute"> & { readonly length: number })[];
    }
  >
>;

/** The letters of this span by author, in order; blank lines between blocks are nobody's and left out. */
export function authoredSpans(
  field: FieldText,
  authorship: Authorship,
  { start, end }: Span,
): AuthoredSpan[] {
  const spans: AuthoredSpan[] = [];
  const { runs } = field;
  for (let index = firstReaching(runs, start); index < runs.length; index += 1) {
    const run = runs[index];
    if (!run || run.at >= end) break;
    const from = Math.max(start, run.at);
    const to = Math.min(end, run.at + run.length);
    if (run.deleted || to <= from) continue;
    const letters = { client: run.client, clock: run.clock + from - run.at, length: to - from };
    for (const { clock, length, by, minute } of authorsOf(authorship, letters)) {
      const at = from + clock - letters.clock;
      const last = spans.at(-1);
      if (last?.end === at && last.by === by && last.minute === minute)
        spans[spans.length - 1] = { ...last, end: at + length };
      else spans.push({ start: at, end: at + length, by, minute });
    }
  }
  return spans;
}

/** The first run that does not end before this offset; deleted ones have a place and no letters. */
function firstReaching(runs: FieldText["runs"], offset: number): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const run = runs[middle];
    if (run && run.at < offset) low = middle + 1;
    else high = middle;
  }
  // The one before begins before the offset and may reach beyond it.
  while (low > 0 && (runs[low - 1]?.deleted ?? false)) low -= 1;
  return Math.max(0, low - 1);
}

/** The authors of the words in this span, in the order in which they first come; cut words count whole. */
export function whoWrote(field: FieldText, authorship: Authorship, span: Span): WordsBy[] {
  const found = new Map<Author, { minute: number; words: Span[] }>();
  let previous: ReadonlySet<Author> = new Set();
  for (const word of wordsIn(field.text, span)) {
    const by = new Map<Author, number>();
    for (const one of authoredSpans(field, authorship, word.core))
      by.set(one.by, Math.max(one.minute, by.get(one.by) ?? 0));
    for (const [author, minute] of by) {
      const theirs = found.get(author) ?? { minute: 0, words: [] };
      found.set(author, theirs);
      theirs.minute = Math.max(theirs.minute, minute);
      const last = theirs.words.at(-1);
      const goesOn = last && previous.has(author) && isInOneBlock(field.text, last.end, word.start);
      if (goesOn) theirs.words[theirs.words.length - 1] = { start: last.start, end: word.end };
      else theirs.words.push({ start: word.start, end: word.end });
    }
    previous = new Set(by.keys());
  }
  return [...found].map(([by, { minute, words }]) => ({
    by,
    minute,
    words: words.map(({ start, end }) => field.text.slice(start, end)),
  }));
}

const isInOneBlock = (text: string, from: number, to: number) => !text.slice(from, to).includes("\n");

/** The words that this span touches, and in each of them what makes the word, without punctuation around it. */
function* wordsIn(text: string, span: Span): Generator<Span & { readonly core: Span }> {
  let { start, end } = span;
  while (start > 0 && /\S/.test(text[start - 1] ?? "") && /\S/.test(text[start] ?? "")) start -= 1;
  while (end < text.length && end > start && /\S/.test(text[end] ?? "") && /\S/.test(text[end - 1] ?? ""))
    end += 1;
  for (const { 0: word, index } of text.slice(start, end).matchAll(/\S+/g)) {
    const letters = /[\p{L}\p{N}](?:.*[\p{L}\p{M}\p{N}])?/su.exec(word);
    if (!letters) continue;
    const at = start + index;
    const core = widen(text, { start: at + letters.index, end: at + letters.index + letters[0].length });
    if (core.end <= span.start || core.start >= span.end) continue;
    yield { start: at, end: at + word.length, core };
  }
}

/** The text of a story with its authors, to be kept with a version of it. */
export function writtenText(field: (name: Field) => FieldText, authorship: Authorship): WrittenText {
  const written = (name: Field) => {
    const read = field(name);
    const spans: WrittenText[Field]["spans"][number][] = [];
    let at = 0;
    const whole = { start: 0, end: read.text.length };
    for (const { start, end, by, minute } of authoredSpans(read, authorship, whole)) {
      if (start > at) spans.push({ by: null, minute: 0, length: start - at });
      spans.push({ by, minute, length: end - start });
      at = end;
    }
    return { text: read.text, spans };
  };
  return { headline: written("headline"), standfirst: written("standfirst"), body: written("body") };
}

/** The authors of a text as they are kept beside it: short, and without the text itself. */
export type KeptAuthors = {
  readonly people: readonly string[];
  /** For each stretch its length, the author's place in `people` (-1: nobody's), the minutes since 1970. */
  readonly stretches: Readonly<Record<Field, readonly (readonly [number, number, number])[]>>;
};

export function keptAuthors(written: WrittenText): KeptAuthors {
  const people = [
    ...new Set(fields.flatMap((name) => written[name].spans.flatMap(({ by }) => (by === null ? [] : [by])))),
  ];
  const kept = (name: Field) =>
    written[name].spans.map(
      ({ length, by, minute }) => [length, by === null ? -1 : people.indexOf(by), minute] as const,
    );
  return {
    people,
    stretches: { headline: kept("headline"), standfirst: kept("standfirst"), body: kept("body") },
  };
}

/** A kept text with its authors again. */
export function withKeptAuthors(
  texts: Readonly<Record<Field, string>>,
  { people, stretches }: KeptAuthors,
): WrittenText {
  const written = (name: Field) => ({
    text: texts[name],
    spans: stretches[name].map(([length, index, minute]) => ({ length, by: people[index] ?? null, minute })),
  });
  return { headline: written("headline"), standfirst: written("standfirst"), body: written("body") };
}
