import { fromBase64 } from "lib0/buffer";
import { timeOf } from "@/domain/body/authorship";
import { whoWrote } from "@/domain/body/authorship-words";
import { offsetOf, type FieldText } from "@/domain/body/plain-text";
import type { AuthorsAsked, WordsAuthor } from "@/domain/body/who-wrote";
import type { Person } from "@/domain/people/person";
import { maySee } from "@/domain/people/rights";
import type { Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import { storyFacts } from "../stories/story-row";
import { authoredTexts } from "./authors-of";

/**
 * [BO8] Who wrote these words of the committed text, in the order in which they first come; whoever may read a story may
 * ask. `asked` is undefined when it was not of the form. `words-not-there`: the store has no such place, or not yet.
 */
export async function readAuthors(
  house: House,
  person: Person,
  storyId: string,
  asked: AuthorsAsked | undefined,
): Promise<readonly WordsAuthor[] | Refusal<"no-such-story" | "wrong-form" | "words-not-there">> {
  const story = await storyFacts(house.db, storyId);
  if (!story || !maySee(person, story)) return { refused: "no-such-story" };
  if (!asked) return { refused: "wrong-form" };
  const found = await authoredTexts(house).read(house.db, storyId, (text) => {
    const field = text.field(asked.field);
    const span = spanOf(field, asked);
    return span && whoWrote(field, text.authorship, span);
  });
  if (!found) return { refused: "words-not-there" };
  const names = await namesOf(
    house.db,
    found.flatMap(({ by }) => by ?? []),
  );
  return found.map(({ by, minute, words }) => ({
    person: by === null ? null : (names.get(by) ?? { id: by, name: "" }),
    at: timeOf(minute).toISOString(),
    words: [...words],
  }));
}

function spanOf(field: FieldText, asked: AuthorsAsked): { start: number; end: number } | null {
  const { start, end } =
    "relStart" in asked
      ? { start: placeOf(field, asked.relStart), end: placeOf(field, asked.relEnd) }
      : asked;
  if (start === null || end === null) return null;
  return start <= end && end <= field.text.length ? { start, end } : null;
}

const placeOf = (field: FieldText, base64: string) => offsetOf(field, fromBase64(base64));
