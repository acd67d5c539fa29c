/** What the operations on people stand on, made once by `openPeople`. */
import type { House } from "../house";
import type { SignedIn } from "../http/env";
import type { KnownPerson } from "./known-people";
import { deleteExpiredSessions, endedSessions } from "./session-store";
import { openSignInLibrary, type SignInLibrary } from "./sign-in-library";
import { countTries, type TryCounter } from "./tries";

export type People = {
  readonly house: House;
  readonly library: SignInLibrary;
  readonly tries: TryCounter;
  /** Inactive while this process runs, whatever their row says: the demo people off loopback. */
  readonly isAsleep: (person: { readonly email: string }) => boolean;
  /** Who the Cookie header signs in; null when nobody. For sockets and pages: it never prolongs the session. */
  readonly sessionOf: (headers: Headers) => Promise<SignedIn | null>;
  /** The same for an API request; `setCookies` go into its answer. */
  readonly readSession: SignInLibrary["readSession"];
  /** Takes away the sessions whose time is over and says so on the bus; runs by itself every half minute. */
  readonly endExpiredSessions: () => Promise<void>;
  /** Which of these sessions are over, whoever ended them. */
  readonly endedSessions: (sessionIds: readonly string[]) => Promise<readonly string[]>;
  readonly close: () => void;
};

const sweepEveryMs = 30_000;

export async function openPeople(
  house: House,
  given: { readonly secret: string; readonly isAsleep?: (person: { readonly email: string }) => boolean },
): Promise<People> {
  const library = await openSignInLibrary(house, given.secret);
  const tries = countTries(house.now, house.exchange);
  const isAsleep = given.isAsleep ?? (() => false);

  const readSession: SignInLibrary["readSession"] = async (headers, prolong) => {
    const session = await library.readSession(headers, prolong);
    return session && !isAsleep(session.person) ? session : null;
  };

  async function endExpiredSessions(): Promise<void> {
    for (const sessionId of await deleteExpiredSessions(house.db, house.now())) {
      house.bus.emit({ type: "session-ended", sessionId });
    }
  }
  const sweep = setInterval(() => {
    endExpiredSessions().catch((error: unknown) => house.log.warn({ err: error }, "sessions not swept"));
  }, sweepEveryMs);
  sweep.unref();

  return {
    house,
    library,
    tries,
    isAsleep,
    sessionOf: async (headers) => {
      const session = await readSession(headers, false);
      return session && { person: session.person, sessionId: session.sessionId };
    },
    readSession,
    endExpiredSessions,
    endedSessions: (sessionIds) => endedSessions(house.db, sessionIds, house.now()),
    close: () => {
      clearInterval(sweep);
      tries.close();
    },
  };
}

/** May this person come in at all? */
export function isAwake(people: People, person: KnownPerson): boolean {
  return person.active && !people.isAsleep(person);
}
