import { createHash, randomBytes } from "node:crypto";
import type { Person } from "@/domain/people/person";
import type { PeopleRefusal } from "@/domain/people/people-refusals";
import { mayInNewsroom } from "@/domain/people/rights";
import { isRefused, type Refusal } from "@/domain/refusal";
import type { House } from "../house";
import { recordAct } from "../record/record-act";
import type { Tx } from "../store/db";
import { endOpenLinks, insertLink, type LinkPurpose } from "./link-store";
import { isAwake, type People } from "./people";
import { isStillAdmin, lockPerson, passwordHashOf } from "./people-store";

const linkHours = 72;

/** The secret is long and random, so that a plain hash keeps it. */
export const hashOfToken = (token: string) => createHash("sha256").update(token).digest("hex");

/**
 * [PE3] Makes a one-time link for 72 hours inside the transaction; only the hash of its secret is kept. An invitation
 * or a reset takes the place of the person's older ones.
 */
export async function addLink(
  house: House,
  tx: Tx,
  link: { readonly personId: string; readonly purpose: LinkPurpose; readonly madeBy: string | null },
  at: Date,
): Promise<string> {
  // The word before the dot tells the link's page what to ask; it reaches no server before the act.
  const token = `${link.purpose}.${randomBytes(24).toString("base64url")}`;
  const id = house.newId();
  if (link.purpose !== "entry") {
    await endOpenLinks(tx, link.personId, at, "invitation");
    await endOpenLinks(tx, link.personId, at, "reset");
  }
  const expiresAt = new Date(at.getTime() + linkHours * 60 * 60 * 1000);
  await insertLink(tx, { id, ...link, tokenHash: hashOfToken(token), expiresAt }, at);
  await recordAct(
    tx,
    {
      act: "link-made",
      personId: link.madeBy,
      detail: { linkId: id, for: link.personId, purpose: link.purpose },
    },
    at,
  );
  return `${house.url}/link#${token}`;
}

/** [PE3] A new link for somebody: until they have a password an invitation, then a reset. */
export async function makeLink(
  people: People,
  by: Person,
  personId: string,
): Promise<
  | { readonly id: string; readonly link: string }
  | Refusal<PeopleRefusal & ("may-not-manage-people" | "no-such-person" | "person-inactive")>
> {
  const may = mayInNewsroom(by, "manage-people");
  if (isRefused(may)) return { refused: "may-not-manage-people" };
  const { house } = people;
  const at = house.now();
  return house.db.transaction(async (tx) => {
    if (!(await isStillAdmin(tx, by.id))) return { refused: "may-not-manage-people" } as const;
    const person = await lockPerson(tx, personId);
    if (!person) return { refused: "no-such-person" } as const;
    if (!isAwake(people, person)) return { refused: "person-inactive" } as const;
    const purpose = (await passwordHashOf(tx, personId)) === null ? "invitation" : "reset";
    return { id: personId, link: await addLink(house, tx, { personId, purpose, madeBy: by.id }, at) };
  });
}
