/**
 * [FR1] Folding: what typography alone changes is unified, everything else is kept. Case, digits, signs and punctuation
 * are words' own.
 */

/** Raised whenever `fold` answers differently than before: kept with each verdict. */
export const foldVersion = 1;

/** A folded text that still knows where each of its letters stood. */
export type Folded = {
  readonly text: string;
  /** The offset in the unfolded text of the letter at this folded offset; the end answers the unfolded length. */
  readonly unfold: (folded: number) => number;
  /** The folded offset of the letter at this unfolded offset (of the white space it was collapsed into). */
  readonly refold: (offset: number) => number;
};

const singleQuotes = "\u2018\u2019\u201A\u201B\u2032\u2035\u2039\u203A\u0060\u00B4\u02BC";
const doubleQuotes = "\u201C\u201D\u201E\u201F\u2033\u2036\u00AB\u00BB\u301D\u301E\u301F\uFF02";
const dashes = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uFE58\uFE63\uFF0D";

/** One match is one thing that folding may touch: white space, a format character, typography, combining marks. */
const touched = new RegExp(
  [
    // Single spaces, most of what a text has, are left alone.
    `[\\s\\p{Cf}]{2,}|[^\\S ]|\\p{Cf}`,
    `[${singleQuotes}]`,
    `[${doubleQuotes}]`,
    `'{2}`,
    `[${dashes}]|-{2,3}`,
    `\\u2026|\\.{3}`,
    `\\P{M}\\p{M}+`,
  ].join("|"),
  "gu",
);
const nothingToFold = /^(?:[\x21-\x26\x28-\x2c\x2f-\x7e]+(?: [\x21-\x26\x28-\x2c\x2f-\x7e]+)*)?$/;
const formatCharacters = /\p{Cf}+/gu;

function foldOne(match: string): string {
  const first = match[0] ?? "";
  if (/^[\s\p{Cf}]+$/u.test(match)) return /\s/.test(match) ? " " : "";
  if (match === "''" || doubleQuotes.includes(first)) return '"';
  if (singleQuotes.includes(first)) return "'";
  if (first === "-" || dashes.includes(first)) return "-";
  if (first === "." || first === "\u2026") return "...";
  return match.replace(formatCharacters, "").normalize("NFC");
}

/** [FR1] Equal folds are the same words. White space at the ends is dropped. */
export function fold(text: string): string {
  return nothingToFold.test(text) ? text : foldWithPlaces(text).text.trim().normalize("NFC");
}

/** The same folding, with places; white space at the ends stays (as one space), so that places hold. */
export function foldWithPlaces(text: string): Folded {
  let folded = "";
  let last = 0;
  /** Where folding changed a length: folded offset → unfolded offset from there on. */
  const foldedFrom: number[] = [0];
  const unfoldedFrom: number[] = [0];
  touched.lastIndex = 0;
  for (let match = touched.exec(text); match !== null; match = touched.exec(text)) {
    const found = match[0];
    const replaced = foldOne(found);
    if (replaced === found) continue;
    folded += text.slice(last, match.index) + replaced;
    last = match.index + found.length;
    if (replaced.length !== found.length) {
      foldedFrom.push(folded.length);
      unfoldedFrom.push(last);
    }
  }
  const pieced = last === 0 ? text : folded + text.slice(last);
  const composed = pieced.normalize("NFC");
  const whole = composed.length === pieced.length ? composed : pieced;
  return {
    text: whole,
    unfold: (at) => {
      const piece = lastAtMost(foldedFrom, at);
      const next = unfoldedFrom[piece + 1];
      const offset = (unfoldedFrom[piece] ?? 0) + at - (foldedFrom[piece] ?? 0);
      return Math.min(offset, next ?? text.length);
    },
    refold: (offset) => {
      const piece = lastAtMost(unfoldedFrom, offset);
      const next = foldedFrom[piece + 1];
      return Math.min((foldedFrom[piece] ?? 0) + offset - (unfoldedFrom[piece] ?? 0), next ?? whole.length);
    },
  };
}

/** The index of the last number that is at most `value`; `sorted` ascends and starts at or below it. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
