/** What every API route finds in Hono's context after the session check. */
import type { HttpBindings } from "@hono/node-server";
import type { Person } from "@/domain/people/person";

export type SignedIn = {
  readonly person: Person;
  readonly sessionId: string;
};

/** Set for every request, signed in or not. */
export type RequestFacts = {
  readonly requestId: string;
  /** The client's address as far as it can be known (LINECHECK_PROXIES). */
  readonly address: string;
};

export type ApiEnv = {
  Bindings: Partial<HttpBindings>;
  Variables: { signedIn: SignedIn; request: RequestFacts };
};
