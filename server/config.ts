/** The settings, read from the environment once; the only file that reads it. */
import { resolve } from "node:path";
import { z } from "zod";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");
const Settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  LINECHECK_URL: z.url({ protocol: /^https?$/ }).optional(),
  LINECHECK_DATA: z.string().min(1).default("./data"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  LINECHECK_SECRET: z.string().min(32, "must be at least 32 characters long").optional(),
  LINECHECK_DEMO: flag.optional(),
  LINECHECK_DEMO_PASSWORD: z.string().min(10, "must be at least 10 characters long").optional(),
  LINECHECK_ADMIN_EMAIL: z.email().optional(),
  LINECHECK_ADMIN_PASSWORD: z.string().min(10, "must be at least 10 characters long").optional(),
  LINECHECK_PROXIES: z.coerce.number().int().min(0).max(10).default(0),
  LINECHECK_LOG: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  NODE_ENV: z.string().optional(),
});

export type Config = {
  readonly port: number;
  readonly host: string;
  /** The address people use, without a trailing slash. */
  readonly url: string;
  /** Was LINECHECK_URL given, or made from HOST and PORT? */
  readonly urlGiven: boolean;
  readonly onLoopback: boolean;
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly secret: string | undefined;
  readonly demo: boolean | undefined;
  readonly demoPassword: string | undefined;
  readonly firstAdmin: { readonly email: string; readonly password: string } | undefined;
  readonly proxies: number;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  readonly dev: boolean;
};

const isLoopback = (host: string) => ["127.0.0.1", "localhost", "::1", "[::1]"].includes(host);

/** Linecheck answers at the root of its address; a cookie and an origin know no path. */
function hasMoreThanOrigin(url: string): boolean {
  const { pathname, search, hash, username } = new URL(url);
  return pathname.replace(/\/+$/, "") !== "" || search !== "" || hash !== "" || username !== "";
}

/**
 * Parses the settings. An empty variable counts as not given.
 * A wrong one gives `{ refused }` with one clear line naming it.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config | { readonly refused: "wrong-setting"; readonly sentence: string } {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Settings.safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0] ?? "settings");
    return {
      refused: "wrong-setting",
      sentence: `Setting ${name} is wrong: ${issue?.message ?? "unreadable"}.`,
    };
  }
  const s = parsed.data;
  const wrong = (sentence: string) => ({ refused: "wrong-setting", sentence }) as const;
  if (s.DATABASE_URL && !s.LINECHECK_SECRET) {
    return wrong("Setting LINECHECK_SECRET is missing: it is required with DATABASE_URL.");
  }
  if (s.LINECHECK_URL !== undefined && hasMoreThanOrigin(s.LINECHECK_URL)) {
    return wrong(
      "Setting LINECHECK_URL is wrong: it is an address without a path, as https://desk.example.org.",
    );
  }
  if (Boolean(s.LINECHECK_ADMIN_EMAIL) !== Boolean(s.LINECHECK_ADMIN_PASSWORD)) {
    return wrong("Settings LINECHECK_ADMIN_EMAIL and LINECHECK_ADMIN_PASSWORD go together: one is missing.");
  }
  const hostInUrl = s.HOST.includes(":") && !s.HOST.startsWith("[") ? `[${s.HOST}]` : s.HOST;
  const url = (s.LINECHECK_URL ?? `http://${hostInUrl}:${String(s.PORT)}`).replace(/\/+$/, "");
  return {
    port: s.PORT,
    host: s.HOST,
    url,
    urlGiven: s.LINECHECK_URL !== undefined,
    onLoopback: isLoopback(s.HOST) && isLoopback(new URL(url).hostname),
    dataFolder: resolve(s.LINECHECK_DATA),
    databaseUrl: s.DATABASE_URL,
    redisUrl: s.REDIS_URL,
    secret: s.LINECHECK_SECRET,
    demo: s.LINECHECK_DEMO,
    demoPassword: s.LINECHECK_DEMO_PASSWORD,
    firstAdmin:
      s.LINECHECK_ADMIN_EMAIL && s.LINECHECK_ADMIN_PASSWORD
        ? { email: s.LINECHECK_ADMIN_EMAIL, password: s.LINECHECK_ADMIN_PASSWORD }
        : undefined,
    proxies: s.LINECHECK_PROXIES,
    logLevel: s.LINECHECK_LOG,
    dev: s.NODE_ENV === "development",
  };
}
