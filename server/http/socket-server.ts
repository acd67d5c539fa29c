/** Makes WebSockets of connections that were let in; one that asks wrongly is refused like any other at the door. */
import type { IncomingMessage } from "node:http";
import { WebSocketServer, type WebSocket } from "ws";
import { Id } from "@/domain/people/person";
import type { House } from "../house";
import { refuseUpgrade, type AtTheDoor } from "./refuse-upgrade";

export type Upgrade = AtTheDoor & { readonly request: IncomingMessage; readonly head: Buffer };

/** Of an address `/collab/:storyId` or `/events?story=:storyId`, where it is an id by its form. */
export function storyIdIn(url: string): string | undefined {
  const [, storyId] =
    /^\/collab\/([^/?#]*)(?:[?#]|$)/.exec(url) ?? /^\/events\?(?:[^#]*&)?story=([^#&]*)/.exec(url) ?? [];
  return Id.safeParse(storyId).data;
}

export type SocketServer = {
  /** `accept` is called at once, or never: then the refusal was answered. */
  readonly take: (upgrade: Upgrade, accept: (socket: WebSocket) => void) => void;
  readonly close: () => void;
};

export function openSocketServer(
  house: Pick<House, "log" | "metrics">,
  { maxFrameBytes }: { readonly maxFrameBytes: number },
): SocketServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrameBytes,
    perMessageDeflate: false,
    clientTracking: false,
    // [BO4] One message a turn of each connection: what one sent at a time does not keep the others waiting.
    allowSynchronousEvents: false,
  });
  const upgrades = new WeakMap<IncomingMessage, Upgrade>();
  server.on("headers", (headers, request) => {
    const upgrade = upgrades.get(request);
    if (upgrade) headers.push(`x-request-id: ${upgrade.requestId}`);
  });
  server.on("wsClientError", (_, socket, request) => {
    const upgrade = upgrades.get(request);
    if (!upgrade) return socket.destroy();
    refuseUpgrade(house, upgrade, {
      status: 400,
      code: "no-websocket",
      sentence: "This address is a WebSocket's (version 13).",
    });
  });
  return {
    take: (upgrade, accept) => {
      upgrades.set(upgrade.request, upgrade);
      server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, accept);
    },
    close: () => server.close(),
  };
}
