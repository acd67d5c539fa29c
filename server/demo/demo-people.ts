/** Who works in the demo newsroom, named for their roles. */
import type { Person, Role } from "@/domain/people/person";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import { insertPerson, personByEmail } from "../people/people-store";
import type { Queries } from "../store/db";

export const demoPeople = {
  reporter1: { name: "Reporter One", email: "reporter1@demo.test", role: "reporter" },
  reporter2: { name: "Reporter Two", email: "reporter2@demo.test", role: "reporter" },
  checker1: { name: "Checker One", email: "checker1@demo.test", role: "checker" },
  checker2: { name: "Checker Two", email: "checker2@demo.test", role: "checker" },
  editor1: { name: "Editor One", email: "editor1@demo.test", role: "editor" },
  editor2: { name: "Editor Two", email: "editor2@demo.test", role: "editor" },
  admin: { name: "Admin", email: "admin@demo.test", role: "admin" },
} as const satisfies Readonly<Record<string, { name: string; email: string; role: Role }>>;

export type DemoPerson = keyof typeof demoPeople;
export type DemoCast = Readonly<Record<DemoPerson, Person>>;

const addresses: ReadonlySet<string> = new Set(Object.values(demoPeople).map(({ email }) => email));
export const isDemoPerson = ({ email }: { readonly email: string }) => addresses.has(email);

/** The demo people of this store; null when they were never added. */
export async function castOf(q: Queries): Promise<DemoCast | null> {
  const known: [string, Person][] = [];
  for (const [key, { email }] of Object.entries(demoPeople)) {
    const person = await personByEmail(q, email);
    if (!person) return null;
    const { id, name, role } = person;
    known.push([key, { id, name, email, role }]);
  }
  return Object.fromEntries(known) as DemoCast; // The same keys as demoPeople.
}

/** Adds them in one transaction, recorded as the server's own act. */
export async function addDemoPeople(house: House): Promise<DemoCast> {
  const at = house.now();
  const cast = Object.fromEntries(
    Object.entries(demoPeople).map(([key, person]) => [key, { id: house.newId(), ...person }]),
  ) as DemoCast; // The same keys as demoPeople.
  await house.db.transaction(async (tx) => {
    for (const person of Object.values(cast)) {
      if (!(await insertPerson(tx, person, at))) throw new Error(`${person.email} is here already`);
      const detail = { id: person.id, name: person.name, role: person.role };
      await recordAct(tx, { act: "person-invited", personId: null, detail }, at);
    }
  });
  return cast;
}
