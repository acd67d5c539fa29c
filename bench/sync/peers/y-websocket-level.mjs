/**
 * @y/websocket-server with LevelDB, as its documentation binds y-leveldb (the README of y-websocket, "Websocket Server
 * with Persistence"). `HOST PORT YPERSISTENCE` come from the environment.
 */
import { setPersistence } from "@y/websocket-server/utils";
import { LeveldbPersistence } from "y-leveldb";
import * as Y from "yjs";

const level = new LeveldbPersistence(process.env.YPERSISTENCE);
setPersistence({
  provider: level,
  bindState: (name, doc) => void bind(name, doc),
  writeState: async () => {},
});

async function bind(name, doc) {
  const persisted = await level.getYDoc(name);
  void level.storeUpdate(name, Y.encodeStateAsUpdate(doc));
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(persisted));
  doc.on("update", (update) => void level.storeUpdate(name, update));
}
await import("@y/websocket-server/server");
