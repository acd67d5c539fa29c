import { Person, type LinkRedemption } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import type { Refusal } from "@/domain/refusal";
import { recordAct } from "../record/record-act";
import { usableLink, useUpLink } from "./link-store";
import { hashOfToken } from "./make-link";
import { isAwake, type People } from "./people";
import { lockPerson, savePasswordHash } from "./people-store";
import { deleteSessionsOf } from "./session-store";
import type { SignedInNow } from "./sign-in";
import { addSession, type Place } from "./start-session";

/**
 * [PE3] The act on the link's page: sets the password, lets the person in and uses the link up. A demo entry link
 * needs no password. A refusal uses nothing up. A new password ends the person's other sessions.
 */
export async function redeemLink(
  people: People,
  given: LinkRedemption & { readonly place: Place },
): Promise<SignedInNow | Refusal<PeopleRefusal & ("link-not-valid" | "needs-password")>> {
  const { house, library } = people;
  const link = await usableLink(house.db, hashOfToken(given.token), house.now());
  if (!link) return { refused: "link-not-valid" };
  if (given.password === undefined && link.purpose !== "entry") return { refused: "needs-password" };
  const hash = given.password === undefined ? null : await library.hashPassword(given.password);

  const started = await house.db.transaction(async (tx) => {
    const person = await lockPerson(tx, link.personId);
    if (!person || !isAwake(people, person)) return null;
    // Taken under the lock: the link may have been ended while the password was hashed.
    const at = house.now();
    if (!(await useUpLink(tx, link.id, at))) return null;
    if (hash !== null) {
      await savePasswordHash(tx, { id: house.newId(), personId: person.id, hash }, at);
      await deleteSessionsOf(tx, person.id);
    }
    const session = await addSession(people, tx, person.id, given.place, at);
    const detail = { linkId: link.id, purpose: link.purpose, sessionId: session.sessionId };
    await recordAct(tx, { act: "link-redeemed", personId: person.id, detail }, at);
    return { ...session, person: Person.parse(person) };
  });
  if (!started) return { refused: "link-not-valid" };
  if (hash !== null) {
    house.bus.emit({
      type: "sessions-ended",
      personId: started.person.id,
      exceptSessionId: started.sessionId,
    });
  }
  if (link.purpose === "invitation") house.bus.emit({ type: "people" });
  return started;
}
