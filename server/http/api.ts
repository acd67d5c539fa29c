/** The API's front door: what every request passes, and the refusals that belong to no capability. */
import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { House } from "../house";
import { clientAddress, inProcess } from "./client-address";
import type { ApiEnv, SignedIn } from "./env";
import { noteRequest } from "./note-request";
import { describeApi } from "./openapi";
import { ownOrigin } from "./origin";
import { answerProblem, type Problem } from "./problem";
import { requestIdOf } from "./request-id";
import { dataHeaders } from "./security-headers";

export type ApiParts = {
  /** How many reverse proxies stand in front. */
  readonly proxies: number;
  readonly readSession: (
    headers: Headers,
  ) => Promise<(SignedIn & { readonly setCookies: readonly string[] }) | null>;
  /** Answer without a session: sign-in and links. Their paths begin with `/api/auth`. */
  readonly open: readonly Hono<ApiEnv>[];
  /** Behind the session check. Their paths begin with `/api`. */
  readonly routes: readonly Hono<ApiEnv>[];
  /** Public reading outside `/api`: feeds. */
  readonly publicRoutes: readonly Hono<ApiEnv>[];
  /** Why requests had better go elsewhere; null where they need not. */
  readonly notReady: () => Promise<Problem | null>;
};

const maxBodyBytes = 4_000_000;
const maxSignInBytes = 16_000;
/** A store that is away is mostly being restarted. */
const tryAgainAfterSeconds = "5";
const changes = (method: string) => !["GET", "HEAD", "OPTIONS"].includes(method);

export function openApi(house: House, parts: ApiParts): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const isOwnOrigin = ownOrigin(house.url);
  const headers = Object.entries(dataHeaders(house.url));

  app.use(oneLogLine(house, parts.proxies));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of headers) c.header(name, value);
    if (c.req.path.startsWith("/api")) c.header("cache-control", "no-store");
  });
  app.use(async (c, next) => {
    if (changes(c.req.method) && !isOwnOrigin(c.req.header("origin"))) {
      return answerProblem(c, {
        status: 403,
        code: "wrong-origin",
        sentence: "This call comes from another address than the newsroom's.",
      });
    }
    if (/%00/.test(c.req.url)) {
      return answerProblem(c, {
        status: 422,
        code: "wrong-form",
        sentence: "The address holds a character that no text has.",
      });
    }
    return next();
  });
  const tooLarge = (maxSize: number) => {
    const limit = bodyLimit({
      maxSize,
      onError: (c) =>
        answerProblem(c, {
          status: 413,
          code: "too-large",
          sentence: `The request's body is larger than ${String(maxSize)} bytes.`,
        }),
    });
    return createMiddleware<ApiEnv>(async (c, next) => {
      // From the wire, a body says its length or comes in pieces (the limiter cannot read those there).
      const env: unknown = c.env;
      const fromWire = typeof env === "object" && env !== null && "incoming" in env;
      if (!fromWire || c.req.header("content-length") !== undefined) return limit(c, next);
      if (c.req.header("transfer-encoding") === undefined) return next();
      return answerProblem(c, {
        status: 411,
        code: "length-required",
        sentence: "The request has to say how long its body is (Content-Length).",
      });
    });
  };
  app.use("/api/auth/*", tooLarge(maxSignInBytes));
  app.use("/api/*", tooLarge(maxBodyBytes));

  app.get("/healthz", (c) => c.json({ ok: true }));
  app.get("/readyz", async (c) => {
    const problem = await parts.notReady();
    return problem ? answerProblem(c, problem) : c.json({ ok: true });
  });
  app.get("/metrics", async (c) =>
    c.text(await house.metrics.text(), 200, { "content-type": house.metrics.contentType }),
  );
  for (const routes of parts.publicRoutes) app.route("/", routes);
  for (const routes of parts.open) app.route("/", routes);
  app.use("/api/*", sessionCheck(parts.readSession));
  for (const routes of parts.routes) app.route("/", routes);
  let description: ReturnType<typeof describeApi> | undefined;
  app.get("/api/openapi.json", (c) => {
    const exists = (method: string, path: string) =>
      app.routes.some((route) => route.method === method && route.path === path);
    description ??= describeApi({ url: house.url, exists });
    return c.json(description);
  });

  app.notFound((c) =>
    answerProblem(c, { status: 404, code: "not-found", sentence: "There is nothing at this address." }),
  );
  app.onError(async (error, c) => {
    house.log.error({ err: error, requestId: c.get("request")?.requestId }, "request failed");
    const away = await parts.notReady();
    if (away) c.header("retry-after", tryAgainAfterSeconds);
    return answerProblem(
      c,
      away ?? {
        status: 500,
        code: "failed",
        sentence: "Something went wrong here. It has been noted; try again.",
      },
    );
  });
  return app;
}

/** 401 without a session; otherwise `signedIn` is set, and a session in use is prolonged. */
function sessionCheck(readSession: ApiParts["readSession"]) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const session = await readSession(c.req.raw.headers);
    if (!session) {
      return answerProblem(c, { status: 401, code: "not-signed-in", sentence: "Sign in first." });
    }
    c.set("signedIn", { person: session.person, sessionId: session.sessionId });
    await next();
    if (c.res.headers.has("set-cookie")) return;
    for (const cookie of session.setCookies) c.header("set-cookie", cookie, { append: true });
  });
}

/** Gives each request its id and writes one line with ids, never text, tokens or sources. */
function oneLogLine(house: House, proxies: number) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const startedMs = performance.now();
    const requestId = requestIdOf(c.req.header("x-request-id"), house.newId);
    const address = clientAddress(
      {
        forwardedFor: c.req.header("x-forwarded-for"),
        socketAddress: c.env?.incoming?.socket.remoteAddress,
      },
      proxies,
    );
    c.set("request", { requestId, address });
    await next();
    c.header("x-request-id", requestId);
    noteRequest(house, {
      requestId,
      method: c.req.method,
      route: patternOf(c),
      path: c.req.path,
      status: c.res.status,
      startedMs,
      personId: c.get("signedIn")?.person.id,
      refused: await refusalOf(c.res),
      // What this process asks of itself (the demo's loading) is no news.
      isQuiet: address === inProcess,
    });
  });
}

/** As the route is written, without anybody's ids: few enough to count by. What all pass on their way is no route. */
function patternOf(c: Context<ApiEnv>): string {
  return matchedRoutes(c).findLast(({ path }) => !path.includes("*"))?.path ?? "other";
}

async function refusalOf(response: Response): Promise<string | undefined> {
  if (response.headers.get("content-type") !== "application/problem+json") return undefined;
  const problem: unknown = await response.clone().json();
  return typeof problem === "object" && problem !== null && "code" in problem
    ? String(problem.code)
    : undefined;
}
