import type { SignIn } from "@/domain/people/person";
import { Person } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import type { Refusal } from "@/domain/refusal";
import { recordAct } from "../record/record-act";
import { isAwake, type People } from "./people";
import { lockPerson, passwordHashOf, personByEmail } from "./people-store";
import { addSession, type Place, type StartedSession } from "./start-session";
import type { TooManyTries } from "./tries";

export type SignedInNow = StartedSession & { readonly person: Person };

/**
 * [PE2] Wrong password, unknown address and deactivated person give the same refusal in the same time: the password
 * is hashed in each case. `client` is what tries are counted by.
 */
export async function signIn(
  people: People,
  given: SignIn & { readonly client: string; readonly place: Place },
): Promise<SignedInNow | Refusal<PeopleRefusal & "wrong-sign-in"> | TooManyTries> {
  const email = given.email.trim().toLowerCase();
  return people.tries.tryOnce({ account: email, client: given.client }, () => enter(people, email, given));
}

async function enter(
  people: People,
  email: string,
  given: { readonly password: string; readonly place: Place },
): Promise<SignedInNow | Refusal<PeopleRefusal & "wrong-sign-in">> {
  const { house, library } = people;
  const known = await personByEmail(house.db, email);
  const right = await library.verifyPassword(given.password, known?.passwordHash ?? null);
  if (!known || !right || !isAwake(people, known)) return { refused: "wrong-sign-in" };

  const at = house.now();
  const started = await house.db.transaction(async (tx) => {
    const person = await lockPerson(tx, known.id);
    const sameHash = (await passwordHashOf(tx, known.id)) === known.passwordHash;
    if (!person || !sameHash || !isAwake(people, person)) return null;
    const session = await addSession(people, tx, person.id, given.place, at);
    await recordAct(
      tx,
      {
        act: "signed-in",
        personId: person.id,
        detail: { sessionId: session.sessionId, by: "password" },
      },
      at,
    );
    return { ...session, person: Person.parse(person) };
  });
  return started ?? { refused: "wrong-sign-in" };
}
