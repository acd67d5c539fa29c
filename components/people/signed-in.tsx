"use client";
import { createContext, useContext, type ReactNode } from "react";
import type { Person } from "@/domain/people/person";

const SignedInContext = createContext<Person | null>(null);

export function SignedIn({ person, children }: { readonly person: Person; readonly children: ReactNode }) {
  return <SignedInContext value={person}>{children}</SignedInContext>;
}

/** Who is looking at this page. */
export function useSignedIn(): Person {
  const person = useContext(SignedInContext);
  if (!person) throw new Error("Nobody is signed in around this component.");
  return person;
}
