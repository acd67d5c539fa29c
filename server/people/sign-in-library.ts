/**
 * better-auth over our tables: it hashes passwords and prolongs sessions. Its own HTTP endpoints are not mounted: an
 * act and its record stand in one transaction (RE1), the tries are counted by our rule (PE2), and every refusal is
 * problem+json. Whose session a cookie names is asked by ourselves, for many at once (`people.ts`).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { betterAuth } from "better-auth/minimal";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { generateSignedCookie } from "hono/cookie";
import { parse } from "hono/utils/cookie";
import type { House } from "../house";
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
  /** The secret of a session that a Cookie header carries, where the signature is ours. */
  readonly tokenIn: (cookies: string) => string | null;
  /** A session in use is prolonged once a day: is the one that ends then to be prolonged now? */
  readonly isDue: (expiresAt: Date, at: Date) => boolean;
  /** Prolongs the session that the Cookie header names if it is due; `setCookies` then prolong the cookie too. */
  readonly prolong: (headers: Headers) => Promise<{ readonly setCookies: readonly string[] }>;
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
    tokenIn: (cookies) => {
      const [, token, signature] =
        /^(.+)\.([^.]+)$/.exec(parse(cookies, cookie.name)[cookie.name] ?? "") ?? [];
      if (token === undefined || signature === undefined) return null;
      const given = Buffer.from(signature, "base64");
      const right = createHmac("sha256", secret).update(token).digest();
      return given.length === right.length && timingSafeEqual(given, right) ? token : null;
    },
    isDue: (expiresAt, at) => expiresAt.getTime() - at.getTime() <= (sessionDays - 1) * dayMs,
    prolong: async (headers) => {
      const answer = await auth.api.getSession({ headers, returnHeaders: true });
      return { setCookies: answer.headers.getSetCookie() };
    },
  };
}
