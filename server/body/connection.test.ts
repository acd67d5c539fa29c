import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { afterEach, expect, test } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { openConnection, type Connection } from "./connection";
import { until } from "./test-clients";

let server: WebSocketServer;
afterEach(() => {
  for (const socket of server.clients) socket.terminate();
  server.close();
});

/** A connection to somebody who does not read. */
async function openSlow(nowMs = () => 0) {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("not listening");
  const opened = once(server, "connection") as Promise<[WebSocket, IncomingMessage]>;
  const reader = new WebSocket(`ws://127.0.0.1:${String(address.port)}`);
  await once(reader, "open");
  const [socket, request] = await opened;
  reader.pause();
  const dropped: string[] = [];
  const ended: number[] = [];
  const connection: Connection = openConnection(socket, request.socket, {
    requestId: "request",
    person: { id: "one", name: "Reporter One", email: "one@example.org", role: "reporter" },
    sessionId: "session",
    mayWrite: true,
    isOutdated: false,
    maxClientIds: 1,
    wantsSaved: true,
    nowMs,
    allowance: { take: () => 0 },
    whenSaved: () => undefined,
    whenDropped: (why) => dropped.push(why),
    whenEnded: (code) => ended.push(code),
  });
  return { connection, reader, dropped, ended };
}
const frame = (n: number) => new Uint8Array(64 * 1024).fill(n % 100);

test("a slow reader is held back, and gets everything in order once it reads", async () => {
  const { connection, reader } = await openSlow();
  const got: number[] = [];
  for (let n = 0; n < 190; n += 1) connection.send(frame(n));
  expect(connection.socket.bufferedAmount).toBeLessThan(2 * 1024 * 1024);
  connection.toldUpTo(7);
  const told = new Promise<void>((resolve) => {
    reader.on("message", (data: Buffer) => {
      if (data[0] === 100) resolve();
      else got.push(data[0] ?? -1);
    });
  });
  reader.resume();
  await told;
  expect(got).toEqual(Array.from({ length: 190 }, (_, n) => n % 100));
});

test("a reader that stops reading is dropped at 16 MB", async () => {
  const { connection, dropped, ended } = await openSlow();
  const gone = once(connection.socket, "close");
  for (let n = 0; n < 500 && connection.isOpen(); n += 1) connection.send(frame(n));
  await gone;
  expect(connection.isOpen()).toBe(false);
  expect({ dropped, ended }).toEqual({ dropped: ["slow-reader"], ended: [1006] });
});

test("who is silent is asked whether they are there, and dropped when no answer comes", async () => {
  const { connection, dropped, ended } = await openSlow();
  const gone = once(connection.socket, "close");
  connection.keepAlive(10_000);
  connection.keepAlive(21_000);
  expect(connection.isOpen()).toBe(true);
  connection.keepAlive(22_001);
  await gone;
  expect({ dropped, ended }).toEqual({ dropped: ["no-answer"], ended: [1006] });
});

test("the code of a close counts that was given first, also where nobody answers it", async () => {
  const { connection, reader, ended } = await openSlow();
  const gone = once(connection.socket, "close");
  connection.close(4422, "undecodable");
  connection.close(1012, "restarting");
  reader.terminate();
  await gone;
  expect(ended).toEqual([4422]);
});

test("[BO2] the count is the longest prefix, told at most once a turn", async () => {
  const { connection, reader } = await openSlow();
  const counts: number[] = [];
  reader.on("message", (data: Buffer) => counts.push(data[1] ?? -1));
  reader.resume();
  const numbers = Array.from({ length: 5 }, () => connection.number());
  connection.toldUpTo(1);
  connection.settle(numbers.slice(1, 3));
  connection.settle(numbers.slice(0, 1));
  await once(reader, "message");
  connection.settle(numbers.slice(4));
  connection.settle(numbers.slice(3, 4));
  await once(reader, "message");
  expect(counts).toEqual([3, 5]);
});

test("[BO4] whoever does not answer is let go within half a minute", async () => {
  const { connection } = await openSlow();
  const gone = once(connection.socket, "close");
  for (const nowMs of [10_000, 20_000, 23_000]) connection.keepAlive(nowMs);
  await gone;
});

test("[BO4] whoever does not answer while their reading waits for the store is let go as soon, to come back", async () => {
  let nowMs = 0;
  const { connection } = await openSlow(() => nowMs);
  const gone = once(connection.socket, "close");
  connection.holdBack(true);
  nowMs = 20_000;
  connection.holdBack(true);
  connection.keepAlive(nowMs);
  expect(connection.isOpen()).toBe(true);
  nowMs = 23_000;
  connection.keepAlive(nowMs);
  expect(connection.isOpen()).toBe(false);
  await gone;
});

test("[BO4] whoever was read again meanwhile is not", async () => {
  let nowMs = 0;
  const { connection } = await openSlow(() => nowMs);
  connection.holdBack(true);
  nowMs = 20_000;
  connection.holdBack(false);
  connection.holdBack(true);
  nowMs = 23_000;
  connection.keepAlive(nowMs);
  expect(connection.isOpen()).toBe(true);
});

test("[BO4] whoever sent too fast and does not answer is let go once the rest is over", async () => {
  let nowMs = 0;
  const { connection } = await openSlow(() => nowMs);
  const gone = once(connection.socket, "close");
  connection.slowDown(10);
  expect(connection.socket.isPaused).toBe(true);
  await until(
    () => connection.socket.isPaused,
    (isPaused) => !isPaused,
  );
  for (nowMs of [10_000, 20_000, 23_000]) connection.keepAlive(nowMs);
  await gone;
});
