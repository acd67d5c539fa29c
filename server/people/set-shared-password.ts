import { recordAct } from "../record/record-act";
import type { People } from "./people";
import { passwordHashesOf, savePasswordHash } from "./people-store";
import { deleteSessionsOf } from "./session-store";

/**
 * Gives these people one password from the settings (LINECHECK_DEMO_PASSWORD). Changes nothing when they have it
 * already; otherwise their sessions end. They share one hash, so that a start costs one hashing and not seven.
 */
export async function setSharedPassword(
  people: People,
  personIds: readonly string[],
  password: string,
): Promise<void> {
  const { house, library } = people;
  const hashes = await passwordHashesOf(house.db, personIds);
  const [first] = hashes;
  const isShared = hashes.length === personIds.length && new Set(hashes).size === 1;
  if (isShared && first !== undefined && (await library.verifyPassword(password, first))) return;
  const hash = await library.hashPassword(password);
  const at = house.now();
  await house.db.transaction(async (tx) => {
    for (const personId of personIds) {
      await savePasswordHash(tx, { id: house.newId(), personId, hash }, at);
      await deleteSessionsOf(tx, personId);
      const detail = { for: personId, by: "settings" };
      await recordAct(tx, { act: "password-changed", personId: null, detail }, at);
    }
  });
  // [PE4] Also the sockets that another process has open.
  for (const personId of personIds) house.bus.emit({ type: "sessions-ended", personId });
}
