/**
 * The limit: takes each frame and writes it, framed once, to every other socket of the room. No document, no rights, no
 * store. `PORT` comes from the environment.
 */
import { createServer } from "node:http";
import { Sender, WebSocketServer } from "ws";

const rooms = new Map();
const server = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
server.on("upgrade", (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => {
    socket.setNoDelay(true);
    const room = rooms.get(request.url) ?? new Set();
    rooms.set(request.url, room.add(socket));
    opened.on("message", (data) => {
      const frame = Buffer.concat(
        Sender.frame(data, { fin: true, opcode: 2, mask: false, readOnly: true, rsv1: false }),
      );
      for (const other of room) if (other !== socket) other.write(frame);
    });
    opened.on("error", () => opened.terminate());
    opened.on("close", () => room.delete(socket));
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1");
