/**
 * The limit of storing first: the broadcaster with our store before it. Each frame is inserted into one table of the same
 * embedded PostgreSQL (what came while a commit was in flight goes into the next), and only then written, framed once, to
 * every other socket of the room. No document, no rights, no numbers, nothing made of the text.
 */
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { destination } from "pino";
import { WebSocketServer } from "ws";
import { messageType, syncKind } from "@/domain/body/collab-protocol";
import { isRefused } from "@/domain/refusal";
import { asBuffer, messageBytes } from "@/server/as-buffer";
import { readConfig } from "@/server/config";
import { framed } from "@/server/http/framed";
import { openLog } from "@/server/log";
import { openKeptConnection } from "@/server/store/kept-connection";
import { openStore } from "@/server/store/open-store";

type Taken = { readonly room: string; readonly from: Duplex; readonly message: Buffer };

const config = readConfig();
if (isRefused(config)) throw new Error(config.sentence);
const store = await openStore(config, openLog("error", destination({ fd: 2, sync: true })));
if (isRefused(store)) throw new Error(store.sentence);
const line = openKeptConnection(store.db.$client);
await line.query({
  text: "create table if not exists frames (id bigserial primary key, room text, frame bytea)",
});

const rooms = new Map<string, Set<Duplex>>();
let waiting: Taken[] = [];
let isInFlight = false;

function pump(): void {
  if (isInFlight || waiting.length === 0) return;
  isInFlight = true;
  setImmediate(() => void commit());
}

async function commit(): Promise<void> {
  const batch = waiting;
  waiting = [];
  const [only] = batch;
  await line.query(
    batch.length === 1 && only
      ? {
          name: "one",
          text: "insert into frames (room, frame) values ($1, $2)",
          values: [only.room, only.message],
        }
      : {
          name: "many",
          text: "insert into frames (room, frame) select * from unnest($1::text[], $2::bytea[])",
          values: [batch.map(({ room }) => room), batch.map(({ message }) => message)],
        },
  );
  for (const { room, from, message } of batch) {
    const frame = framed(message);
    for (const other of rooms.get(room) ?? []) if (other !== from) other.write(frame);
  }
  isInFlight = false;
  pump();
}

const server = createServer();
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, clientTracking: false });
server.on("upgrade", (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (opened) => {
    const name = request.url ?? "/";
    const room = rooms.get(name) ?? new Set();
    rooms.set(name, room.add(socket));
    opened.on("message", (data) => {
      const message = asBuffer(messageBytes(data));
      // Who comes in asks for a text, and there is none.
      if (message[0] !== messageType.sync || message[1] !== syncKind.update) return;
      waiting.push({ room: name, from: socket, message });
      pump();
    });
    opened.on("error", () => opened.terminate());
    opened.on("close", () => room.delete(socket));
  });
});
server.listen(config.port, config.host);
process.on("SIGTERM", () => {
  line.close();
  void store.close().finally(() => process.exit(0));
});
