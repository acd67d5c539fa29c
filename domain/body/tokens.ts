/**
 * [AN3] Where words begin and end. A token is letters, digits, sign, currency, %, and `.` `,` `:` between digits; a sign
 * of percent or currency belongs to its number across one space too.
 */

const letterOrDigit = /[\p{L}\p{M}\p{N}]/u;
const currency = /\p{Sc}/u;
const wordOrNumber = /\p{L}|\p{N}/u;
const signs = "+-\u2212\u00B1\u2012\u2013";
const percents = "%\u2030\u2031";
const betweenDigits = ".,:'\u2019\u00A0\u202F\u2009";
const spaces = " \u00A0\u202F\u2009";

/** [CL1] Words hold at least one letter or digit. */
export function holdsWords(text: string): boolean {
  return wordOrNumber.test(text);
}

const at = (text: string, index: number): string => text[index] ?? "";
const isDigit = (char: string): boolean =>
  (char >= "0" && char <= "9") || (char > "\x7f" && /\p{Nd}/u.test(char));
const isPercent = (char: string): boolean => char !== "" && percents.includes(char);
const isCurrency = (char: string): boolean => char !== "" && currency.test(char);
const isSpace = (char: string): boolean => char !== "" && spaces.includes(char);

function isWord(text: string, index: number): boolean {
  const char = at(text, index);
  if (char === "") return false;
  if (char <= "\x7f") return /[0-9A-Za-z]/.test(char);
  const code = char.charCodeAt(0);
  if (code >= 0xdc00 && code <= 0xdfff) return letterOrDigit.test(at(text, index - 1) + char);
  if (code >= 0xd800 && code <= 0xdbff) return letterOrDigit.test(char + at(text, index + 1));
  return letterOrDigit.test(char);
}

/** A sign stands before a digit or currency and not right behind a word. */
function isSign(text: string, index: number): boolean {
  if (at(text, index) === "" || !signs.includes(at(text, index)) || isWord(text, index - 1)) return false;
  const next = at(text, index + 1);
  return isDigit(next) || isCurrency(next) || (".,".includes(next || " ") && isDigit(at(text, index + 2)));
}

/** A percent or currency sign that belongs to the number one space before it. */
function isUnitAfterSpace(text: string, index: number): boolean {
  if (!isSpace(at(text, index - 1)) || !isDigit(at(text, index - 2))) return false;
  const char = at(text, index);
  return isPercent(char) || (isCurrency(char) && !isDigit(at(text, index + 1)));
}

function isCurrencyBeforeSpace(text: string, index: number): boolean {
  return isCurrency(at(text, index)) && isSpace(at(text, index + 1)) && isDigit(at(text, index + 2));
}

/** True when a token runs across this offset: it is no border. */
export function isInsideToken(text: string, offset: number): boolean {
  if (offset <= 0 || offset >= text.length) return false;
  const before = at(text, offset - 1);
  const after = at(text, offset);
  const wordBefore = isWord(text, offset - 1);
  const wordAfter = isWord(text, offset);
  if (wordBefore && wordAfter) return true;
  if (isDigit(before) && betweenDigits.includes(after) && isDigit(at(text, offset + 1))) return true;
  if (betweenDigits.includes(before) && isDigit(after) && isDigit(at(text, offset - 2))) return true;
  if (isSign(text, offset - 1)) return true;
  if (".,".includes(before) && isDigit(after) && isSign(text, offset - 2)) return true;
  if (isPercent(after) && isDigit(before)) return true;
  if (isCurrency(after) && wordBefore) return true;
  if (isCurrency(before) && isDigit(after)) return true;
  if (isSpace(after) && (isUnitAfterSpace(text, offset + 1) || isCurrencyBeforeSpace(text, offset - 1)))
    return true;
  if (isSpace(before) && (isUnitAfterSpace(text, offset) || isCurrencyBeforeSpace(text, offset - 2)))
    return true;
  // Never between the halves of one character, nor before a combining mark.
  return wordBefore === wordAfter && after >= "\udc00" && after <= "\udfff" && before >= "\ud800";
}

export type Span = { readonly start: number; readonly end: number };

/** White space at the ends is dropped, then both ends move out to the borders of the tokens they cut. */
export function widen(text: string, span: Span): Span {
  let { start, end } = span;
  while (start < end && /\s/.test(at(text, start))) start += 1;
  while (end > start && /\s/.test(at(text, end - 1))) end -= 1;
  while (isInsideToken(text, start)) start -= 1;
  while (isInsideToken(text, end)) end += 1;
  return { start, end };
}

export function standsOnTokenBorders(text: string, span: Span): boolean {
  return !isInsideToken(text, span.start) && !isInsideToken(text, span.end);
}
