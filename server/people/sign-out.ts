import type { SignedIn } from "../http/env";
import { recordAct } from "../record/record-act";
import type { People } from "./people";
import { deleteSession } from "./session-store";

/** Ends this session; its open sockets close (PE4). */
export async function signOut(people: People, { person, sessionId }: SignedIn): Promise<void> {
  const { house } = people;
  const at = house.now();
  const ended = await house.db.transaction(async (tx) => {
    if (!(await deleteSession(tx, sessionId))) return false;
    await recordAct(tx, { act: "signed-out", personId: person.id, detail: { sessionId } }, at);
    return true;
  });
  if (ended) house.bus.emit({ type: "session-ended", sessionId });
}
