/** Who is who: what every capability above may ask of people. */
import { eq, inArray } from "drizzle-orm";
import type { Person } from "@/domain/people/person";
import type { Named } from "@/domain/stories/story";
import type { Queries } from "../store/db";
import { people } from "./people-tables";

/** A person as the store knows them. */
export type KnownPerson = Person & { readonly active: boolean };

/** The columns of a `KnownPerson`. */
export const knownColumns = {
  id: people.id,
  name: people.name,
  email: people.email,
  role: people.role,
  active: people.active,
};

/** Null when there is no such person. Whoever acts on the answer looks at `active`. */
export async function personById(q: Queries, id: string): Promise<KnownPerson | null> {
  const [row] = await q.select(knownColumns).from(people).where(eq(people.id, id));
  return row ?? null;
}

/** The names of these people by id; unknown ids are left out. */
export async function namesOf(q: Queries, ids: Iterable<string>): Promise<Map<string, Named>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await q
    .select({ id: people.id, name: people.name })
    .from(people)
    .where(inArray(people.id, wanted));
  return new Map(rows.map((row) => [row.id, row]));
}
