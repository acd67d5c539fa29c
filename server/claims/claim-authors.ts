/** [BO8] Who wrote the words of claims, as they stand now. */
import { fromBase64 } from "lib0/buffer";
import { whoWrote } from "@/domain/body/authorship-words";
import { offsetOf } from "@/domain/body/plain-text";
import type { Claim, PlacedClaim } from "@/domain/claims/claim";
import { authoredTexts, type AuthoredFields } from "../body/authors-of";
import type { House } from "../house";
import { namesOf } from "../people/known-people";
import type { Queries } from "../store/db";
import type { KnownStory } from "../stories/story-row";

/** The claims of one story with the authors of their words. */
export async function withAuthors(
  house: House,
  q: Queries,
  story: Pick<KnownStory, "id" | "writers">,
  claims: readonly PlacedClaim[],
): Promise<readonly Claim[]> {
  const ids = await authorIds(house, q, story, claims);
  const names = await namesOf(q, ids.flat());
  return claims.map((claim, index) => ({
    ...claim,
    authors: (ids[index] ?? []).map((id) => names.get(id) ?? { id, name: "" }),
  }));
}

/** Person ids, for each claim in turn. */
async function authorIds(
  house: House,
  q: Queries,
  { id, writers }: Pick<KnownStory, "id" | "writers">,
  claims: readonly PlacedClaim[],
): Promise<readonly (readonly string[])[]> {
  const placed = claims.filter(({ anchor }) => anchor.relStart !== null);
  // Where one person wrote everything, nobody needs to look at letters.
  if (placed.length === 0 || writers.length < 2)
    return claims.map(({ anchor }) => (anchor.relStart === null ? [] : writers));
  const found = await authoredTexts(house).read(q, id, (text) =>
    claims.map(({ anchor }) => authorsAt(text, anchor)),
  );
  return found ?? claims.map(() => []);
}

function authorsAt(text: AuthoredFields, anchor: PlacedClaim["anchor"]): readonly string[] {
  if (anchor.relStart === null || anchor.relEnd === null) return [];
  const field = text.field(anchor.field);
  const start = offsetOf(field, fromBase64(anchor.relStart)) ?? anchor.start;
  const end = offsetOf(field, fromBase64(anchor.relEnd)) ?? anchor.end;
  if (start === null || end === null) return [];
  return whoWrote(field, text.authorship, { start, end }).flatMap(({ by }) => by ?? []);
}
