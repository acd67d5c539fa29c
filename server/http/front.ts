/** The HTTP server: which request goes where, and an end that leaves nobody without an answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";
import type { Logger } from "pino";
import type { House } from "../house";
import { within } from "../within";
import { answerPage } from "./answer-page";
import type { ApiEnv } from "./env";
import { noteRequest } from "./note-request";
import { pageRouteOf } from "./page-routes";
import type { Pages } from "./pages";
import { closingProblem, refuseUpgrade } from "./refuse-upgrade";
import { requestIdOf } from "./request-id";

/** What answers, once it is open. */
export type Served = {
  readonly newsroom: {
    readonly house: House;
    readonly app: Hono<ApiEnv>;
    readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  };
  readonly pages: Pages;
};

export type Front = {
  readonly server: Server;
  /**
   * Resolves when the requests in flight are answered, within 10 s. Until then others are answered too, from then on
   * they are refused with 503; whoever looks after the process is answered to the end.
   */
  readonly drain: () => Promise<void>;
  /** Takes no more connections; cuts those that do not end by themselves within 3 s. */
  readonly close: () => Promise<void>;
};

const answerWithinMs = 10_000;
const endWithinMs = 3_000;
const closeIdleEveryMs = 50;

const ofOperators = new Set(["/healthz", "/readyz", "/metrics"]);
const outsideApi = new Set([...ofOperators, "/feed.xml", "/feed.json"]);

/** Requests that come before it is open wait for it. */
export function openFront(log: Logger, served: () => Promise<Served> | undefined): Front {
  const inFlight = new Set<ServerResponse>();
  /** Connections that were taken over: the HTTP server knows them no more. */
  const upgraded = new Set<Duplex>();
  let isDraining = false;
  let isOver = false;
  let whenAnswered: (() => void) | undefined;
  let answerApi: ReturnType<typeof getRequestListener> | undefined;

  const server = createServer((request, response) => {
    inFlight.add(response);
    response.once("close", () => {
      inFlight.delete(response);
      if (inFlight.size === 0) whenAnswered?.();
    });
    if (isDraining) response.shouldKeepAlive = false;
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error }, "request failed");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  // Longer than proxies and programs keep an idle connection: else one is cut just as they send on it.
  server.keepAliveTimeout = 65_000;
  server.on("upgrade", (request, socket, head) => {
    const cut = () => socket.destroy();
    socket.on("error", cut);
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
    Promise.resolve(served()).then((open) => {
      if (!open) return cut();
      const { newsroom, pages } = open;
      if (newsroom.upgrade(request, socket, head) || pages.upgrade(request, socket, head)) return;
      const requestId = requestIdOf(request.headers["x-request-id"], newsroom.house.newId);
      refuseUpgrade(
        newsroom.house,
        { socket, requestId },
        { status: 404, code: "not-found", sentence: "There is nothing at this address." },
      );
    }, cut);
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = performance.now();
    const open = await served();
    if (!open) throw new Error("A request came before the server was listening.");
    const { newsroom, pages } = open;
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    if (isOver && !ofOperators.has(path))
      return refuse(newsroom.house, { request, response, path, startedMs });
    if (path === "/api" || path.startsWith("/api/") || outsideApi.has(path)) {
      answerApi ??= getRequestListener(newsroom.app.fetch, { overrideGlobalObjects: false });
      return answerApi(request, response);
    }
    return answerPage(newsroom.house, pages, request, response);
  }

  function refuse(
    house: House,
    asked: { request: IncomingMessage; response: ServerResponse; path: string; startedMs: number },
  ): void {
    const { request, response, path, startedMs } = asked;
    const { status, code, sentence } = closingProblem;
    const requestId = requestIdOf(request.headers["x-request-id"], house.newId);
    response.writeHead(status, {
      "content-type": "application/problem+json",
      "retry-after": "1",
      "x-request-id": requestId,
    });
    response.end(JSON.stringify({ code, title: sentence, status }));
    const method = request.method ?? "GET";
    noteRequest(house, {
      requestId,
      method,
      route: pageRouteOf(path),
      path,
      status,
      startedMs,
      refused: code,
    });
  }

  return {
    server,
    drain: async () => {
      isDraining = true;
      for (const response of inFlight) if (!response.headersSent) response.shouldKeepAlive = false;
      const answered = new Promise<void>((resolve) => (whenAnswered = resolve));
      if (inFlight.size > 0) await within(answerWithinMs, answered);
      isOver = true;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.once("close", resolve));
      server.close();
      const idle = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs);
      await within(endWithinMs, closed);
      clearInterval(idle);
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
      await closed;
    },
  };
}
