import type { Invitation, Person } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import { mayInNewsroom } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import { addLink } from "./make-link";
import { insertPerson } from "./people-store";

export type InvitedPerson = { readonly id: string; readonly link: string };

/** [PE3] Invites by name, address and role; the link is handed out once and not kept. */
export async function invitePerson(
  house: House,
  by: Person,
  given: Invitation,
): Promise<InvitedPerson | Refusal<PeopleRefusal & ("may-not-manage-people" | "address-taken")>> {
  const may = mayInNewsroom(by, "manage-people");
  if (isRefused(may)) return { refused: "may-not-manage-people" };
  return addInvited(house, given, by.id);
}

/** The same without a person who asks: `linecheck people invite`. */
export async function addInvited(
  house: House,
  given: Invitation,
  by: string | null,
): Promise<InvitedPerson | Refusal<"address-taken">> {
  const at = house.now();
  const id = house.newId();
  const invited = await house.db.transaction(async (tx) => {
    if (!(await insertPerson(tx, { id, ...given }, at))) return null;
    const detail = { id, name: given.name, role: given.role };
    await recordAct(tx, { act: "person-invited", personId: by, detail }, at);
    return { id, link: await addLink(house, tx, { personId: id, purpose: "invitation", madeBy: by }, at) };
  });
  if (!invited) return { refused: "address-taken" };
  house.bus.emit({ type: "people" });
  return invited;
}
