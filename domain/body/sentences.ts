/** Sentences in English, German, Serbian, Bosnian and Albanian text, as news writes them. */
import { blockAt, type FieldText } from "./plain-text";
import type { Span } from "./tokens";

/** Words that end in a full stop and rarely end a sentence. */
const abbreviations: ReadonlySet<string> = new Set(
  (
    "mr mrs ms dr prof st sr jr gen lt col sgt capt maj cmdr adm brig gov sen rep rev hon vs etc no nos vol fig approx inc ltd co corp dept est al e.g i.e eg ie " +
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun u.s u.k u.n e.u p.m a.m " +
    "z.b d.h u.a z.t usw bzw ca nr str hr fr hptm oberst abs art evtl ggf inkl mio mrd tsd vgl geb gest sog bes jh okt dez mär mrz v.chr n.chr " +
    "tzv npr itd itsl tj god br gđa gđica sv ul prof dipl ing mil mlrd tis odn st sek min maks pr hr oko " +
    "z znj p.sh etj nr mln mld dmth sh kl"
  ).split(/\s+/),
);

/** What follows an ordinal such as the German "12." or the Serbian "12." though it begins with a capital. */
const afterOrdinal =
  /^(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Jahrhundert|Jahrestag|Geburtstag|Mal|Lebensjahr|Armee|Brigade|Division|Bataillon|Regiment|Infanterie|Panzer|Bundestag|Legislatur|Etage|Stock|Platz|Runde|Spieltag|Minute)/;

/** Followed by white space, or by a capital that a join of two paragraphs pushed against it. */
const stop = /[.!?…]+["'”’“»«‹›)\]]*(?=\s|(?<=\p{Ll}[.!?…]+["'”’»)]*)\p{Lu}(?!\.))/gu;
const opensSentence = /^["'“„”‘’«»‹›([¿¡–—-]*\s*[\p{Lu}\p{Lt}\p{N}]/u;
const lastWord = /[\p{L}\p{M}\p{N}.]+$/u;

function endsSentence(text: string, stopAt: number, stopEnd: number): boolean {
  const after = text.slice(stopEnd).trimStart();
  if (after === "") return true;
  if (!opensSentence.test(after.slice(0, 12))) return false;
  if (!text.startsWith(".", stopAt) || text.startsWith("..", stopAt)) return true;
  const before = text.slice(Math.max(0, stopAt - 24), stopAt);
  const word = lastWord.exec(before)?.[0] ?? "";
  const startsBefore = before.length - word.length;
  if (abbreviations.has(word.toLowerCase())) return false;
  if (/^\p{L}$/u.test(word) && !/\s/.test(text[stopEnd] ?? "")) return false; // v.Chr
  if (/^\p{L}$/u.test(word) && /^\p{Lu}\./u.test(after)) return false; // a. D. Müller
  if (/^\p{Lu}$/u.test(word) || /^(?:\p{L}\.)+\p{L}$/u.test(word)) return false; // J. Stoltenberg, U.N. Secretary
  if (/^\d{1,2}$/.test(word)) return !afterOrdinal.test(after) && !/^\d/.test(after);
  // "24. 3. 1999": a day and month written with spaces.
  return !(
    /^\d{1,4}$/.test(word) &&
    /^\d/.test(after) &&
    startsBefore > 0 &&
    /\d\.\s*$/.test(before.slice(0, startsBefore))
  );
}

/** Offsets at which a new sentence of this block begins, ascending, the block's own start left out. */
export function sentenceStarts(text: string): number[] {
  const starts: number[] = [];
  stop.lastIndex = 0;
  for (let match = stop.exec(text); match !== null; match = stop.exec(text)) {
    const end = match.index + match[0].length;
    if (!endsSentence(text, match.index, end)) continue;
    const next = end + (/^\s*/.exec(text.slice(end))?.[0].length ?? 0);
    if (next < text.length) starts.push(next);
  }
  return starts;
}

const knownStarts = new WeakMap<object, number[]>();

/**
 * The sentence (or sentences) that a range stands in, from the start of its first to the end of its last, never beyond
 * the blocks that it touches.
 */
export function sentenceAround(field: Pick<FieldText, "text" | "blocks">, range: Span): Span {
  const first = blockAt(field, range.start);
  const last = blockAt(field, Math.max(range.start, range.end - 1));
  if (first === null || last === null) return range;
  const starts = (block: typeof first): number[] => {
    const known = knownStarts.get(block) ?? sentenceStarts(field.text.slice(block.start, block.end));
    knownStarts.set(block, known);
    return known;
  };
  let start = first.start;
  for (const offset of starts(first)) {
    if (first.start + offset > range.start) break;
    start = first.start + offset;
  }
  let end = last.end;
  for (const offset of starts(last)) {
    if (last.start + offset < range.end) continue;
    end = last.start + offset;
    break;
  }
  const words = field.text.slice(start, end);
  return { start, end: start + words.trimEnd().length };
}
