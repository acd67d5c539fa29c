/**
 * Whether a verdict still holds for the words that stand there now.
 *
 * [FR2] Computed, never set; the first that fits: orphaned, unchecked, (expired,) stale, cosmetic, current.
 * [FR3] A negation, quantifier or number added to or taken from the rest of the sentence makes it stale with the reason
 * `context`; any other change of the sentence is only marked.
 * [FR4] It looks at nothing but the words judged and the words now: the checked words back in place are current again.
 */
import type { AnchorState } from "../body/anchor-state";
import { fold } from "../body/fold";
import type { Freshness, StaleReason } from "./claim";
import {
  dateExpression,
  languagesOf,
  negations,
  numberWords,
  quantifiers,
  quantifiersBeforeNumbers,
  type Language,
} from "./freshness-words";

/** Words in place, and the sentence (or sentences) they stand in. */
type InPlace = { readonly words: string; readonly sentence: string };

export function freshnessOf({
  anchor,
  verdict,
}: {
  readonly anchor: InPlace & { readonly state: AnchorState };
  /** The standing one: the words judged, and their sentence then. */
  readonly verdict: (InPlace & { readonly foldedWords: string }) | null;
}): { readonly freshness: Freshness; readonly contextChanged: boolean } {
  if (anchor.state === "orphaned") return { freshness: { state: "orphaned" }, contextChanged: false };
  if (verdict === null) return { freshness: { state: "unchecked" }, contextChanged: false };
  // Folded anew: a verdict kept under an older fold is compared like with like (FR1).
  if (fold(anchor.words) !== fold(verdict.words)) {
    const reason = reasonOf(verdict, anchor);
    return {
      freshness: { state: "stale", reason, was: verdict.words, now: anchor.words },
      contextChanged: false,
    };
  }
  if (isTurned(verdict.sentence, anchor.sentence)) {
    return {
      freshness: { state: "stale", reason: "context", was: verdict.sentence, now: anchor.sentence },
      contextChanged: false,
    };
  }
  return {
    freshness: { state: anchor.words === verdict.words ? "current" : "cosmetic" },
    contextChanged: fold(anchor.sentence) !== fold(verdict.sentence),
  };
}

/** [FR3] The words judged being the same, whatever turns the sentence now stands in the rest of it. */
function isTurned(was: string, now: string): boolean {
  if (fold(was) === fold(now)) return false;
  const languages = languagesOf(`${was} ${now}`);
  return !sameBag(turningWords(was, languages), turningWords(now, languages));
}

/** Why changed words need a new look: the gravest that differs. */
function reasonOf(was: InPlace, now: InPlace): StaleReason {
  const languages = languagesOf(`${was.sentence} ${now.sentence}`);
  const differ = (parts: (of: InPlace) => readonly string[]): boolean => !sameBag(parts(was), parts(now));
  if (differ((of) => numbersIn(of.words, languages))) return "number";
  if (differ((of) => datesIn(of.words))) return "date";
  if (differ((of) => namesIn(of, languages))) return "name";
  // Some or all, only or not: a quantifier says yes or no of the rest, as a negation does.
  const turns = (token: string) => isNegation(token, languages) || inLists(token, quantifiers, languages);
  if (differ((of) => tokensOf(of.words).filter(turns))) return "negation";
  if (differ(quotedIn)) return "quotation";
  return "words";
}

