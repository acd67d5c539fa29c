/**
 * The servers that the server tests run on, started once a run (vitest's globalSetup): the embedded store on its
 * private socket, and PostgreSQL over TCP (DATABASE_URL's, else the embedded programs on a free port).
 * Each gets a migrated database that tests copy.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { pino } from "pino";
import type { TestProject } from "vitest/node";
import { isRefused } from "@/domain/refusal";
import { openEmbedded } from "./embedded";
import { migrateStore } from "./migrate";

/** Addresses of the test server: the database for administration, and the name of the migrated one. */
export type TestServer = { readonly url: string; readonly template: string };

declare module "vitest" {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

/** Nothing is kept, so nothing need be durable. (Tests of what a crash leaves open stores of their own.) */
const careless = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "120" };

export default async function setup(project: TestProject) {
  const overTcp = project.name === "server on PostgreSQL";
  const given = process.env["DATABASE_URL"];
  if (overTcp && given) {
    const testServer = { url: given, template: nameForOnce("template") };
    const drop = await makeTemplate(testServer);
    project.provide("testServer", testServer);
    return drop;
  }
  const folder = await mkdtemp(join(tmpdir(), "linecheck-test-"));
  const tcpPort = overTcp ? await freePort() : undefined;
  const embedded = await openEmbedded(folder, pino({ level: "silent" }), { tcpPort, settings: careless });
  if (isRefused(embedded)) throw new Error(embedded.sentence);
  const { host, port } = embedded.connection;
  const url = overTcp
    ? `postgres://linecheck@127.0.0.1:${String(port)}/postgres`
    : `postgres://linecheck@localhost/postgres?host=${encodeURIComponent(host)}&port=${String(port)}`;
  const testServer = { url, template: nameForOnce("template") };
  await makeTemplate(testServer);
  project.provide("testServer", testServer);
  return async () => {
    await embedded.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

export const nameForOnce = (what: string) =>
  `linecheck_${what}_${randomUUID().replaceAll("-", "").slice(0, 16)}`;

/** The same server, another database. */
export function urlOf(url: string, database: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${database}`);
}

async function makeTemplate({ url, template }: TestServer): Promise<() => Promise<void>> {
  await asAdministrator(url, `create database ${template}`);
  const client = new Client({ connectionString: urlOf(url, template) });
  await client.connect();
  await migrateStore(client);
  await client.end();
  return () => asAdministrator(url, `drop database if exists ${template} with (force)`);
}

export async function asAdministrator(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * A port of loopback that nobody listens on, from below those that the system gives to outgoing connections: it stays
 * free while whoever listens there is stopped and started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch {
      continue; // somebody does
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
