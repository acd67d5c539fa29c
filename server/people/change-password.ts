import type { PasswordChange } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import type { Refusal } from "@/domain/refusal";
import type { SignedIn } from "../http/env";
import { recordAct } from "../record/record-act";
import { endOpenLinks } from "./link-store";
import type { People } from "./people";
import { lockPerson, passwordHashOf, savePasswordHash } from "./people-store";
import { deleteSessionsOf } from "./session-store";
import type { TooManyTries } from "./tries";

/**
 * [PE3] One's own password is changed with the old one; the person's other sessions end, and a reset link that is
 * still about. Tries with a wrong old one are counted as at the sign-in (PE2).
 */
export async function changePassword(
  people: People,
  who: SignedIn,
  given: PasswordChange & { readonly client: string },
): Promise<true | Refusal<PeopleRefusal & "wrong-password"> | TooManyTries> {
  const attempt = { account: who.person.email, client: given.client };
  const changed = await people.tries.tryOnce(attempt, () => change(people, who, given));
  if (changed === true) {
    people.house.bus.emit({
      type: "sessions-ended",
      personId: who.person.id,
      exceptSessionId: who.sessionId,
    });
  }
  return changed;
}

async function change(
  { house, library }: People,
  { person, sessionId }: SignedIn,
  given: PasswordChange,
): Promise<true | Refusal<PeopleRefusal & "wrong-password">> {
  const before = await passwordHashOf(house.db, person.id);
  if (!(await library.verifyPassword(given.current, before))) return { refused: "wrong-password" };
  const hash = await library.hashPassword(given.next);

  const at = house.now();
  const changed = await house.db.transaction(async (tx) => {
    await lockPerson(tx, person.id);
    if ((await passwordHashOf(tx, person.id)) !== before) return false;
    await savePasswordHash(tx, { id: house.newId(), personId: person.id, hash }, at);
    await deleteSessionsOf(tx, person.id, sessionId);
    await endOpenLinks(tx, person.id, at, "reset");
    await recordAct(tx, { act: "password-changed", personId: person.id, detail: {} }, at);
    return true;
  });
  return changed || { refused: "wrong-password" };
}
