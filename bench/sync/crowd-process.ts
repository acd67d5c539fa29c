/** Started by crowd.ts. */
import { once } from "node:events";
import { WebSocket } from "ws";
import { comeBackAfterMs } from "@/components/ui/come-back";
import { presenceFrame } from "@/server/body/frames";
import type { Answered, Asked, Comer } from "./crowd";
import { yWebsocket } from "./dialects";
import { openLeanClient } from "./lean-client";
import type { Seat } from "./servers";
import { pause } from "./typing";

let clients: { readonly leave: () => void }[] = [];

/** As every editor does: who has the story open here, under a client id that stays the same when the page comes back. */
const isHere = (n: number) =>
  presenceFrame([{ clientId: 1 + n, clock: 1, state: { user: { color: "#5b5bd6" } } }]);

const comeIn = async (
  seat: Seat,
  { n, as, afterMs }: { readonly n: number; readonly as: Comer; readonly afterMs: number },
) => {
  if (afterMs > 0) await pause(afterMs);
  const [client, channel] = await Promise.all([
    asSoonAsLet(() => openLeanClient({ ...seat, dialect: yWebsocket, syncs: true, says: isHere(n) })),
    as === "page" ? asSoonAsLet(() => openChannel(seat)) : undefined,
  ]);
  return {
    leave: () => {
      client.leave();
      channel?.terminate();
    },
  };
};

async function openChannel({ port, cookie = "", document }: Seat): Promise<WebSocket> {
  const address = `ws://127.0.0.1:${String(port)}/events?story=${document}`;
  const socket = new WebSocket(address, { headers: { cookie } });
  await once(socket, "open");
  socket.on("error", () => {
    // Cut by a restart: whoever plays it comes anew.
  });
  return socket;
}

async function asSoonAsLet<Client>(open: () => Promise<Client>): Promise<Client> {
  for (let turn = 0; ; turn += 1) {
    try {
      return await open();
    } catch (error) {
      if (turn === 100) throw error;
      await pause(200);
    }
  }
}

const answer = (failed?: string) => process.send?.({ failed } satisfies Answered);

process.on("message", (asked: Asked) => {
  if (asked === "leave") {
    for (const client of clients) client.leave();
    clients = [];
    return;
  }
  const { come, how, as } = asked;
  Promise.all(
    come.map((seat, n) => comeIn(seat, { n, as, afterMs: how === "spread" ? comeBackAfterMs() : 0 })),
  ).then(
    (came) => {
      clients.push(...came);
      answer();
    },
    (error: unknown) => answer(String(error)),
  );
});
