import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { takeInTurns } from "./take-in-turns";

let server: Server;
afterEach(() => server.close());

async function portOf(listening: Server, patienceMs?: number): Promise<number> {
  server = listening;
  takeInTurns(server, patienceMs);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

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

/** How many happened in each turn of the event loop. */
function countTurns() {
  const turns: number[] = [];
  let inTurn = 0;
  return {
    turns,
    count: () => {
      inTurn += 1;
      if (inTurn > 1) return;
      void setImmediate().then(() => {
        turns.push(inTurn);
        inTurn = 0;
      });
    },
  };
}

const request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

test("not more than sixteen are begun with in one turn, and none is forgotten", async () => {
  const { turns, count } = countTurns();
  const port = await portOf(createServer((_, response) => response.end()).on("connection", count));
  await Promise.all(Array.from({ length: 100 }, () => say(port, request)));
  expect(turns.reduce((sum, begun) => sum + begun, 0)).toBe(100);
  expect(Math.max(...turns)).toBeLessThanOrEqual(16);
});

test("of two hundred who connected and then all ask at the same moment, not more than sixteen are read in one turn", async () => {
  const { turns, count } = countTurns();
  const port = await portOf(
    createServer((_, response) => {
      count();
      response.end();
    }),
    60_000,
  );
  const sockets = Array.from({ length: 200 }, () => connect(port, "127.0.0.1"));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  // Long enough to begin with all of them.
  for (let turn = 0; turn < 200; turn += 1) await setImmediate();
  const answered = sockets.map((socket) => once(socket.resume(), "end"));
  for (const socket of sockets) socket.write(request);
  await Promise.all(answered);
  expect(turns.reduce((sum, read) => sum + read, 0)).toBe(200);
  expect(Math.max(...turns)).toBeLessThanOrEqual(16);
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

test("whoever goes without a word gives their place to the next", async () => {
  const port = await portOf(
    createServer((_, response) => response.end()),
    60_000,
  );
  const silent = Array.from({ length: 16 }, () => connect(port, "127.0.0.1"));
  await Promise.all(silent.map((socket) => once(socket, "connect")));
  const waiting = say(port, request);
  for (const socket of silent) socket.destroy();
  expect(await waiting).toMatch(/^HTTP\/1.1 200/);
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
