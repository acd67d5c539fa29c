/** Who wrote some words of a story: the wire shapes of `GET /api/stories/:id/authors`. */
import { z } from "zod";
import { Id, Instant } from "../people/person";
import { Field } from "./anchor-state";

/** [BO8] One author of the words asked about, in the order in which they first come. */
export const WordsAuthor = z.object({
  /** Null: the server's own, nobody's. */
  person: z.object({ id: Id, name: z.string() }).nullable(),
  /** When they last wrote some of it, to the minute. */
  at: Instant,
  /** The stretches of words that they wrote or changed. */
  words: z.array(z.string()),
});
export type WordsAuthor = z.infer<typeof WordsAuthor>;

const position = z.base64().min(1).max(1000);
const offset = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/**
 * The words asked about: between two encoded Yjs relative positions (base64), which stay right while others type; or by
 * UTF-16 offsets in the field's plain text (BO12), end exclusive.
 */
export const AuthorsAsked = z.union([
  z.object({ field: Field, relStart: position, relEnd: position }),
  z.object({ field: Field, start: offset, end: offset }),
]);
export type AuthorsAsked = z.infer<typeof AuthorsAsked>;

/** What to tell whoever asks about a place that the stored text has not, or not yet. */
export const wordsNotThere = "These words are not in the stored text, or not yet.";
