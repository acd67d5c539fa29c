/** The people of a chaos round, as programs that sign in and call the API of one server or another. */
import type { Role } from "@/domain/people/person";
import { inTurn, password } from "./test-parts";

export type Member = {
  readonly key: string;
  readonly name: string;
  readonly email: string;
  /** When nobody has changed it. */
  readonly role: Role;
  id: string;
  /** The Cookie header; empty: signed out. */
  cookie: string;
  /** Of what is done to their rights one thing at a time. */
  readonly turn: ReturnType<typeof inTurn>;
  /** While the right to write is certainly taken from them everywhere. */
  isBarred: boolean;
  /** Until then a request that nobody heard the answer of may still be carried out. */
  unsureUntilMs: number;
  /** Their session was ended at some time: sockets may say so. */
  wasSignedOut: boolean;
  /** Their role was changed at some time. */
  hadOtherRole: boolean;
};

/** The demo newsroom's people but the admin, and the admin last. */
export const memberKeys = ["reporter1", "reporter2", "checker1", "checker2", "editor1", "editor2"] as const;
export type MemberKey = (typeof memberKeys)[number];

export function newMember(key: MemberKey | "admin"): Member {
  return {
    key,
    name: key,
    email: `${key}@demo.test`,
    role: key === "admin" ? key : (key.slice(0, -1) as Role), // the demo people are named for their roles
    id: "",
    cookie: "",
    turn: inTurn(),
    isBarred: false,
    unsureUntilMs: 0,
    wasSignedOut: false,
    hadOtherRole: false,
  };
}

export const writesText = ({ role }: Pick<Member, "role">) => role === "reporter" || role === "editor";

export type ApiAnswer = { readonly status: number; readonly body: unknown };

/** What of an answer's body the acts read. */
export type Read = {
  readonly id: string;
  readonly status: string;
  readonly role: Role;
  readonly contentHash: string;
  readonly text: string;
  readonly code?: string;
};

/** So long a request may wait for a store that is held up. */
const answersWithinMs = 40_000;

/** Null where no answer came: it may have been carried out all the same. */
export async function ask(
  url: string,
  member: Pick<Member, "cookie">,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer | null> {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  try {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        cookie: member.cookie,
        ...(method === "GET" ? {} : { "content-length": String(Buffer.byteLength(sent ?? "")) }),
        ...(sent === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(sent === undefined ? {} : { body: sent }),
      signal: AbortSignal.timeout(answersWithinMs),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  } catch {
    return null;
  }
}

/** Signs in; false where the server did not let them or did not answer. */
export async function signIn(url: string, member: Member): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: member.email, password }),
      signal: AbortSignal.timeout(answersWithinMs),
    });
    if (answer.status !== 200) return false;
    member.id = ((await answer.json()) as { id: string }).id;
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";", 1)[0]);
    member.cookie = cookies.join("; ");
    return true;
  } catch {
    return false;
  }
}
