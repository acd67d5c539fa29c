/** The SQL of sessions. */
import { and, eq, gt, inArray, lte, ne, sql } from "drizzle-orm";
import type { Queries, Tx } from "../store/db";
import { knownColumns, type KnownPerson } from "./known-people";
import { people, sessions } from "./people-tables";

export async function insertSession(
  tx: Tx,
  session: {
    readonly id: string;
    readonly personId: string;
    /** The secret that the cookie carries, signed. */
    readonly token: string;
    readonly expiresAt: Date;
    readonly address: string | null;
    readonly userAgent: string | null;
  },
  at: Date,
): Promise<void> {
  await tx.insert(sessions).values({
    id: session.id,
    token: session.token,
    userId: session.personId,
    expiresAt: session.expiresAt,
    ipAddress: session.address,
    userAgent: session.userAgent?.slice(0, 300) ?? null,
    createdAt: at,
    updatedAt: at,
  });
}

export type KnownSession = {
  readonly sessionId: string;
  readonly expiresAt: Date;
  readonly person: KnownPerson;
};

/**
 * Asks whose these sessions are, by the secrets that their cookies carry: one statement, prepared once. Whoever acts on
 * the answer looks at when the session ends.
 */
export function sessionsBy(
  q: Queries,
): (tokens: readonly string[]) => Promise<ReadonlyMap<string, KnownSession>> {
  const statement = q
    .select({
      token: sessions.token,
      sessionId: sessions.id,
      expiresAt: sessions.expiresAt,
      person: knownColumns,
    })
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.userId))
    .where(sql`${sessions.token} = any(${sql.placeholder("tokens")})`)
    .prepare("sessions_by");
  return async (tokens) => {
    const rows = await statement.execute({ tokens });
    return new Map(rows.map(({ token, ...session }) => [token, session]));
  };
}

/** Ends one session; false when it had ended already. */
export async function deleteSession(tx: Tx, sessionId: string): Promise<boolean> {
  const gone = await tx.delete(sessions).where(eq(sessions.id, sessionId)).returning({ id: sessions.id });
  return gone.length > 0;
}

/** Ends all sessions of a person, or all but one. */
export async function deleteSessionsOf(tx: Tx, personId: string, exceptSessionId?: string): Promise<void> {
  const theirs = eq(sessions.userId, personId);
  await tx
    .delete(sessions)
    .where(exceptSessionId === undefined ? theirs : and(theirs, ne(sessions.id, exceptSessionId)));
}

/** Those of these sessions that are over or were taken away. */
export async function endedSessions(
  q: Queries,
  sessionIds: readonly string[],
  now: Date,
): Promise<readonly string[]> {
  const rows = await q
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(inArray(sessions.id, [...sessionIds]), gt(sessions.expiresAt, now)));
  const going = new Set(rows.map((row) => row.id));
  return sessionIds.filter((id) => !going.has(id));
}

/** Takes away the sessions whose time is over; gives their ids. */
export async function deleteExpiredSessions(q: Queries, now: Date): Promise<readonly string[]> {
  const gone = await q.delete(sessions).where(lte(sessions.expiresAt, now)).returning({ id: sessions.id });
  return gone.map((row) => row.id);
}
