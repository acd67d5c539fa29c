/** The SQL of people. */
import { and, asc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Role } from "@/domain/people/person";
import type { Queries, Tx } from "../store/db";
import { knownColumns, type KnownPerson } from "./known-people";
import { credentials, links, people } from "./people-tables";

/** The provider's name under which a password is kept. */
const byPassword = "credential";

/** The person with this address (in lower case) and their password's hash, null when they have none. */
export async function personByEmail(
  q: Queries,
  email: string,
): Promise<(KnownPerson & { readonly passwordHash: string | null }) | null> {
  const [row] = await q
    .select({ ...knownColumns, passwordHash: credentials.password })
    .from(people)
    .leftJoin(credentials, and(eq(credentials.userId, people.id), eq(credentials.providerId, byPassword)))
    .where(eq(people.email, email));
  return row ?? null;
}

export async function passwordHashOf(q: Queries, personId: string): Promise<string | null> {
  const [row] = await q
    .select({ hash: credentials.password })
    .from(credentials)
    .where(and(eq(credentials.userId, personId), eq(credentials.providerId, byPassword)));
  return row?.hash ?? null;
}

/** Everyone by name; `invited` while they have neither chosen a password nor come in by a link. */
export async function listPeople(
  q: Queries,
): Promise<readonly (KnownPerson & { readonly invited: boolean })[]> {
  return q
    .select({ ...knownColumns, invited: sql<boolean>`not ${hasEntered}` })
    .from(people)
    .orderBy(asc(people.name), asc(people.id));
}

const hasEntered = sql`(exists (select 1 from ${credentials} where ${credentials.userId} = ${people.id} and ${credentials.password} is not null)
  or exists (select 1 from ${links} where ${links.personId} = ${people.id} and ${links.usedAt} is not null))`;

export async function countPeople(q: Queries): Promise<number> {
  return q.$count(people);
}

/**
 * Locks the person's row until the transaction ends, so that nobody deactivates them meanwhile. Rows that name the
 * person can still be written: whoever writes one may hold the record's lock, which this transaction waits for.
 */
export async function lockPerson(tx: Tx, id: string): Promise<KnownPerson | null> {
  const [row] = await tx.select(knownColumns).from(people).where(eq(people.id, id)).for("no key update");
  return row ?? null;
}

/** [PE5] Locks every active admin's row, in one order. `entered`: not only invited yet. */
export async function lockActiveAdmins(
  tx: Tx,
): Promise<readonly { readonly id: string; readonly email: string; readonly entered: boolean }[]> {
  return tx
    .select({ id: people.id, email: people.email, entered: sql<boolean>`${hasEntered}` })
    .from(people)
    .where(and(eq(people.role, "admin"), eq(people.active, true)))
    .orderBy(asc(people.id))
    .for("no key update");
}

/** Asked again under the lock of the active admins' rows: whoever acts as one may have lost it meanwhile. */
export async function isStillAdmin(tx: Tx, id: string): Promise<boolean> {
  return (await lockActiveAdmins(tx)).some((admin) => admin.id === id);
}

/** False when the address is in use. */
export async function insertPerson(
  tx: Tx,
  person: { readonly id: string; readonly name: string; readonly email: string; readonly role: Role },
  at: Date,
): Promise<boolean> {
  const rows = await tx
    .insert(people)
    .values({ ...person, createdAt: at, updatedAt: at })
    .onConflictDoNothing({ target: people.email })
    .returning({ id: people.id });
  return rows.length === 1;
}

export async function updatePerson(
  tx: Tx,
  id: string,
  change: { readonly role?: Role | undefined; readonly active?: boolean | undefined },
  at: Date,
): Promise<void> {
  await tx
    .update(people)
    .set({ ...change, updatedAt: at })
    .where(eq(people.id, id));
}

/** Puts the hash in the place of the person's password, or as their first. */
export async function savePasswordHash(
  tx: Tx,
  given: { readonly id: string; readonly personId: string; readonly hash: string },
  at: Date,
): Promise<void> {
  const changed = await tx
    .update(credentials)
    .set({ password: given.hash, updatedAt: at })
    .where(and(eq(credentials.userId, given.personId), eq(credentials.providerId, byPassword)))
    .returning({ id: credentials.id });
  if (changed.length > 0) return;
  await tx.insert(credentials).values({
    id: given.id,
    accountId: given.personId,
    providerId: byPassword,
    userId: given.personId,
    password: given.hash,
    createdAt: at,
    updatedAt: at,
  });
}

/** The password hashes of these people, in no order. */
export async function passwordHashesOf(q: Queries, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await q
    .select({ hash: credentials.password })
    .from(credentials)
    .where(and(inArray(credentials.userId, [...ids]), isNotNull(credentials.password)));
  return rows.flatMap((row) => row.hash ?? []);
}
