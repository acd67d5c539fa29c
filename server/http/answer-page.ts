/** A page's request with its id, its one line and its count, like any other request. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { House } from "../house";
import { noteRequest } from "./note-request";
import { isAsset, pageRouteOf } from "./page-routes";
import type { Pages } from "./pages";
import { requestIdOf } from "./request-id";

export async function answerPage(
  house: Pick<House, "log" | "metrics" | "newId">,
  pages: Pages,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedMs = performance.now();
  const requestId = requestIdOf(request.headers["x-request-id"], house.newId);
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  response.setHeader("x-request-id", requestId);
  response.once("close", () => {
    noteRequest(house, {
      requestId,
      method: request.method ?? "GET",
      route: pageRouteOf(path),
      path,
      status: response.statusCode,
      startedMs,
      isCut: !response.writableFinished,
      isQuiet: isAsset(path),
    });
  });
  try {
    await pages.answer(request, response);
  } catch (error) {
    house.log.error({ err: error, requestId }, "request failed");
    if (!response.headersSent) response.writeHead(500);
    response.end();
  }
}
