// @vitest-environment node
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { afterEach, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket, WebSocketServer, type WebSocket as Peer } from "ws";
import { writePermissionDenied } from "y-protocols/auth";
import { readSyncMessage, writeSyncStep1, writeUpdate } from "y-protocols/sync";
import * as Y from "yjs";
import { fieldText } from "@/domain/body/plain-text";
import { saveWords } from "./save-state";
import { openStorySocket, type StorySocket } from "./story-socket";

/** Just enough of the other end: one room that counts, and can be told to hold back its counts. */
async function openRoom() {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    verifyClient: (_info, answer) => void room.door.then(() => answer(true)),
  });
  await once(server, "listening");
  const doc = new Y.Doc();
  const peers: { socket: Peer; query: URLSearchParams; count: number }[] = [];
  /** Whoever comes waits at the door until it opens. */
  const room = { counting: true, logSeq: 7, peers, doc, kinds: [] as number[], door: Promise.resolve() };
  const frame = (write: (encoder: encoding.Encoder) => void) => {
    const encoder = encoding.createEncoder();
    write(encoder);
    return encoding.toUint8Array(encoder);
  };
  server.on("connection", (socket, request) => {
    const peer = { socket, query: new URL(request.url ?? "", "ws://x").searchParams, count: 0 };
    peers.push(peer);
    socket.on("message", (data: Buffer) => {
      const decoder = decoding.createDecoder(new Uint8Array(data));
      if (decoding.readVarUint(decoder) !== 0) return;
      const answer = frame((encoder) => {
        encoding.writeVarUint(encoder, 0);
        const kind = readSyncMessage(decoder, encoder, doc, "peer");
        room.kinds.push(kind);
        if (kind !== 0) peer.count += 1;
      });
      if (answer.length > 1) socket.send(answer);
      if (room.counting) tellCount(peer);
    });
    socket.send(
      frame((encoder) => {
        encoding.writeVarUint(encoder, 0);
        writeSyncStep1(encoder, doc);
      }),
    );
  });
  const tellCount = (peer: (typeof peers)[number]) =>
    peer.socket.send(
      frame((encoder) => {
        encoding.writeVarUint(encoder, 100);
        encoding.writeVarUint(encoder, peer.count);
        encoding.writeVarUint(encoder, room.logSeq);
      }),
    );
  return {
    ...room,
    room,
    last: () => {
      const peer = peers.at(-1);
      if (!peer) throw new Error("nobody connected");
      return peer;
    },
    tellCount,
    tellAll: (peer: (typeof peers)[number]) =>
      peer.socket.send(
        frame((encoder) => {
          encoding.writeVarUint(encoder, 0);
          writeUpdate(encoder, Y.encodeStateAsUpdate(doc));
        }),
      ),
    deny: (peer: (typeof peers)[number]) =>
      peer.socket.send(
        frame((encoder) => {
          encoding.writeVarUint(encoder, 2);
          writePermissionDenied(encoder, "permission denied");
        }),
      ),
    origin: `ws://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () => {
      for (const { socket } of peers) socket.terminate();
      server.close();
    },
  };
}

type Room = Awaited<ReturnType<typeof openRoom>>;
const opened: { close: () => void }[] = [];
const keep = <One extends { close: () => void }>(one: One): One => {
  opened.push(one);
  return one;
};
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

const join = (room: Room): StorySocket =>
  keep(
    openStorySocket({
      origin: room.origin,
      storyId: "story1",
      schemaVersion: 1,
      epoch: "e1",
      Socket: NodeSocket as unknown as typeof WebSocket, // The same interface as far as the provider uses it.
    }),
  );
const wordsIn = (doc: Y.Doc) => fieldText(doc.getXmlFragment("body")).text;
const words = (socket: StorySocket) => saveWords(socket.state().save);
const until = (what: () => void) => vi.waitFor(what, { timeout: 3000, interval: 10 });
const untilSaved = (socket: StorySocket) => until(() => expect(words(socket)).toBe("Saved"));

function type(doc: Y.Doc, text: string): void {
  doc.transact(() => {
    const body = doc.getXmlFragment("body");
    const first = body.get(0);
    const paragraph = first instanceof Y.XmlElement ? first : new Y.XmlElement("paragraph");
    if (first !== paragraph) body.insert(0, [paragraph]);
    const here = paragraph.get(0);
    if (here instanceof Y.XmlText) here.insert(here.length, text);
    else paragraph.insert(0, [new Y.XmlText(text)]);
  });
}

test("[BO10] the client says its schema and the store's epoch, and asks to be counted", async () => {
  const room = keep(await openRoom());
  await untilSaved(join(room));
  expect(Object.fromEntries(room.last().query)).toEqual({ saved: "1", schema: "1", epoch: "e1" });
});

test("[BO11] nothing is ready before the first sync", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  expect(socket.state().ready).toBe(false);
  await until(() => expect(socket.state().ready).toBe(true));
});

test("[BO2] Saved is said when every message sent has been counted, and not before", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  room.room.counting = false;
  type(socket.doc, "Two");
  type(socket.doc, " words");
  await until(() => expect(room.last().count).toBe(3));
  expect(words(socket)).toBe("Saving");
  expect(socket.state().unsaved).toBe(2);
  room.tellCount(room.last());
  await untilSaved(socket);
  expect(socket.state().logSeq).toBe(7);
});

test("[BO2][BO11] work done offline is counted, sent with `since`, and saved", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  room.last().socket.terminate();
  await until(() => expect(words(socket)).toBe("Offline"));
  type(socket.doc, "Written");
  type(socket.doc, " alone");
  expect(words(socket)).toBe("Offline, 2 changes only on this device");
  expect(socket.unsavedWords()).toEqual([{ field: "body", text: "Written alone", added: ["Written alone"] }]);
  await untilSaved(socket);
  expect(room.last().query.get("since")).toBe("7");
  expect(wordsIn(room.doc)).toContain("Written alone");
  expect(socket.unsavedWords()).toEqual([]);
});

test("[BO11] a change made while the connection is being opened is not merged without `since`", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  let open = () => {};
  room.room.door = new Promise((resolve) => (open = resolve));
  room.last().socket.terminate();
  await until(() => expect(words(socket)).toBe("Offline"));
  await new Promise((resolve) => setTimeout(resolve, 400)); // By then it waits at the door.
  type(socket.doc, "Late");
  open();
  await untilSaved(socket);
  expect(room.last().query.get("since")).toBe("7");
  expect(room.peers.filter(({ query, count }) => count > 0 && !query.has("since"))).toHaveLength(1);
  expect(wordsIn(room.doc)).toContain("Late");
});

test("[BO11] a story that moved on meanwhile: the changes are offered, and sent only when the person says so", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  room.last().socket.terminate();
  await until(() => expect(words(socket)).toBe("Offline"));
  type(socket.doc, "Mine");
  await until(() => expect(room.peers.length).toBe(2));
  room.last().socket.close(4409, "since");
  await until(() => expect(socket.state().halted).toEqual({ why: "moved-on", reason: "since" }));
  // The room here had taken the words already; a real one answers before any sync message.
  socket.sendAnyway();
  await untilSaved(socket);
  expect(room.last().query.has("since")).toBe(false);
  expect(socket.state().halted).toBeNull();
});

test.each([
  [4401, "", "session-over"],
  [4403, "", "write-returned"],
  [4404, "", "not-visible"],
  [4409, "epoch", "other-epoch"],
  [4422, "unknown-node", "refused"],
] as const)("[BO4] close code %i (%s) stops the connection: %s", async (code, reason, why) => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  room.last().socket.close(code, reason);
  await until(() => expect(socket.state().halted).toEqual({ why, reason }));
  expect(room.peers.length).toBe(1);
});

test("[BO4] too much waiting (1013) is no refusal: the client connects again by itself", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  room.last().socket.close(1013);
  await until(() => expect(room.peers.length).toBe(2));
  expect(socket.state().halted).toBeNull();
});

test("[BO2] when the server restarts (1012) everybody comes back by themselves, with what they wrote", async () => {
  const room = keep(await openRoom());
  const sockets = Array.from({ length: 8 }, () => join(room));
  for (const socket of sockets) await untilSaved(socket);
  const before = room.peers.length;
  for (const { socket } of room.peers.slice()) socket.close(1012, "restarting");
  const [one] = sockets;
  if (!one) throw new Error("nobody there");
  await until(() => expect(words(one)).toContain("Offline"));
  type(one.doc, "Meanwhile.");
  await until(() => expect(room.peers.length).toBe(2 * before));
  await untilSaved(one);
  expect(wordsIn(room.doc)).toBe("Meanwhile.");
});

test("[BO4] without the right to write the changes stay here and are offered", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  room.room.counting = false;
  type(socket.doc, "Not mine to write");
  room.deny(room.last());
  await until(() => expect(socket.state().denied).toBe(true));
  expect(words(socket)).toBe("Not saved, 1 change only on this device");
  expect(socket.unsavedWords()[0]?.added).toEqual(["Not mine to write"]);
});

test("[BO4] a frame over 16 MB is never sent", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  type(socket.doc, "a".repeat(16 * 1024 * 1024 + 1));
  expect(socket.state().halted?.why).toBe("too-large");
  expect(room.last().count).toBe(1);
});

test("what is written elsewhere arrives after the editors' own pending input was read", async () => {
  const room = keep(await openRoom());
  const socket = join(room);
  await untilSaved(socket);
  const seen: string[] = [];
  socket.beforeMessages(() => seen.push(wordsIn(socket.doc)));
  type(room.doc, "From elsewhere");
  room.tellAll(room.last());
  await until(() => expect(wordsIn(socket.doc)).toContain("From elsewhere"));
  expect(seen).toEqual([""]);
});
