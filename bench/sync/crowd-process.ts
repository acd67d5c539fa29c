/** Started by crowd.ts. */
import type { Answered, Asked } from "./crowd";
import { yWebsocket } from "./dialects";
import { openLeanClient, type LeanClient } from "./lean-client";
import type { Seat } from "./servers";
import { pause } from "./typing";

let clients: LeanClient[] = [];

/** As soon as the server lets it. */
async function comeIn(seat: Seat): Promise<LeanClient> {
  for (let turn = 0; ; turn += 1) {
    try {
      return await openLeanClient({ ...seat, dialect: yWebsocket, syncs: true });
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
  Promise.all(asked.come.map(comeIn)).then(
    (came) => {
      clients.push(...came);
      answer();
    },
    (error: unknown) => answer(String(error)),
  );
});
