/**
 * [WF5] The slug: the story's name in addresses. Made from the headline if not given, unique, frozen at publication.
 */

const maxLength = 80;
/** Slugs taken from an empty headline, or one in a script that is not spelled out here. */
const nameless = "story";

/** How the letters of our languages are spelled in plain ones; other accents are simply taken off. */
const spelled: Readonly<Record<string, string>> = {
  // German
  ä: "ae",
  ö: "oe",
  ü: "ue",
  ß: "ss",
  // Serbian, Bosnian
  đ: "dj",
  ђ: "dj",
  а: "a",
  б: "b",
  в: "v",
  г: "g",
  д: "d",
  е: "e",
  ж: "z",
  з: "z",
  и: "i",
  ј: "j",
  к: "k",
  л: "l",
  љ: "lj",
  м: "m",
  н: "n",
  њ: "nj",
  о: "o",
  п: "p",
  р: "r",
  с: "s",
  т: "t",
  ћ: "c",
  у: "u",
  ф: "f",
  х: "h",
  ц: "c",
  ч: "c",
  џ: "dz",
  ш: "s",
  // Names of neighbours
  ł: "l",
  ø: "o",
  æ: "ae",
  œ: "oe",
  ð: "d",
  þ: "th",
  ı: "i",
  // Ukrainian and Russian names
  є: "ie",
  і: "i",
  ї: "i",
  ґ: "g",
  ё: "e",
  й: "i",
  щ: "shch",
  ъ: "",
  ы: "y",
  ь: "",
  э: "e",
  ю: "iu",
  я: "ia",
};

function plainLetters(text: string): string {
  const letters = Array.from(text.normalize("NFC").toLowerCase(), (letter) => spelled[letter] ?? letter);
  return letters.join("").normalize("NFD").replace(/\p{M}/gu, "");
}

/** The slug that a headline asks for, at most 80 characters, cut between words; `story` when it gives none. */
export function slugOf(headline: string): string {
  const words = plainLetters(headline)
    .replace(/(?<=\d)[.,\u2009\u202f](?=\d{3}(?!\d))/g, "")
    .replace(/['’]/g, "")
    .match(/[a-z0-9]+/g);
  let slug = "";
  for (const word of words ?? []) {
    const longer = slug === "" ? word : `${slug}-${word}`;
    if (longer.length > maxLength) break;
    slug = longer;
  }
  return slug || words?.[0]?.slice(0, maxLength) || nameless;
}

/** The slug itself if it is free, else with the first free number behind it, from 2 on. */
export function freeSlug(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let n = 2;
  while (taken.has(`${wanted}-${String(n)}`)) n++;
  return `${wanted}-${String(n)}`;
}
