/** What every API route finds in Hono's context after the session check. */
import type { Person } from "@/domain/people/person";

export type SignedIn = {
  readonly person: Person;
  readonly sessionId: string;
};

export type ApiEnv = { Variables: { signedIn: SignedIn } };
