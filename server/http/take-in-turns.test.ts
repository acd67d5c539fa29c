import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterEach, expect, test, vi } from "vitest";
import { takeInTurns } from "./take-in-turns";

let server: Server;
afterEach(() => server.close());

async function portOf(listening: Server): Promise<number> {
  server = listening;
  takeInTurns(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const connections = () => promisify(server.getConnections.bind(server))();

/** Says all this at once, before anybody reads it; gives everything that came back. */
async function say(port: number, words: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(words);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test("of three hundred who connect at once each is answered once, what it sent whole and in its order", async () => {
  const port = await portOf(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => response.end(Buffer.concat(chunks)));
    }),
  );
  const bodies = Array.from({ length: 300 }, (_, n) => `${String(n)} `.repeat(20 * n));
  const answers = await Promise.all(
    bodies.map((body) =>
      say(
        port,
        `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${String(body.length)}\r\n\r\n${body}`,
      ),
    ),
  );
  for (const [n, answer] of answers.entries()) {
    expect(answer.startsWith("HTTP/1.1 200")).toBe(true);
    expect(answer.split("\r\n\r\n").slice(1).join("")).toContain(bodies[n]);
  }
});

/** How many happened in all, and at most in one turn of the event loop. */
function countTurns() {
  let [all, most, inTurn] = [0, 0, 0];
  const turn = () => {
    inTurn = 0;
    next = setImmediate(turn);
  };
  let next = setImmediate(turn);
  return {
    count: () => {
      all += 1;
      inTurn += 1;
      most = Math.max(most, inTurn);
    },
    stop: () => {
      clearImmediate(next);
      return { all, most };
    },
  };
}

const request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

test("not more than sixteen are begun with in one turn, and none is forgotten", async () => {
  const { count, stop } = countTurns();
  const port = await portOf(createServer((_, response) => response.end()).on("connection", count));
  await Promise.all(Array.from({ length: 100 }, () => say(port, request)));
  const { all, most } = stop();
  expect(all).toBe(100);
  expect(most).toBeLessThanOrEqual(16);
});

test("of two hundred who connected long ago and then all ask at the same moment, not more than sixteen are read in one turn", async () => {
  const { count, stop } = countTurns();
  const port = await portOf(
    createServer((_, response) => {
      count();
      response.end();
    }),
  );
  const sockets = Array.from({ length: 200 }, () => connect(port, "127.0.0.1"));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  await vi.waitUntil(async () => (await connections()) === 200);
  const answered = sockets.map((socket) => once(socket.resume(), "end"));
  for (const socket of sockets) socket.write(request);
  await Promise.all(answered);
  const { all, most } = stop();
  expect(all).toBe(200);
  expect(most).toBeLessThanOrEqual(16);
});

test("those who connect and say nothing keep nobody waiting for long, and are heard when they speak", async () => {
  const port = await portOf(createServer((_, response) => response.end()));
  const silent = Array.from({ length: 100 }, () => connect(port, "127.0.0.1"));
  await Promise.all(silent.map((socket) => once(socket, "connect")));
  expect(await say(port, request)).toMatch(/^HTTP\/1.1 200/);
  const answered = silent.map((socket) => once(socket, "data"));
  for (const socket of silent) socket.write(request);
  for (const [answer] of (await Promise.all(answered)) as [Buffer][]) {
    expect(String(answer)).toMatch(/^HTTP\/1.1 200/);
  }
});

test("whoever never asks is sent away after the time that a request may take to come", async () => {
  const port = await portOf(createServer({ headersTimeout: 50 }, (_, response) => response.end()));
  const silent = connect(port, "127.0.0.1").resume();
  await once(silent, "close");
  expect(await say(port, request)).toMatch(/^HTTP\/1.1 200/);
});

test("whoever goes without a word, or is torn away, leaves the server as it was", async () => {
  const port = await portOf(createServer((_, response) => response.end()));
  const silent = Array.from({ length: 20 }, () => connect(port, "127.0.0.1"));
  await Promise.all(silent.map((socket) => once(socket, "connect")));
  for (const socket of silent.slice(0, 10)) socket.resetAndDestroy();
  for (const socket of silent.slice(10)) socket.end();
  await Promise.all(silent.slice(10).map((socket) => once(socket.resume(), "close")));
  expect(await say(port, request)).toMatch(/^HTTP\/1.1 200/);
  expect(await connections()).toBe(0);
});

test("a server that closes does not wait for those who never asked", async () => {
  const port = await portOf(createServer((_, response) => response.end()));
  const silent = connect(port, "127.0.0.1").resume();
  await once(silent, "connect");
  const closed = once(server, "close");
  server.close();
  await closed;
});

test("what an upgrade sends with its first packet is its head", async () => {
  const port = await portOf(
    createServer().on("upgrade", (_, socket, head) => {
      socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${String(head)}`);
    }),
  );
  const answer = await say(
    port,
    "GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nfirst words",
  );
  expect(answer).toMatch(/first words$/);
});
