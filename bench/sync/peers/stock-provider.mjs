/**
 * A stock provider on a document of its own, to prove the lean clients against: says over the process channel when it is
 * synced and what it reads, and types where it is told. `{kind, port, document, cookie}` as its argument.
 */
import { HocuspocusProvider } from "@hocuspocus/provider";
import { WebSocket } from "ws";
import { WebsocketProvider } from "y-websocket";
import * as Y from "yjs";

const { kind, port, document, cookie } = JSON.parse(process.argv[2] ?? "");
class WithCookie extends WebSocket {
  constructor(address, protocols) {
    super(address, protocols, cookie ? { headers: { cookie } } : {});
  }
}
const doc = new Y.Doc();
doc.clientID = 700_000;
const firstWords = () => doc.getXmlFragment("body").get(0)?.get(0);
const say = () => process.send({ text: firstWords()?.toJSON() ?? "" });
const whenSynced = () => {
  doc.on("update", say);
  say();
};
if (kind === "hocuspocus") {
  globalThis.WebSocket ??= WebSocket;
  const url = `ws://127.0.0.1:${port}`;
  const provider = new HocuspocusProvider({ url, name: document, document: doc });
  provider.on("synced", whenSynced);
} else {
  const url = `ws://127.0.0.1:${port}${kind === "ours" ? "/collab" : ""}`;
  const provider = new WebsocketProvider(url, document, doc, {
    WebSocketPolyfill: WithCookie,
    disableBc: true,
  });
  // The server may send the first sync before it has read its store.
  provider.once("sync", whenSynced);
}
process.on("message", ({ type }) => firstWords().insert(0, type));
process.on("disconnect", () => process.exit());
