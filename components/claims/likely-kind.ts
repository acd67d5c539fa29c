import type { Kind } from "@/domain/claims/claim";

const months =
  /\b(january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|today|yesterday)\b|\b(19|20)\d\d\b|\b\d{1,2}[:.]\d{2}\b/i;

/** The kind that the form for a new claim proposes for these words; the person decides. */
export function likelyKind(words: string): Kind {
  if (/["“”„«»‘]/.test(words)) return "quote";
  if (months.test(words)) return "date_time";
  if (/\p{N}/u.test(words)) return "number";
  if (/^(\p{Lu}[\p{L}.'’-]*\s*){2,}$/u.test(words.trim())) return "name_title";
  return "other";
}
