import { randomBytes } from "node:crypto";
import type { Tx } from "../store/db";
import type { People } from "./people";
import { deleteSession, insertSession } from "./session-store";

/** Where a session was started, for the person's own list. */
export type Place = { readonly address: string | null; readonly userAgent: string | null };

export type StartedSession = {
  readonly sessionId: string;
  /** The whole `Set-Cookie` header. */
  readonly setCookie: string;
  /** What a program sends as its Cookie header. */
  readonly cookie: string;
};

/** Starts a session for this person inside the transaction of the act that lets them in. */
export async function addSession(
  people: People,
  tx: Tx,
  personId: string,
  place: Place,
  at: Date,
): Promise<StartedSession> {
  const sessionId = people.house.newId();
  const token = randomBytes(32).toString("base64url");
  await insertSession(
    tx,
    { id: sessionId, personId, token, expiresAt: people.library.sessionEnd(at), ...place },
    at,
  );
  const setCookie = await people.library.sessionCookie(token);
  return { sessionId, setCookie, cookie: setCookie.split(";", 1)[0] ?? "" };
}

/** A session without a sign-in: for tests and for what this process does in somebody's name. */
export async function startSession(people: People, personId: string): Promise<StartedSession> {
  return people.house.db.transaction((tx) =>
    addSession(people, tx, personId, { address: null, userAgent: null }, people.house.now()),
  );
}

/** Ends it again, without an act. */
export async function endStartedSession(
  people: People,
  { sessionId }: Pick<StartedSession, "sessionId">,
): Promise<void> {
  await people.house.db.transaction((tx) => deleteSession(tx, sessionId));
  people.house.bus.emit({ type: "session-ended", sessionId });
}
