/** What the operations on people stand on, made once by `openPeople`. */
import { Person } from "@/domain/people/person";
import { askTogether } from "../ask-together";
import type { House } from "../house";
import type { SignedIn } from "../http/env";
import type { KnownPerson } from "./known-people";
import { deleteExpiredSessions, endedSessions, sessionsBy } from "./session-store";
import { openSignInLibrary, type SignInLibrary } from "./sign-in-library";
import { countTries, type TryCounter } from "./tries";

export type People = {
  readonly house: House;
  readonly library: SignInLibrary;
  readonly tries: TryCounter;
  /** Inactive while this process runs, whatever their row says: the demo people off loopback. */
  readonly isAsleep: (person: { readonly email: string }) => boolean;
  /** Who the Cookie header signs in; null when nobody. For sockets and pages: it never prolongs the session. */
  readonly sessionOf: (cookies: string) => Promise<SignedIn | null>;
  /** The same for an API request: a session in use is prolonged once a day, `setCookies` go into the answer. */
  readonly readSession: (
    headers: Headers,
  ) => Promise<(SignedIn & { readonly setCookies: readonly string[] }) | null>;
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

  const sessionBy = askTogether(sessionsBy(house.db));

  async function knownSessionOf(cookies: string): Promise<(SignedIn & { readonly expiresAt: Date }) | null> {
    const token = library.tokenIn(cookies);
    const session = token === null ? null : await sessionBy(token);
    if (!session || !isAwake({ isAsleep }, session.person)) return null;
    const { sessionId, expiresAt } = session;
    if (expiresAt <= house.now()) {
      // [PE4] Its open sockets are not to wait for the sweep.
      await endExpiredSessions();
      return null;
    }
    return { person: Person.parse(session.person), sessionId, expiresAt };
  }

  const sessionOf: People["sessionOf"] = async (cookies) => {
    const session = await knownSessionOf(cookies);
    return session && { person: session.person, sessionId: session.sessionId };
  };

  const readSession: People["readSession"] = async (headers) => {
    const session = await knownSessionOf(headers.get("cookie") ?? "");
    if (!session) return null;
    const { person, sessionId, expiresAt } = session;
    if (!library.isDue(expiresAt, house.now())) return { person, sessionId, setCookies: [] };
    return { person, sessionId, ...(await library.prolong(headers)) };
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
    sessionOf,
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
export function isAwake(people: Pick<People, "isAsleep">, person: KnownPerson): boolean {
  return person.active && !people.isAsleep(person);
}
