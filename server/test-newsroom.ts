/**
 * For tests of the server: a newsroom of its own over a fresh store, with the demo people signed in.
 *
 *     const desk = await openTestNewsroom();
 *     const answer = await desk.as("reporter1").post("/api/stories", { headline: "…" });
 *     expect(answer.status).toBe(201);
 *     const story = answer.as(Story);
 */
import { createServer } from "node:http";
import { once } from "node:events";
import { getRequestListener } from "@hono/node-server";
import type { Logger } from "pino";
import type { z } from "zod";
import type { Person } from "@/domain/people/person";
import { addDemoPeople, demoPeople, type DemoCast, type DemoPerson } from "./demo/demo-people";
import { openLog } from "./log";
import { openNewsroom, type OpenNewsroom } from "./newsroom";
import { startSession } from "./people/start-session";
import { openTestStore } from "./store/test-store";

/** What came back: `as` parses the body with its schema, `code` is a refusal's word. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
  readonly code: string | undefined;
  readonly as: <Schema extends z.ZodType>(schema: Schema) => z.infer<Schema>;
};

export type Caller = {
  readonly get: (path: string) => Promise<Answer>;
  readonly post: (path: string, body?: unknown) => Promise<Answer>;
  readonly patch: (path: string, body?: unknown) => Promise<Answer>;
  readonly delete: (path: string) => Promise<Answer>;
  /** Any other request; a cookie is added. */
  readonly request: (path: string, init?: RequestInit) => Promise<Answer>;
  /** The Cookie header, for sockets. */
  readonly cookie: () => Promise<string>;
};

export type TestNewsroom = Omit<OpenNewsroom, "close"> & {
  readonly cast: DemoCast;
  readonly person: (who: DemoPerson) => Person;
  /** A demo person or any other person's id. */
  readonly as: (who: string) => Caller;
  /** Without a session. */
  readonly visitor: Caller;
  /** Listens on a free port of 127.0.0.1 for sockets from outside; gives the port. */
  readonly listen: () => Promise<number>;
  readonly close: () => Promise<void>;
};

export const testUrl = "http://127.0.0.1:3000";

export async function openTestNewsroom(
  given: {
    readonly now?: () => Date;
    readonly proxies?: number;
    readonly url?: string;
    readonly isAsleep?: (person: { readonly email: string }) => boolean;
    readonly log?: Logger;
    /** Without people, for tests of a very first start; `person` and `as` then know nobody. */
    readonly cast?: "none";
  } = {},
): Promise<TestNewsroom> {
  const store = await openTestStore();
  const { proxies = 0, url = testUrl, cast: wanted, ...rest } = given;
  const newsroom = await openNewsroom({
    store: { ...store, kind: "server", demo: false, secret: "a secret that signs sessions in tests only" },
    config: { url, proxies },
    log: openLog(process.env["LINECHECK_TEST_LOG"] ?? "silent"),
    ...rest,
  });
  // Only a test that asked for nobody gets nobody.
  const cast = wanted === "none" ? ({} as DemoCast) : await addDemoPeople(newsroom.house);

  const cookies = new Map<string, Promise<string>>();
  function cookieOf(who: string): Promise<string> {
    const id = who in demoPeople ? cast[who as DemoPerson].id : who;
    const kept = cookies.get(id);
    if (kept) return kept;
    const made = startSession(newsroom.people, id).then(({ cookie }) => cookie);
    cookies.set(id, made);
    return made;
  }

  function caller(cookie: () => Promise<string>): Caller {
    async function request(path: string, init: RequestInit = {}): Promise<Answer> {
      const headers = new Headers(init.headers);
      const own = await cookie();
      if (own !== "" && !headers.has("cookie")) headers.set("cookie", own);
      return answerOf(await newsroom.app.request(path, { ...init, headers }));
    }
    const send = (method: string) => (path: string, body?: unknown) =>
      request(path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
    return {
      get: send("GET"),
      post: send("POST"),
      patch: send("PATCH"),
      delete: send("DELETE"),
      request,
      cookie,
    };
  }

  const answer = getRequestListener(newsroom.app.fetch, { overrideGlobalObjects: false });
  const server = createServer((request, response) => void answer(request, response));
  server.on("upgrade", (request, socket, head) => {
    if (!newsroom.upgrade(request, socket, head)) socket.destroy();
  });

  return {
    ...newsroom,
    cast,
    person: (who) => cast[who],
    as: (who) => caller(() => cookieOf(who)),
    visitor: caller(() => Promise.resolve("")),
    listen: async () => {
      if (!server.listening) {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
      }
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no port was given");
      return address.port;
    },
    close: async () => {
      await newsroom.close();
      server.closeAllConnections();
      server.close();
      await store.close();
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const body: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
  const code = typeof body === "object" && body !== null && "code" in body ? String(body.code) : undefined;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    code,
    as: (schema) => schema.parse(body),
  };
}
