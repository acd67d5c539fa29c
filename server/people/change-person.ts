import type { Person, PersonChange } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import { mayInNewsroom } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import { recordAct } from "../record/record-act";
import { endLinksMadeBy, endOpenLinks } from "./link-store";
import type { People } from "./people";
import { type KnownPerson } from "./known-people";
import { lockActiveAdmins, lockPerson, updatePerson } from "./people-store";
import { deleteSessionsOf } from "./session-store";

/**
 * An admin changes someone's role, or deactivates or reactivates them. A deactivated person's sessions and links end,
 * and the links that they made as an admin.
 * [PE5] Refused when no active admin would be left who can come in (one who was only invited yet is none to fall back
 * on); of two admins who take each other's role at once the second is refused.
 */
export async function changePerson(
  people: People,
  by: Person,
  personId: string,
  change: PersonChange,
): Promise<
  KnownPerson | Refusal<PeopleRefusal & ("may-not-manage-people" | "no-such-person" | "last-admin")>
> {
  const may = mayInNewsroom(by, "manage-people");
  if (isRefused(may)) return { refused: "may-not-manage-people" };
  const { house } = people;
  const at = house.now();
  const answer = await house.db.transaction(async (tx) => {
    const admins = await lockActiveAdmins(tx);
    if (!admins.some(({ id }) => id === by.id)) return { refused: "may-not-manage-people" } as const;
    const before = await lockPerson(tx, personId);
    if (!before) return { refused: "no-such-person" } as const;
    const after = {
      ...before,
      role: change.role ?? before.role,
      active: change.active ?? before.active,
    };
    if (after.role === before.role && after.active === before.active) return { before, after };
    const staysAdmin = after.role === "admin" && after.active;
    const another = admins.some(
      (admin) => admin.id !== personId && (admin.id === by.id || (admin.entered && !people.isAsleep(admin))),
    );
    if (!staysAdmin && !another) return { refused: "last-admin" } as const;

    await updatePerson(tx, personId, { role: after.role, active: after.active }, at);
    if (before.active && !after.active) {
      await deleteSessionsOf(tx, personId);
      await endOpenLinks(tx, personId, at);
    }
    if (!staysAdmin) await endLinksMadeBy(tx, personId, at);
    const detail = {
      id: personId,
      was: { role: before.role, active: before.active },
      now: { role: after.role, active: after.active },
    };
    await recordAct(tx, { act: "person-changed", personId: by.id, detail }, at);
    return { before, after };
  });
  if (isRefused(answer)) return answer;
  const { before, after } = answer;
  if (before.active && !after.active) house.bus.emit({ type: "sessions-ended", personId });
  if (before.role !== after.role) house.bus.emit({ type: "rights-changed", personId });
  if (before.role !== after.role || before.active !== after.active) house.bus.emit({ type: "people" });
  return after;
}
