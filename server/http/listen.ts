import type { Server } from "node:http";
import type { Refusal } from "@/domain/refusal";
import { takeInTurns } from "./take-in-turns";

/**
 * Listens; gives the port, or one clear line when that cannot be. Connections are taken from then on, so the
 * handlers must wait for what is not open yet.
 */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number | (Refusal<"cannot-listen"> & { readonly sentence: string })> {
  takeInTurns(server);
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      resolve({ refused: "cannot-listen", sentence: sentenceFor(error, host, port) });
    });
    server.listen(port, host.replace(/^\[(.*)\]$/, "$1"), () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

function sentenceFor(error: NodeJS.ErrnoException, host: string, port: number): string {
  const place = `port ${String(port)} on ${host}`;
  const noAddress = `Cannot listen: HOST ${host} is no address of this machine.`;
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE: `Cannot listen: ${place} is in use. Stop the other program, or set PORT to another one.`,
    EACCES: `Cannot listen: this user may not use ${place}. Set PORT to 1024 or more.`,
    EADDRNOTAVAIL: noAddress,
    ENOTFOUND: noAddress,
  };
  const code = error.code ?? error.message;
  return sentences[code] ?? `Cannot listen: ${place} does not open (${code}).`;
}
