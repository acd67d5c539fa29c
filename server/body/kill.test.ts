import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plainText } from "@/domain/body/content";
import type { Person } from "@/domain/people/person";
import { freePort } from "../store/test-servers";
import { recordedOf } from "../stories/story-row";
import { readText } from "./read-text";
import { recordResting } from "./recording";
import { openClient, until, type Client } from "./test-clients";
import { openTestDesk, type TestDesk } from "./test-desk";
import { verifyEdits } from "./verify-edits";

/** Ten on each store; `npm run chaos -- kills` asks for more. */
const kills = Number(process.env["LINECHECK_TEST_KILLS"] ?? 10);
const storiesOpen = 4;
const writersEach = 2;
const root = join(import.meta.dirname, "../..");
/** One folder below the root, as the built server is. */
const script = join(root, `test-results/kill-child-${String(process.pid)}.mjs`);

let desk: TestDesk;
let child: ChildProcess | undefined;

beforeAll(async () => {
  desk = await openTestDesk();
  await mkdir(join(script, ".."), { recursive: true });
  await build({
    entryPoints: [join(root, "server/body/test-kill-child.ts")],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    tsconfig: join(root, "tsconfig.base.json"),
  });
});
afterAll(async () => {
  child?.kill("SIGKILL");
  await rm(script, { force: true });
  await desk.close();
});

/** Starts the server; the one before may still be holding the store for a moment. */
async function start(port: number): Promise<ChildProcess> {
  for (let attempt = 1; attempt <= 20; attempt += 1) {
    const started = spawn(process.execPath, [script, desk.store.url, String(port)], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said: unknown[] = await Promise.race([once(started.stdout, "data"), once(started, "exit")]);
    if (String(said[0]).trim() === "open") return started;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("The server did not start again.");
}

/** Somebody who types one token after the other, and knows what the server said of them. */
function openWriter(url: string, storyId: string, person: Person, name: string) {
  let typed = 0;
  let typedOffline = 0;
  /** For each sync update of this connection: the tokens that are stored once it is. */
  let sent: { from: number; to: number }[] = [];
  const client: Client = openClient(url, storyId, person, { saved: "1" }, (kind) =>
    sent.push(kind === "step2" ? { from: 1, to: typed } : { from: typed, to: typed }),
  );
  const token = (n: number) => `[${name}.${String(n)}]`;
  client.provider.on("status", ({ status }) => {
    if (status === "connecting") sent = [];
  });
  return {
    client,
    storyId,
    name,
    type: () => {
      if (!client.doc.getXmlFragment("body").length) return;
      typedOffline = client.provider.synced ? 0 : typedOffline + 1;
      if (typedOffline > 5) return;
      typed += 1;
      client.type(typed % 2 === 0 ? 0 : client.text().length, token(typed));
    },
    /** All its tokens so far. */
    tokens: () => Array.from({ length: typed }, (_, n) => token(n + 1)),
    /** Those that were counted as saved on this connection. */
    savedTokens: () =>
      sent
        .slice(0, client.saved.count)
        .flatMap(({ from, to }) =>
          Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => token(from + n)),
        ),
    /** What it sees of others. */
    seen: () => (client.text().match(/\[[\w]+\.\d+\]/g) ?? []).filter((one) => !one.startsWith(`[${name}.`)),
  };
}

test(
  "[BO1][BO2] kill -9 under load loses nothing that was counted as saved or that anyone else saw",
  async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${String(port)}/collab`;
    child = await start(port);
    const writers: ReturnType<typeof openWriter>[] = [];
    for (let s = 0; s < storiesOpen; s += 1) {
      const story = await desk.story("Words.");
      for (let w = 0; w < writersEach; w += 1) {
        writers.push(openWriter(url, story, await desk.person("reporter"), `s${String(s)}w${String(w)}`));
      }
    }
    const sure = new Map<string, Set<string>>(writers.map(({ storyId }) => [storyId, new Set()]));
    for (const writer of writers) writer.client.provider.on("connection-close", () => note(writer));
    const typing = setInterval(() => {
      for (const writer of writers) writer.type();
    }, 40);
    for (let kill = 0; kill < kills; kill += 1) {
      await until(states, (all) => all.every(({ synced, saved }) => synced && saved > 5), 20_000);
      await new Promise((resolve) => setTimeout(resolve, 40 + ((kill * 37) % 150)));
      const died = once(child, "exit");
      child.kill("SIGKILL");
      await died;
      await until(() => writers.every(({ client }) => !client.provider.wsconnected), Boolean);
      for (const [storyId, tokens] of sure) {
        const stored = await readText(desk.store.db, storyId);
        const body = plainText(stored?.content.body ?? []);
        const lost = [...tokens].filter((token) => !body.includes(token));
        expect(lost, `after kill ${String(kill + 1)}`).toEqual([]);
      }
      child = await start(port);
    }
    clearInterval(typing);

    function states() {
      return writers.map(({ name, client }) => ({
        name,
        synced: client.provider.synced,
        saved: client.saved.count,
        sent: client.sent(),
        closed: client.closed.at(-1),
      }));
    }

    /** When its connection is gone, after all that was still on its way. */
    function note(writer: (typeof writers)[number]): void {
      const tokens = sure.get(writer.storyId);
      for (const token of [...writer.savedTokens(), ...writer.seen()]) tokens?.add(token);
    }

    // The authors' clients bring the rest: everything ever typed is there, once, for everyone.
    await until(() => writers.every(({ client }) => client.provider.synced), Boolean, 20_000);
    for (const story of sure.keys()) {
      const here = writers.filter(({ storyId }) => storyId === story);
      const all = here.flatMap((writer) => writer.tokens());
      const hasAll = (text: string) => all.every((token) => text.split(token).length === 2);
      await until(() => here.every(({ client }) => hasAll(client.text())), Boolean, 20_000);
      await until(async () => plainText((await readText(desk.store.db, story))?.content.body ?? []), hasAll);
    }
    for (const { client } of writers) {
      expect(client.closed.filter(({ code }) => code >= 4400)).toEqual([]);
      client.leave();
    }
    expect([...sure.values()].reduce((sum, tokens) => sum + tokens.size, 0)).toBeGreaterThan(200);
    // [RE1] What the killed processes had not come to is recorded too, and nothing twice.
    await recordResting(desk.house, { forMs: 0 });
    for (const story of sure.keys()) {
      const { logSeq, recordedSeq } = (await recordedOf(desk.store.db, story)) ?? {};
      expect(recordedSeq).toBe(logSeq);
    }
    expect(await verifyEdits(desk.store.db)).toEqual([]);
  },
  60_000 + kills * 12_000,
);
