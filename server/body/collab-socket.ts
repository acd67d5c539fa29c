/** Speaks the y-websocket protocol with one connection: each frame in, to the room; errors end this socket alone. */
import { messageBytes } from "../as-buffer";
import type { House } from "../house";
import { closeCodes, type Connection } from "./connection";
import { readFrame } from "./frames";
import type { Room } from "./room";

/** Hands what the connection sends to the room until it closes. */
export function converse(house: House, room: Room, connection: Connection): void {
  const { socket } = connection;
  const about = {
    requestId: connection.requestId,
    storyId: room.storyId,
    personId: connection.person.id,
  };
  socket.on("error", (error) => house.log.info({ err: error, ...about }, "collab socket failed"));
  socket.on("close", () => room.leave(connection));
  socket.on("message", (data, isBinary) => {
    if (!connection.isOpen()) return;
    const bytes = messageBytes(data);
    connection.slowDown(connection.allowance.take({ bytes: bytes.byteLength }, house.now().getTime()));
    const message = isBinary ? readFrame(bytes) : undefined;
    switch (message?.type) {
      case "step1":
        return room.answerStep1(connection, message.stateVector);
      case "update":
        return room.receive(connection, message.update, message.isStep2);
      case "presence":
        return room.takePresence(connection, message.entries);
      case "query-presence":
        return room.tellPresence(connection);
      case undefined:
        house.log.info(about, "no message of the protocol");
        house.metrics.refused("no-message");
        return connection.close(closeCodes.refused, "undecodable");
    }
  });
  room.enter(connection);
}
