import type { Server } from "node:http";
import type { Socket } from "node:net";

const mostUnheard = 16;

/**
 * Where thousands connect at the same moment, only a few of them are begun with: the next when one of those has asked
 * for something, has gone, or has said nothing for `patienceMs`. So a turn of the event loop has few requests to read,
 * but for those of the ones who were silent so long. Before the server listens and after what else hears it.
 */
export function takeInTurns(server: Server, patienceMs = 10): void {
  const begin = server.listeners("connection") as ((this: Server, socket: Socket) => void)[];
  const waiting: Socket[] = [];
  /** Begun with, not heard yet and not silent for too long, in the order in which they were begun with: since when. */
  const unheard = new Map<Socket, number>();
  let nextTurn: NodeJS.Immediate | undefined;
  let patience: NodeJS.Timeout | undefined;

  function take(socket: Socket): void {
    unheard.set(socket, performance.now());
    socket.once("close", () => hear(socket));
    for (const one of begin) one.call(server, socket);
    socket.resume();
  }

  function places(): number {
    const longAgoMs = performance.now() - patienceMs;
    for (const [socket, sinceMs] of unheard) {
      if (sinceMs > longAgoMs) break;
      unheard.delete(socket);
    }
    return mostUnheard - unheard.size;
  }

  function takeNext(): void {
    clearTimeout(patience);
    patience = nextTurn = undefined;
    for (const socket of waiting.splice(0, places())) take(socket);
    if (waiting.length > 0) patience = setTimeout(takeNext, patienceMs);
  }

  function hear(socket: Socket): void {
    if (unheard.delete(socket) && waiting.length > 0) nextTurn ??= setImmediate(takeNext);
  }

  // As for net.createServer; http.createServer does not hand this option on.
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners("connection");
  server.on("connection", (socket) => {
    if (waiting.length === 0 && places() > 0) return take(socket);
    waiting.push(socket);
    patience ??= setTimeout(takeNext, patienceMs);
  });
  server.on("request", ({ socket }) => hear(socket));
  // A server that hears no upgrades answers them as requests.
  if (server.listenerCount("upgrade") > 0) server.on("upgrade", ({ socket }) => hear(socket));
}
