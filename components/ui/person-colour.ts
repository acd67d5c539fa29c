/** Twelve colours for people's carets and avatars, each at least 6:1 with white on it. */
const colours = [
  "#2a5aa8",
  "#a2410e",
  "#0b6b62",
  "#7a3e9d",
  "#8d2f5e",
  "#4f6a12",
  "#3f4fa3",
  "#7a5200",
  "#1c6b43",
  "#b02a4a",
  "#4d5b6b",
  "#0e6787",
] as const;

/** The same person has the same colour on every screen. White words stand on it. */
export function personColour(personId: string): string {
  let sum = 0;
  for (const letter of personId) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return colours[sum % colours.length] ?? colours[0];
}
