/**
 * Hocuspocus with its database extension, every setting at its default, storing into SQLite as @hocuspocus/extension-sqlite
 * does (the same table and statements, SQLite's own defaults: a commit waits for the disk). `PORT FILE` come from the
 * environment.
 */
import { Database } from "@hocuspocus/extension-database";
import { Server } from "@hocuspocus/server";
import Sqlite from "better-sqlite3";

const db = new Sqlite(process.env.FILE);
db.exec(
  `CREATE TABLE IF NOT EXISTS "documents" ("name" varchar(255) NOT NULL, "data" blob NOT NULL, UNIQUE(name))`,
);
const read = db.prepare(`SELECT data FROM "documents" WHERE name = $name ORDER BY rowid DESC`);
const write = db.prepare(
  `INSERT INTO "documents" ("name", "data") VALUES ($name, $data) ON CONFLICT(name) DO UPDATE SET data = $data`,
);
const server = new Server({
  quiet: true,
  address: "127.0.0.1",
  port: Number(process.env.PORT),
  extensions: [
    new Database({
      fetch: async ({ documentName }) => read.get({ name: documentName })?.data ?? null,
      store: async ({ documentName, state }) => {
        write.run({ name: documentName, data: state });
      },
    }),
  ],
});
await server.listen();
