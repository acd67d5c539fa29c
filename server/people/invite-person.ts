import type { Invitation, Person } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import { mayInNewsroom } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import { addLink } from "./make-link";
import { insertPerson, isStillAdmin } from "./people-store";

export type InvitedPerson = { readonly id: string; readonly link: string };

/** [PE3] Invites by name, address and role; the link is handed out once and not kept. */
export async function invitePerson(
  house: House,
  by: Person,
  given: Invitation,
): Promise<InvitedPerson | Refusal<PeopleRefusal & ("may-not-manage-people" | "address-taken")>> {
  const may = mayInNewsroom(by, "manage-people");
  if (isRefused(may)) return { refused: "may-not-manage-people" };
  const at = house.now();
  const invited = await house.db.transaction(async (tx) => {
    if (!(await isStillAdmin(tx, by.id))) return { refused: "may-not-manage-people" } as const;
    return insertInvited(house, tx, given, by.id, at);
  });
  if (!isRefused(invited)) house.bus.emit({ type: "people" });
  return invited;
}

/** The same without a person who asks: `linecheck people invite`. */
export async function addInvited(
  house: House,
  given: Invitation,
): Promise<InvitedPerson | Refusal<"address-taken">> {
  const at = house.now();
  const invited = await house.db.transaction((tx) => insertInvited(house, tx, given, null, at));
  if (!isRefused(invited)) house.bus.emit({ type: "people" });
  return invited;
}

async function insertInvited(
  house: House,
  tx: Tx,
  given: Invitation,
  by: string | null,
  at: Date,
): Promise<InvitedPerson | Refusal<"address-taken">> {
  const id = house.newId();
  if (!(await insertPerson(tx, { id, ...given }, at))) return { refused: "address-taken" };
  const detail = { id, name: given.name, role: given.role };
  await recordAct(tx, { act: "person-invited", personId: by, detail }, at);
  return { id, link: await addLink(house, tx, { personId: id, purpose: "invitation", madeBy: by }, at) };
}
