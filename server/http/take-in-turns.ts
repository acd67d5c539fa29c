import type { Server } from "node:http";
import type { Socket } from "node:net";
import { performance } from "node:perf_hooks";

const mostInATurn = 4;
const leastRestMs = 1;

/**
 * Where thousands connect, and ask, at the same moment, a turn of the event loop begins with a few of them only: a
 * connection is handed on when its first words are here, four such at most in a turn, the next after a rest as long as
 * that turn. What it sent lies with it unread. Who says nothing for `headersTimeout` is sent away, and at once where
 * idle connections are closed.
 * Before the server listens and after what else hears it.
 */
export function takeInTurns(server: Server): void {
  const begin = server.listeners("connection") as ((this: Server, socket: Socket) => void)[];
  const silent = new Set<Socket>();
  const waiting: Socket[] = [];
  let isTaking = false;

  function takeNext(): void {
    const sinceMs = performance.now();
    for (const socket of waiting.splice(0, mostInATurn)) {
      socket.off("error", goAway);
      if (socket.destroyed) continue;
      for (const one of begin) one.call(server, socket);
      socket.resume();
    }
    // What they sent is read by then.
    setImmediate(() => {
      isTaking = waiting.length > 0;
      if (isTaking) setTimeout(takeNext, Math.max(leastRestMs, performance.now() - sinceMs));
    });
  }

  function hear(this: Socket): void {
    // It ended without a word.
    if (this.readableLength === 0) return void this.destroy();
    stopListening.call(this);
    waiting.push(this);
    if (isTaking) return;
    isTaking = true;
    setImmediate(takeNext);
  }

  function stopListening(this: Socket): void {
    silent.delete(this);
    this.off("readable", hear).off("close", stopListening).off("timeout", goAway).setTimeout(0);
  }

  function listenTo(socket: Socket): void {
    silent.add(socket);
    socket.on("readable", hear).on("close", stopListening).on("timeout", goAway).on("error", goAway);
    socket.setTimeout(server.headersTimeout);
  }

  const closeIdle = server.closeIdleConnections.bind(server);
  // As for net.createServer; http.createServer does not hand this option on.
  Object.assign(server, {
    pauseOnConnect: true,
    closeIdleConnections: () => {
      closeIdle();
      for (const socket of silent) socket.destroy();
    },
  });
  server.removeAllListeners("connection");
  server.on("connection", listenTo);
}

function goAway(this: Socket): void {
  this.destroy();
}
