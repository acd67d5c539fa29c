/** Words of the story on one line, cut behind whole characters at this length. */
export function shortened(words: string, longest: number): string {
  const line = words.replace(/\s+/gu, " ").trim();
  const characters = Array.from(line);
  return characters.length > longest ? `${characters.slice(0, longest).join("").trimEnd()}…` : line;
}

/** In quotation marks, unless the words bring their own. */
export function inQuotes(words: string): string {
  return /^["“„«]|["”»]$/u.test(words) ? words : `“${words}”`;
}

/** Words of the story inside a sentence to a person: on one line, in quotation marks, shortened when long. */
export function quoted(words: string): string {
  return inQuotes(shortened(words, 120));
}
