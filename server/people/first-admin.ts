import { recordAct } from "../record/record-act";
import type { People } from "./people";
import { countPeople, insertPerson, savePasswordHash } from "./people-store";

/** Makes the first admin from the settings when there are no people yet; false when there are. */
export async function addFirstAdmin(
  people: People,
  given: { readonly email: string; readonly password: string },
): Promise<boolean> {
  const { house, library } = people;
  if ((await countPeople(house.db)) > 0) return false;
  const hash = await library.hashPassword(given.password);
  const at = house.now();
  const id = house.newId();
  return house.db.transaction(async (tx) => {
    const admin = { id, name: "Admin", email: given.email.toLowerCase(), role: "admin" } as const;
    if (!(await insertPerson(tx, admin, at))) return false;
    await savePasswordHash(tx, { id: house.newId(), personId: id, hash }, at);
    const detail = { id, name: admin.name, role: admin.role, by: "settings" };
    await recordAct(tx, { act: "person-invited", personId: null, detail }, at);
    return true;
  });
}