const eachToken = /[\p{L}\p{M}\p{N}]+(?:['.,:][\p{L}\p{M}\p{N}]+)*/gu;
const eachNumber =
  /[+\-±]?(?:\p{Sc}\s?)?[+-]?[.,]?\p{N}[\p{L}\p{M}\p{N}.,:']*(?:\s?[%‰]|\s?\p{Sc}(?!\s?\p{N}))?/gu;

function tokensOf(text: string): string[] {
  return latin(fold(text).toLowerCase()).match(eachToken) ?? [];
}

const inLists = (
  token: string,
  lists: Readonly<Record<Language, ReadonlySet<string>>>,
  languages: readonly Language[],
) => languages.some((language) => lists[language].has(token));

function isNegation(token: string, languages: readonly Language[]): boolean {
  if (languages.includes("en") && token.endsWith("n't")) return true;
  if (languages.includes("sq") && /^s'\p{L}/u.test(token)) return true;
  return inLists(token, negations, languages);
}

/** Written with digits, or as words; German writes them together. */
function isNumber(token: string, languages: readonly Language[]): boolean {
  if (/\p{N}/u.test(token) || inLists(token, numberWords, languages)) return true;
  return (
    languages.includes("de") &&
    /^(?:\p{L}+und)?\p{L}*(?:zig|ßig|hundert|tausend)$/u.test(token) &&
    germanNumber.test(token)
  );
}
const germanNumber = /^(?:ein|zwei|zwan|drei|vier|fünf|sech|sieb|acht|neun|hundert|tausend)/u;

function turningWords(sentence: string, languages: readonly Language[]): string[] {
  const text = latin(fold(sentence).toLowerCase());
  const tokens = text.match(eachToken) ?? [];
  const found = text.match(eachNumber)?.map(bareNumber) ?? [];
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    const turns =
      isNegation(token, languages) ||
      inLists(token, quantifiers, languages) ||
      (!/\p{N}/u.test(token) && isNumber(token, languages)) ||
      (inLists(token, quantifiersBeforeNumbers, languages) &&
        next !== undefined &&
        isNumber(next, languages));
    if (turns) found.push(token);
  });
  return found;
}

/** The full stop or comma that a sentence puts behind a number is not the number's. */
const bareNumber = (number: string): string =>
  number.replace(/[.,:']+$/, "").replace(/[.,:']+(?=\s?[%‰\p{Sc}]$)/u, "");

function datesIn(words: string): string[] {
  return Array.from(latin(fold(words).toLowerCase()).matchAll(dateExpression), ([date]) => date);
}

function numbersIn(words: string, languages: readonly Language[]): string[] {
  const undated = latin(fold(words).toLowerCase()).replace(dateExpression, " ");
  const written = (undated.match(eachToken) ?? []).filter(
    (token) => !/\p{N}/u.test(token) && isNumber(token, languages),
  );
  return [...(undated.match(eachNumber) ?? []).map(bareNumber), ...written];
}

const opensWithCapital = /^[\p{Lu}\p{Lt}]/u;

/** Capitalised words, save those that only open the sentence; German capitalises its nouns, there only neighbours tell. */
function namesIn({ words, sentence }: InPlace, languages: readonly Language[]): string[] {
  const folded = fold(words);
  const tokens = folded.match(eachToken) ?? [];
  const opensSentence = fold(sentence)
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .startsWith(tokens[0] ?? "");
  const isCapital = (index: number): boolean => opensWithCapital.test(tokens[index] ?? "");
  const allCapital = tokens.every((_, index) => isCapital(index));
  const undated = new Set(latin(folded.toLowerCase()).replace(dateExpression, " ").match(eachToken));
  return tokens.filter((token, index) => {
    if (!isCapital(index) || !undated.has(latin(token.toLowerCase()))) return false;
    if (allCapital || /^[\p{Lu}\p{N}]{2,}$/u.test(token)) return true;
    const hasNeighbour = isCapital(index - 1) || isCapital(index + 1);
    if (index === 0 && opensSentence) return hasNeighbour && tokens.length > 1 && isCapital(1);
    return hasNeighbour || !(languages.length === 1 && languages[0] === "de");
  });
}

/** The words between quotation marks; all of them when the words themselves stand inside a quotation. */
function quotedIn({ words, sentence }: InPlace): string[] {
  const folded = fold(words);
  const at = fold(sentence).indexOf(folded);
  const isQuoted = at !== -1 && (fold(sentence).slice(0, at).split('"').length - 1) % 2 === 1;
  return folded.split('"').filter((_, index) => (index % 2 === 1) !== isQuoted);
}

function sameBag(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.toSorted().join("\n") === b.toSorted().join("\n");
}

const cyrillic = "абвгдђежзијклљмнњопрстћуфхцчџш";
const inLatin = "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split(" ");

/** Serbian in Cyrillic reads the same lists. */
function latin(lowerCase: string): string {
  if (!/\p{Script=Cyrillic}/u.test(lowerCase)) return lowerCase;
  return Array.from(lowerCase, (letter) => inLatin[cyrillic.indexOf(letter)] ?? letter).join("");
}
