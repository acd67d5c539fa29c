import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { cache } from "react";
import type { Person } from "@/domain/people/person";
import { theNewsroom } from "@/domain/newsroom";

/** Who asked for this page; nobody is sent to the sign-in, which comes back to `path`. */
export async function signedInPerson(path: string): Promise<Person> {
  const person = await whoAsks();
  if (!person) redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
  return person;
}

/** Null when nobody is signed in; asked once a request, whoever asks. */
export const whoAsks = cache(async (): Promise<Person | null> => {
  await connection();
  return theNewsroom().personOf((await headers()).get("cookie"));
});
