/**
 * In Next's place, for tests of the process: a page that takes its time, one that waits until another is asked for, and
 * one that brings everything down.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Pages } from "./pages";

let release: () => void = () => undefined;
const released = new Promise<void>((resolve) => (release = resolve));

export const openPages = (): Promise<Pages> =>
  Promise.resolve({
    answer: async (request, response) => {
      if (request.url === "/crash") setImmediate(crash);
      if (request.url === "/slow") {
        response.writeHead(200).write("begun, ");
        await sleep(800);
      }
      if (request.url === "/held") {
        response.writeHead(200).write("begun, ");
        await released;
      }
      if (request.url === "/release") release();
      response.end("done");
    },
    upgrade: () => false,
    close: () => Promise.resolve(),
  });

function crash(): never {
  throw new Error("crashed");
}
