import type { Person, Role } from "@/domain/people/person";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import type { Queries } from "../store/db";
import { insertPerson, personByEmail } from "./people-store";

/** Brings these people in without an invitation, in one transaction, recorded as the server's own act. */
export async function bringPeople(
  house: House,
  wanted: readonly { readonly name: string; readonly email: string; readonly role: Role }[],
): Promise<readonly Person[]> {
  const at = house.now();
  const brought = wanted.map((person) => ({ id: house.newId(), ...person }));
  await house.db.transaction(async (tx) => {
    for (const person of brought) {
      if (!(await insertPerson(tx, person, at))) throw new Error(`${person.email} is here already`);
      const detail = { id: person.id, name: person.name, role: person.role };
      await recordAct(tx, { act: "person-invited", personId: null, detail }, at);
    }
  });
  return brought;
}

/** Null when nobody has this address. */
export async function personWithEmail(q: Queries, email: string): Promise<Person | null> {
  const known = await personByEmail(q, email);
  if (!known) return null;
  const { id, name, role } = known;
  return { id, name, email, role };
}
