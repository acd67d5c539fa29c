/** Proves the lean clients: with each server, a stock provider reads what they type and they hear what it types. */
import { fork } from "node:child_process";
import { join } from "node:path";
import type { Measurement } from "./measurement";
import { kinds, nameOf, startServer, type Server } from "./servers";
import { connectMany, paragraphsOf, typistsIn, until } from "./typing";
import { readEnds } from "./update-bytes";

const stockId = 700_000;
const withinMs = 10_000;

async function talk(server: Server): Promise<void> {
  const story = await server.story(paragraphsOf(2));
  await server.expect(2);
  const [client] = await connectMany(server, [story.document]);
  const [typist] = client ? typistsIn(story, [client]) : [];
  if (!client || !typist) throw new Error("nobody types");
  let heard = 0;
  client.hear = (update) => readEnds(update, (id, end) => (heard = id === stockId ? end : heard));
  const { kind, port } = server;
  const place = { kind, port, document: story.document, cookie: server.cookie(1) };
  const provider = fork(join(import.meta.dirname, "peers/stock-provider.mjs"), [JSON.stringify(place)], {
    execArgv: [],
  });
  try {
    let read = "";
    provider.on("message", ({ text }: { text: string }) => (read = text));
    const first = paragraphsOf(1)[0] ?? "";
    await must(() => read.includes(first), "the stock provider reads the story");
    for (const letter of "lean") typist.type(letter);
    await must(() => read.includes(`${first}lean`), "the stock provider reads what the lean client types");
    provider.send({ type: "stock" });
    await must(() => heard === "stock".length, "the lean client hears what the stock provider types");
  } finally {
    provider.kill("SIGKILL");
    client.leave();
  }
}

async function must(isSo: () => boolean, what: string): Promise<void> {
  if (!(await until(isSo, withinMs))) throw new Error(`It did not come: ${what}.`);
}

export const stockProviders: Measurement = async ({ say }) => {
  for (const kind of kinds) {
    if (kind === "limit") continue;
    const server = await startServer(kind);
    try {
      await talk(server);
      say(`${nameOf[kind]}: the lean client and the stock provider understand each other`);
    } finally {
      await server.stop();
    }
  }
  return { findings: [], figures: {} };
};
