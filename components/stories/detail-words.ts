/** Between a story's details and the words in their text boxes. */
import { Dateline, Slug } from "@/domain/stories/story";

/** `Ana Berisha, Marko Ilić` or one a line; empty names are left out. */
export function bylineOf(words: string): string[] {
  return words
    .split(/[,;\n]/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** An instant as `datetime-local` takes it: in this device's time zone, to the minute. */
export function localMinuteOf(instant: string | null): string {
  if (!instant) return "";
  const at = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The other way; null for an empty box. */
export function instantOf(localMinute: string): string | null {
  return localMinute ? new Date(localMinute).toISOString() : null;
}

/** A day as the dateline takes it, or none for an empty box; or a sentence. */
export function dayOf(words: string): { readonly day: string } | { readonly wrong: string } {
  const day = words.trim();
  return Dateline.shape.date.safeParse(day).success
    ? { day }
    : { wrong: "A day of the calendar as YYYY-MM-DD, for example 2026-03-02." };
}

/** The address's words, tidied as far as that is surely meant; or a sentence. */
export function slugOf(words: string): { readonly slug: string } | { readonly wrong: string } {
  const slug = words.trim().toLowerCase().replace(/\s+/g, "-");
  return Slug.safeParse(slug).success
    ? { slug }
    : { wrong: "Lower-case letters a–z, digits and single hyphens, at most 100." };
}
