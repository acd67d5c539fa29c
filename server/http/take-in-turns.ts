import type { Server } from "node:http";
import type { Socket } from "node:net";
import { restAsLongAsWorked } from "../rest-as-long-as-worked";

const mostInATurn = 8;

/**
 * Where thousands connect at the same moment, only a few of them are begun with in one turn of the event loop; the
 * others wait unread, and the process rests in between. Before the server listens.
 */
export function takeInTurns(server: Server): void {
  const begin = server.listeners("connection") as ((this: Server, socket: Socket) => void)[];
  const waiting: { readonly socket: Socket; readonly sinceMs: number }[] = [];
  const rest = restAsLongAsWorked();
  let begunInTurn = 0;
  let isWaiting = false;

  function take(socket: Socket): void {
    begunInTurn += 1;
    for (const one of begin) one.call(server, socket);
    socket.resume();
  }

  function nextTurn(): void {
    const [first] = waiting;
    const ms = first ? rest.ms(performance.now() - first.sinceMs) : 0;
    if (ms > 0) {
      setTimeout(nextTurn, ms);
      return;
    }
    rest.isOver();
    begunInTurn = 0;
    for (const { socket } of waiting.splice(0, mostInATurn)) take(socket);
    isWaiting = begunInTurn > 0;
    if (isWaiting) setImmediate(nextTurn);
  }

  // As for net.createServer; http.createServer does not hand this option on.
  Object.assign(server, { pauseOnConnect: true });
  server.removeAllListeners("connection");
  server.on("connection", (socket) => {
    if (waiting.length === 0 && begunInTurn < mostInATurn) take(socket);
    else waiting.push({ socket, sinceMs: performance.now() });
    if (isWaiting) return;
    isWaiting = true;
    setImmediate(nextTurn);
  });
}
