import type { Duplex } from "node:stream";
import { STATUS_CODES } from "node:http";
import type { House } from "../house";
import type { Problem } from "./problem";

/** A connection that asks to become a socket. */
export type AtTheDoor = {
  readonly socket: Duplex;
  readonly requestId: string;
  /** The story that it asks for, where that is an id by its form. */
  readonly storyId?: string | undefined;
};

/** The process is being stopped: another one, or its successor, answers. */
export const closingProblem: Problem = {
  status: 503,
  code: "restarting",
  sentence: "The server restarts; try again in a moment.",
};

export const noSuchStory: Problem = {
  status: 404,
  code: "no-such-story",
  sentence: "There is no such story for you.",
};

/** Answers a refused upgrade as any other refusal (problem+json), ends the connection, writes it down and counts it. */
export function refuseUpgrade(
  { log, metrics }: Pick<House, "log" | "metrics">,
  { socket, requestId, storyId }: AtTheDoor,
  problem: Problem,
): void {
  const { status, code } = problem;
  metrics.turnedAway(code);
  log.info({ requestId, storyId, status, refused: code }, "upgrade refused");
  const body = JSON.stringify({ code, title: problem.sentence, status });
  socket.on("error", () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? "Refused"}`,
      "content-type: application/problem+json",
      `content-length: ${String(Buffer.byteLength(body))}`,
      `x-request-id: ${requestId}`,
      ...(status === 400 ? ["sec-websocket-version: 13"] : []),
      ...(status === 503 ? ["retry-after: 1"] : []),
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
