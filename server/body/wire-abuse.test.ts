/** WebSocket frames that no library sends, byte by byte: they end the connection that sent them, and nothing else. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainText } from "@/domain/body/content";
import { readText } from "./read-text";
import { openClient, openTestServer, synced, until, type TestServer } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";

let desk: TestDesk;
let server: TestServer;
beforeAll(async () => {
  desk = await openTestDesk();
  server = await openTestServer(desk);
});
afterAll(async () => {
  await server.close();
  await desk.close();
});

/** A client's frame: its first byte (FIN, reserved bits, opcode), the length it claims, its bytes masked with zeros. */
function frame(first: number, payload: Uint8Array, claimed = payload.length, isMasked = true): Buffer {
  const head = Buffer.alloc(10);
  head[0] = first;
  head[1] = (isMasked ? 0x80 : 0) | 127;
  head.writeBigUInt64BE(BigInt(claimed), 2);
  return Buffer.concat([head, Buffer.alloc(isMasked ? 4 : 0), payload]);
}

const [final, continuation, text, binary, close, ping] = [0x80, 0x0, 0x1, 0x2, 0x8, 0x9];
const few = Uint8Array.from([0, 2, 1, 0]);
const mebibyte = 1024 * 1024;

const abuses: readonly (readonly [what: string, bytes: Buffer, codes: readonly number[]])[] = [
  ["a reserved bit", frame(final | 0x40 | binary, few), [1002]],
  ["an unknown opcode", frame(final | 0x3, few), [1002]],
  ["a frame without a mask", frame(final | binary, few, few.length, false), [1002]],
  ["a continuation of nothing", frame(final | continuation, few), [1002]],
  ["a message begun within another", Buffer.concat([frame(binary, few), frame(final | binary, few)]), [1002]],
  ["a ping in pieces", frame(ping, few), [1002]],
  ["a ping that is too long", frame(final | ping, new Uint8Array(200)), [1002]],
  ["a close code that nobody may send", frame(final | close, Uint8Array.from([0x03, 0xed])), [1002]],
  ["text that is no UTF-8", frame(final | text, Uint8Array.from([0xff, 0xfe])), [1007]],
  ["a text frame", frame(final | text, Buffer.from("{}")), [4422]],
  ["a frame that claims 120 MB", frame(final | binary, few, 120 * mebibyte), [1009]],
  ["a frame that claims more than there are bytes", frame(final | binary, few, 2 ** 40), [1009]],
  [
    "17 MB in pieces",
    Buffer.concat([
      frame(binary, new Uint8Array(9 * mebibyte)),
      frame(final | continuation, new Uint8Array(8 * mebibyte)),
    ]),
    [1009],
  ],
];

/** The code of the close frame that a socket was ended with; undefined when it was only cut. */
async function endOf(socket: Socket): Promise<number | undefined> {
  let heard = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => (heard = Buffer.concat([heard, chunk])));
  socket.on("error", () => {
    // It may be cut while it still writes.
  });
  await once(socket, "close");
  // Frames of the server: small ones only, for this client is told little.
  for (let at = 0; at + 4 <= heard.length; at += 2 + ((heard[at + 1] ?? 0) & 0x7f)) {
    if (heard[at] === (final | close)) return heard.readUInt16BE(at + 2);
  }
  return undefined;
}

async function openBare(storyId: string, personId: string): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    [
      `GET /collab/${storyId} HTTP/1.1`,
      "Host: desk",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      `Cookie: person=${personId}`,
      "\r\n",
    ].join("\r\n"),
  );
  const head: string[] = [];
  while (!head.join("").includes("\r\n\r\n")) head.push(String((await once(socket, "data"))[0]));
  expect(head.join("")).toContain("101 Switching Protocols");
  return socket;
}

test("[BO4] frames that break the WebSocket's rules end their own connection with its code, the others write on", async () => {
  const story = await desk.story("Honest words.");
  const [one, two] = [
    openClient(server.url, story, await desk.person("reporter")),
    openClient(server.url, story, await desk.person("reporter")),
  ];
  await synced(one, two);
  for (const [index, [what, bytes, codes]] of abuses.entries()) {
    const socket = await openBare(story, (await desk.person("reporter")).id);
    const end = endOf(socket);
    socket.write(bytes);
    expect(codes, what).toContain(await end);
    one.type(0, `[${String(index)}]`);
    await until(two.text, (words) => words.startsWith(`[${String(index)}]`));
  }
  await until(
    () => one.saved.count,
    (count) => count === one.sent(),
  );
  const stored = await readText(desk.store.db, story);
  expect(plainText(stored?.content.body ?? [])).toBe(one.text());
  for (const client of [one, two]) {
    expect(client.closed).toEqual([]);
    client.leave();
  }
});
