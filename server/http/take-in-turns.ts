import type { Server } from "node:http";
import type { Socket } from "node:net";

const most = 16;

/**
 * Where thousands connect at the same moment, only a few of them are begun with: the next when one of those has asked
 * for something, has gone, or has said nothing for a while. So no turn of the event loop has thousands of requests to
 * read. Before the server listens and after what else hears it. `patienceMs`: so long those who say nothing keep the
 * next ones waiting.
 */
export function takeInTurns(server: Server, patienceMs = 10): void {
  const begin = server.listeners("connection") as ((this: Server, socket: Socket) => void)[];
  const waiting: Socket[] = [];
  /** Begun with and not heard yet, in the order in which they were: since when. */
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
    return most - unheard.size;
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
