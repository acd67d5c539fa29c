/** The SQL of one-time links: only the hash of a secret is kept. */
import { and, eq, gt, isNull } from "drizzle-orm";
import type { Queries, Tx } from "../store/db";
import { links } from "./people-tables";

export type LinkPurpose = "invitation" | "reset" | "entry";
export type UsableLink = { readonly id: string; readonly personId: string; readonly purpose: LinkPurpose };

export async function insertLink(
  tx: Tx,
  link: UsableLink & {
    readonly tokenHash: string;
    /** Null: the server or the operator's tool. */
    readonly madeBy: string | null;
    readonly expiresAt: Date;
  },
  at: Date,
): Promise<void> {
  await tx.insert(links).values({ ...link, madeAt: at });
}

/** The link that is neither used nor over; null for any other. */
export async function usableLink(q: Queries, tokenHash: string, now: Date): Promise<UsableLink | null> {
  const [row] = await q
    .select({ id: links.id, personId: links.personId, purpose: links.purpose })
    .from(links)
    .where(and(eq(links.tokenHash, tokenHash), isNull(links.usedAt), gt(links.expiresAt, now)));
  return row ?? null;
}

/** Marks the link used; false when it was already. */
export async function useUpLink(tx: Tx, linkId: string, at: Date): Promise<boolean> {
  const used = await tx
    .update(links)
    .set({ usedAt: at })
    .where(and(eq(links.id, linkId), isNull(links.usedAt), gt(links.expiresAt, at)))
    .returning({ id: links.id });
  return used.length > 0;
}

/** Whoever may not manage people any more leaves no way in behind. */
export async function endLinksMadeBy(tx: Tx, adminId: string, at: Date): Promise<void> {
  await tx
    .update(links)
    .set({ expiresAt: at })
    .where(and(eq(links.madeBy, adminId), isNull(links.usedAt), gt(links.expiresAt, at)));
}

/** A newer invitation or reset takes the place of older ones: those end now. Entry links stand beside each other. */
export async function endOpenLinks(tx: Tx, personId: string, at: Date, purpose?: LinkPurpose): Promise<void> {
  await tx
    .update(links)
    .set({ expiresAt: at })
    .where(
      and(
        eq(links.personId, personId),
        isNull(links.usedAt),
        gt(links.expiresAt, at),
        purpose === undefined ? undefined : eq(links.purpose, purpose),
      ),
    );
}
