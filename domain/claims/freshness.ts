/**
 * Is a verdict still about the words that stand there?
 *
 * [FR2] Computed, never set; the first that fits: `orphaned` (no place), `unchecked` (no verdict), `stale` (another
 * fold than at the standing verdict, with the old and new words and a reason), `cosmetic` (the same fold, other
 * characters), `current`.
 * [FR3] A negation, quantifier or number added to or taken from the rest of the sentence: `stale`, reason `context`.
 * Any other change of the sentence is marked by `contextChanged`; the verdict stays current.
 * [FR4] The checked words back in place: current again, since nothing but the words then and now is asked.
 */
import type { AnchorState } from "../body/anchor-state";
import { fold } from "../body/fold";
import type { Freshness, StaleReason } from "./claim";
import { meaningWords, wordKinds, wordsOf } from "./meaning-words";

/** The words now, and the sentence they stand in. */
export type WordsNow = { readonly state: AnchorState; readonly words: string; readonly sentence: string };
/** The words and their sentence as they stood at the standing verdict. */
export type WordsJudged = { readonly words: string; readonly sentence: string };

export function freshnessOf(given: { readonly anchor: WordsNow; readonly verdict: WordsJudged | null }): {
  readonly freshness: Freshness;
  readonly contextChanged: boolean;
} {
  const { anchor, verdict } = given;
  if (anchor.state === "orphaned") return { freshness: { state: "orphaned" }, contextChanged: false };
  if (!verdict) return { freshness: { state: "unchecked" }, contextChanged: false };
  const before = { was: verdict.words, now: anchor.words };
  if (fold(verdict.words) !== fold(anchor.words)) {
    const reason = reasonOf(verdict.words, anchor.words);
    return { freshness: { state: "stale", reason, ...before }, contextChanged: false };
  }
  const restThen = restOf(verdict);
  const restNow = restOf(anchor);
  const contextChanged = restThen !== restNow;
  if (contextChanged && !sameWords(meaningWords(restThen), meaningWords(restNow))) {
    const sentences = { was: verdict.sentence, now: anchor.sentence };
    return { freshness: { state: "stale", reason: "context", ...sentences }, contextChanged };
  }
  const state = verdict.words === anchor.words ? "current" : "cosmetic";
  return { freshness: { state }, contextChanged };
}

/** The sentence without the claim's own words, folded. Where they stand in it twice, the first of them counts. */
function restOf({ words, sentence }: WordsJudged): string {
  const whole = fold(sentence);
  const own = fold(words);
  const at = whole.indexOf(own);
  return at < 0 ? whole : fold(`${whole.slice(0, at)} ${whole.slice(at + own.length)}`);
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  const sorted = b.toSorted();
  return a.length === b.length && a.toSorted().every((word, index) => word === sorted[index]);
}

/** Why the words no longer stand as judged: the gravest kind of word among those that differ. A label, no rule. */
function reasonOf(was: string, now: string): StaleReason {
  const then = wordsOf(was);
  const today = wordsOf(now);
  const differing = [
    ...then.filter((word) => !today.includes(word)),
    ...today.filter((word) => !then.includes(word)),
  ];
  if (differing.some(wordKinds.isNegation)) return "negation";
  const both = [...then, ...today];
  const speaksOfDay = both.some((word) => wordKinds.isMonth(word));
  if (differing.some((word) => wordKinds.isMonth(word) || wordKinds.isDay(word) || wordKinds.isDate(word))) {
    return "date";
  }
  if (differing.some(wordKinds.isNumber)) {
    const isDate = speaksOfDay || differing.some(wordKinds.isYear);
    return isDate ? "date" : "number";
  }
  if (/["„“”«»]/.test(was + now)) return "quotation";
  if (differing.some((word) => namesSomeone(word, was) || namesSomeone(word, now))) return "name";
  return "words";
}

/** Is the word (in lower case) written with a capital in this text? */
function namesSomeone(word: string, text: string): boolean {
  const at = text.toLowerCase().indexOf(word);
  return at >= 0 && /^\p{Lu}/u.test(text.slice(at));
}
