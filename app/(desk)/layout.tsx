import type { ReactNode } from "react";
import { signedInPerson } from "../signed-in-person";

/** Asked above what is shown while the desk loads: a visitor is sent to the sign-in, not shown an empty desk. */
export default async function DeskLayout({ children }: { readonly children: ReactNode }) {
  await signedInPerson("/");
  return children;
}
