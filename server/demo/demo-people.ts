/** Who works in the demo newsroom, named for their roles. */
import type { Person, Role } from "@/domain/people/person";
import type { House } from "../house";
import { bringPeople, personWithEmail } from "../people/bring-people";
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

/** The demo people of this store; null when they were never brought. */
export async function castOf(q: Queries): Promise<DemoCast | null> {
  const known = await Promise.all(Object.values(demoPeople).map(({ email }) => personWithEmail(q, email)));
  const everyone = known.flatMap((person) => person ?? []);
  return everyone.length === known.length ? castFrom(everyone) : null;
}

export const addDemoPeople = async (house: House): Promise<DemoCast> =>
  castFrom(await bringPeople(house, Object.values(demoPeople)));

const castFrom = (everyone: readonly Person[]) =>
  // In the order of demoPeople, and as many.
  Object.fromEntries(Object.keys(demoPeople).map((key, i) => [key, everyone[i]])) as DemoCast;
