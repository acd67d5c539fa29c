import type { Server } from "node:http";
import type { Socket } from "node:net";

const mostInATurn = 8;

/**
 * Where thousands connect at the same moment, only a few of them are begun with in one turn of the event loop; the
 * others wait unread. Before the server listens.
 */
export function takeInTurns(server: Server): void {
  const begin = server.listeners("connection") as ((this: Server, socket: Socket) => void)[];
  const waiting: Socket[] = [];
  let begunInTurn = 0;
  let isTurnOver: NodeJS.Immediate | undefined;

  function take(socket: Socket): void {
    begunInTurn += 1;
    for (const one of begin) one.call(server, socket);
    socket.resume();
  }

  function nextTurn(): void {
    begunInTurn = 0;
    isTurnOver = undefined;
    for (const socket of waiting.splice(0, mostInATurn)) take(socket);
    if (begunInTurn > 0) isTurnOver = setImmediate(nextTurn);
  }

  // As for net.createServer; http.createServer does not hand this option on.
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners("connection");
  server.on("connection", (socket) => {
    if (waiting.length > 0 || begunInTurn >= mostInATurn) waiting.push(socket);
    else take(socket);
    isTurnOver ??= setImmediate(nextTurn);
  });
}
