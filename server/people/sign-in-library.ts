/**
 * better-auth over our tables: it hashes passwords and reads sessions from their signed cookie. Its own HTTP
 * endpoints are not mounted: an act and its record stand in one transaction (RE1), the tries are counted by our
 * rule (PE2), and every refusal is problem+json.
 */
import { betterAuth } from "better-auth/minimal";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { generateSignedCookie } from "hono/cookie";
import { Person } from "@/domain/people/person";
import type { House } from "../house";
import type { SignedIn } from "../http/env";
import { credentials, people, sessions, verifications } from "./people-tables";

const dayMs = 24 * 60 * 60 * 1000;
const sessionDays = 14;

export type SignInLibrary = {
  readonly hashPassword: (password: string) => Promise<string>;
  /** Takes as long without a hash as with one. */
  readonly verifyPassword: (password: string, hash: string | null) => Promise<boolean>;
  readonly sessionEnd: (at: Date) => Date;
  /** The `Set-Cookie` of a session: HttpOnly, and Secure where people come by https. */
  readonly sessionCookie: (token: string) => Promise<string>;
  /** The `Set-Cookie` that takes it away. */
  readonly noCookie: () => Promise<string>;
  /**
   * The session that the Cookie header names, null when it has ended or its person is inactive. A session in use
   * is prolonged once a day; `setCookies` then prolong the cookie too.
   */
  readonly readSession: (
    headers: Headers,
    prolong: boolean,
  ) => Promise<(SignedIn & { readonly setCookies: readonly string[] }) | null>;
};

export async function openSignInLibrary(house: House, secret: string): Promise<SignInLibrary> {
  const auth = betterAuth({
    appName: "Linecheck",
    baseURL: house.url,
    secret,
    telemetry: { enabled: false },
    logger: { disabled: true },
    rateLimit: { enabled: false },
    database: drizzleAdapter(house.db, {
      provider: "pg",
      schema: { people, sessions, credentials, verifications },
      transaction: true,
    }),
    emailAndPassword: { enabled: true, disableSignUp: true },
    user: {
      modelName: "people",
      additionalFields: {
        role: { type: "string", required: true, input: false },
        active: { type: "boolean", required: true, input: false },
      },
    },
    session: {
      modelName: "sessions",
      expiresIn: (sessionDays * dayMs) / 1000,
      updateAge: dayMs / 1000,
    },
    // [PE4] It takes away a session whose time is over when somebody comes with it: the sweep finds that one no more.
    databaseHooks: {
      session: {
        delete: {
          after: (session) => {
            house.bus.emit({ type: "session-ended", sessionId: session.id });
            return Promise.resolve();
          },
        },
      },
    },
    account: { modelName: "credentials" },
    verification: { modelName: "verifications" },
    advanced: {
      cookiePrefix: "linecheck",
      useSecureCookies: house.url.startsWith("https:"),
      database: { generateId: () => house.newId() },
      disableOriginCheck: true,
      ipAddress: { disableIpTracking: true },
    },
  });
  const library = await auth.$context;
  const cookie = library.authCookies.sessionToken;
  const attributes = {
    path: "/",
    httpOnly: true,
    secure: cookie.attributes.secure === true,
    sameSite: "Lax",
  } as const;
  const someHash = await library.password.hash(house.newId());

  return {
    hashPassword: (password) => library.password.hash(password),
    verifyPassword: async (password, hash) => {
      const right = await library.password.verify({ password, hash: hash ?? someHash });
      return right && hash !== null;
    },
    sessionEnd: (at) => new Date(at.getTime() + sessionDays * dayMs),
    sessionCookie: (token) =>
      generateSignedCookie(cookie.name, token, secret, {
        ...attributes,
        maxAge: (sessionDays * dayMs) / 1000,
      }),
    noCookie: () => generateSignedCookie(cookie.name, "", secret, { ...attributes, maxAge: 0 }),
    readSession: async (headers, prolong) => {
      if (!headers.get("cookie")?.includes(cookie.name)) return null;
      const answer = await auth.api.getSession({
        headers,
        query: { disableRefresh: !prolong },
        returnHeaders: true,
      });
      if (!answer.response?.user.active) return null;
      const { user, session } = answer.response;
      const person = Person.parse({ id: user.id, name: user.name, email: user.email, role: user.role });
      return { person, sessionId: session.id, setCookies: answer.headers.getSetCookie() };
    },
  };
}
