import { createServer, type Server } from "node:http";
import { once } from "node:events";
import { connect, type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
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

test("not more than eight are begun with in one turn, and none is forgotten", async () => {
  const inTurns: number[] = [];
  let inTurn = 0;
  const port = await portOf(
    createServer((_, response) => response.end()).on("connection", () => {
      inTurn += 1;
      if (inTurn > 1) return;
      setImmediate(() => {
        inTurns.push(inTurn);
        inTurn = 0;
      });
    }),
  );
  const request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
  await Promise.all(Array.from({ length: 100 }, () => say(port, request)));
  expect(inTurns.reduce((sum, begun) => sum + begun, 0)).toBe(100);
  expect(Math.max(...inTurns)).toBeLessThanOrEqual(8);
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
