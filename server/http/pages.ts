/** Next renders the pages, inside our own server. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { pageHeaders } from "./security-headers";

export type Pages = {
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** In development Next's own sockets (hot reload); false for any other. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly close: () => Promise<void>;
};

export async function openPages(given: {
  /** The project's folder: where next.config.js and app/ stand. */
  readonly folder: string;
  readonly url: string;
  readonly dev: boolean;
  readonly host: string;
  readonly port: number;
}): Promise<Pages> {
  // Loaded here, so that what stops the start says so without waiting for it.
  const { default: next } = await import("next");
  // Next attaches an upgrade listener to the server it is given and would cut our sockets: this one never listens.
  const httpServer = createServer();
  const app = next({ dev: given.dev, dir: given.folder, hostname: given.host, port: given.port, httpServer });
  await app.prepare();
  const handle = app.getRequestHandler();

  return {
    answer: async (request, response) => {
      const path = request.url ?? "/";
      if (!given.dev && request.method !== "GET" && request.method !== "HEAD") {
        response.writeHead(405, { allow: "GET, HEAD" }).end();
        return;
      }
      if (!path.startsWith("/_next/")) {
        const headers = pageHeaders(given.url, given.dev);
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
        // Next reads the nonce for its scripts from here.
        request.headers["content-security-policy"] = headers["content-security-policy"];
      }
      await handle(request, response);
    },
    upgrade: (request, socket, head) => {
      if (!given.dev || !(request.url ?? "").startsWith("/_next/")) return false;
      // Next's hot reload listens there, from the first page on; `getUpgradeHandler` does not lead to it.
      return httpServer.emit("upgrade", request, socket, head);
    },
    close: () => app.close(),
  };
}
