import type { Duplex } from "node:stream";
import { STATUS_CODES } from "node:http";
import type { Problem } from "./problem";

/** Answers a refused upgrade as any other refusal (problem+json) and ends the connection. */
export function refuseUpgrade(socket: Duplex, problem: Problem): void {
  const body = JSON.stringify({ code: problem.code, title: problem.sentence, status: problem.status });
  socket.on("error", () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? "Refused"}`,
      "content-type: application/problem+json",
      `content-length: ${String(Buffer.byteLength(body))}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
