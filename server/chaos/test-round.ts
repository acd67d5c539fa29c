/** One round of chaos: opens everything, does the plan's acts, brings everything up and waits until all is at rest. */
import { setTimeout as sleep } from "node:timers/promises";
import { drizzle } from "drizzle-orm/node-postgres";
import { Pool } from "pg";
import { WebSocket } from "ws";
import { seededChance } from "@/domain/body/test-editing-peers";
import { LiveEvent, Story as StoryOnWire } from "@/domain/stories/story";
import { until } from "../body/test-clients";
import type { Db } from "../store/db";
import { logSeqsOf } from "../stories/story-row";
import type { MainProgram } from "../test-main";
import { perform } from "./test-acts";
import { approve } from "./test-desk-work";
import { quotes, startOfText } from "./test-edits";
import { inTurn, openParts, type Parts } from "./test-parts";
import { ask, memberKeys, newMember, signIn, type Member } from "./test-people";
import { openPeer, type Peer, type PeerWorld, type Promised, type Story } from "./test-peer";
import { actLine, isDisturbance, type Act, type Plan } from "./test-plan";
import { arrivesWithinMs, giveBackRights } from "./test-rights";
import type { BarredTime, World } from "./test-world";

export type Round = {
  readonly db: Db;
  /** When the acts began. */
  readonly beganMs: number;
  readonly parts: Parts;
  readonly stories: readonly Story[];
  readonly peers: readonly Peer[];
  readonly members: readonly Member[];
  readonly barred: readonly BarredTime[];
  readonly promised: (story: Story) => readonly Promised[];
  /** What was seen to be wrong while it went on. */
  readonly faults: () => readonly string[];
  /** The plan with the times of its acts, what came of them, where the peers stand. */
  readonly report: () => string;
  /** In one line: how much was done. */
  readonly summary: () => string;
  readonly close: () => Promise<void>;
};

const restsWithinMs = 90_000;
/** What an act may take beyond the plan: a request that waits for its store, asked again and again. */
const actsEndWithinMs = 240_000;
const broughtUpWithinMs = 240_000;

export async function runRound(main: MainProgram, plan: Plan): Promise<Round> {
  const parts = await openParts(main, plan.servers);
  const pool = new Pool({
    connectionString: parts.databaseUrl,
    max: 4,
    connectionTimeoutMillis: 20_000,
    query_timeout: 60_000,
  });
  pool.on("error", () => undefined); // PostgreSQL is killed now and then
  const db = drizzle(pool);
  const open: { leave: () => void }[] = [];
  const round = await start(plan, parts, db, open).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  async function close(): Promise<void> {
    for (const one of open) one.leave();
    await pool.end();
    await parts.close();
  }
  return { ...round, close };
}

async function start(
  plan: Plan,
  parts: Parts,
  db: Db,
  open: { leave: () => void }[],
): Promise<Omit<Round, "close">> {
  const startedMs = Date.now();
  const urls = parts.servers.map(({ url }) => url);
  const [url = ""] = urls;
  const found: string[] = [];
  const notes: string[] = [];
  const barred: BarredTime[] = [];
  let disturbedUntilMs = 0;
  const fault = (sentence: string) => void (found.includes(sentence) || found.push(sentence));
  const calmSince = (ms: number) => disturbedUntilMs < ms;

  const admin = newMember("admin");
  const members = memberKeys.map(newMember);
  for (const member of [admin, ...members]) {
    if (!(await signIn(url, member))) throw new Error(`${member.key} could not sign in.`);
  }
  const byKey = (key: string) => members.find((member) => member.key === key) ?? admin;
  const { stories, epoch } = await startStories(url, plan, byKey);

  const promises = new Map<string, Promised[]>(stories.map(({ id }) => [id, []]));
  const isOutside = (member: Member, story: Story) =>
    story.isHidden && member.role !== "editor" && member.key !== story.startedBy;
  const peerWorld: PeerWorld = {
    epoch,
    chance: seededChance(plan.seed + 1),
    urls,
    fault,
    isBarred: (member, story) => member.isBarred || story.isPublished || isOutside(member, story),
    promised: (story, promise) => promises.get(story.id)?.push(promise),
  };
  const peers = plan.peers.flatMap(({ who, story: index }) => {
    const story = stories[index];
    return story ? [openPeer(peerWorld, byKey(who), story, `${who}-${String(index)}`)] : [];
  });
  open.push(...peers);
  for (const member of members) {
    open.push(
      listen(urls, member, (storyId) => {
        const story = stories.find(({ id }) => id === storyId);
        const isSecret = Date.now() - (story?.secretSinceMs ?? Infinity) > arrivesWithinMs;
        if (story && isSecret && isOutside(member, story)) {
          fault(`${member.key} was told of a story that was private`);
        }
      }),
    );
  }
  await until(
    () => peers.map((peer) => peer.state()),
    () => peers.every((peer) => peer.isStill()),
    restsWithinMs,
  );

  const beganMs = Date.now();
  const world: World = {
    parts,
    admin,
    member: byKey,
    stories,
    peers,
    fault,
    note: (sentence) => notes.push(`${String(Date.now() - beganMs)} ms ${sentence}`),
    disturb: (untilMs) => {
      disturbedUntilMs = Math.max(disturbedUntilMs, untilMs);
    },
    calmSince,
    barred,
  };
  const report = () =>
    [
      `seed ${String(plan.seed)}, begun ${String(beganMs - startedMs)} ms after its start`,
      "— acts —",
      ...plan.acts.map(actLine),
      "— what came of them —",
      ...notes,
      "— peers —",
      ...peers.map((peer) => JSON.stringify(peer.state())),
      "— the servers' last warnings —",
      ...parts.logged(),
    ].join("\n");
  try {
    await doActs(plan, world, beganMs);
    await comeToRest(world, members, db);
  } catch (error) {
    throw new Error(report(), { cause: error });
  }
  return {
    db,
    beganMs,
    parts,
    stories,
    peers,
    members,
    barred,
    promised: ({ id }) => promises.get(id) ?? [],
    faults: () => found,
    report,
    summary: () => {
      const words = peers.flatMap((peer) => peer.words);
      const count = (is: (word: (typeof words)[number]) => boolean) => String(words.filter(is).length);
      return [
        `${String(plan.servers)} servers, ${String(stories.length)} stories, ${String(peers.length)} peers`,
        `${String(plan.acts.length)} acts`,
        `${String(plan.acts.filter(({ kind }) => isDisturbance(kind)).length)} of them on the parts`,
        `${String(words.length)} words (${count((word) => word.isSaved)} counted as saved`,
        `${count((word) => word.isBarred)} without the right, ${count((word) => word.isSecret)} in secret)`,
        `${String([...promises.values()].flat().length)} updates promised`,
      ].join(", ");
    },
  };
}

/** Each with notes, paragraphs to take apart, and a claim. */
async function startStories(url: string, plan: Plan, byKey: (key: string) => Member) {
  const stories: Story[] = [];
  let epoch = "";
  const starters = memberKeys.filter((key) => !key.startsWith("checker"));
  for (let n = 0; n < plan.stories; n += 1) {
    const starter = byKey(starters[n % starters.length] ?? "editor1");
    const answer = await ask(url, starter, "POST", "/api/stories", {
      headline: `Troops in the valley, part ${String(n)}`,
      standfirst: "Summary.",
      dateline: { place: "Pristina", date: "2026-03-02" },
      body: { format: "text", content: startOfText },
    });
    const { id, epoch: now } = StoryOnWire.parse(answer?.body);
    epoch = now;
    const quote = quotes[n % quotes.length] ?? "";
    await ask(url, byKey("checker1"), "POST", `/api/stories/${id}/claims`, {
      field: "body",
      quote,
      kind: "number",
    });
    stories.push({
      id,
      startedBy: starter.key,
      turn: inTurn(),
      isHidden: false,
      secretSinceMs: undefined,
      wasHidden: false,
      unsureUntilMs: 0,
      isPublished: false,
    });
  }
  return { stories, epoch };
}

async function doActs(plan: Plan, world: World, beganMs: number): Promise<void> {
  const running = new Map<Act, Promise<void>>();
  for (const act of plan.acts) {
    const waitMs = beganMs + act.atMs - Date.now();
    if (waitMs > 0) await sleep(waitMs);
    const begunMs = Date.now();
    const ended = perform(act, world)
      .catch((error: unknown) => world.fault(`the act failed: ${actLine(act)}: ${String(error)}`))
      .then(() => {
        running.delete(act);
        if (writingKinds.includes(act.kind)) return;
        world.note(`took ${String(Date.now() - begunMs)} ms: ${actLine(act)}`);
      });
    running.set(act, ended);
  }
  await endsWithin(actsEndWithinMs, Promise.all(running.values()), () =>
    ["these acts have not ended:", ...[...running.keys()].map(actLine)].join("\n"),
  );
}

const writingKinds: readonly Act["kind"][] = ["word", "edit", "undo", "reload"];

/** Throws what is told of it where it has not ended by then. */
async function endsWithin(ms: number, work: Promise<unknown>, told: () => string): Promise<void> {
  const timer = new AbortController();
  const late = sleep(ms, "late" as const, { signal: timer.signal });
  try {
    if ((await Promise.race([work, late])) === "late") {
      throw new Error(`After ${String(ms / 1000)} s ${told()}`);
    }
  } finally {
    timer.abort();
  }
}

/** Everything runs, everybody has their rights, is signed in and connected, and has nothing to send or to be told. */
async function comeToRest(world: World, members: readonly Member[], db: Db): Promise<void> {
  const { parts, peers, stories } = world;
  const bringUp = parts.whole().then(() => giveBackRights(members, world));
  await endsWithin(broughtUpWithinMs, bringUp, () => "not everything and everybody was back.");
  for (const peer of peers) {
    const { denied } = peer.client();
    if (peer.holdsBarred() || denied.length > 0 || peer.halted() !== undefined) peer.startAfresh();
    else peer.connect();
  }
  await untilStill(peers, stories, db);
  const [story] = stories;
  if (!story || story.isPublished) return;
  // Somebody has the last word: what is approved at rest is asked below.
  const url = parts.servers.at(-1)?.url ?? "";
  await ask(url, world.member("editor1"), "POST", `/api/stories/${story.id}/moves`, { to: "draft" });
  const people = { checker: world.member("checker1"), editor: world.member("editor1") };
  if (!(await approve(url, people, story, world))) world.fault("a story at rest could not be approved");
}

async function untilStill(peers: readonly Peer[], stories: readonly Story[], db: Db): Promise<void> {
  const ids = stories.map(({ id }) => id);
  const states = async () => {
    const stored = await logSeqsOf(db, ids);
    return peers.map((peer) => ({
      ...peer.state(),
      isStill: peer.isStill() && peer.client().saved.logSeq === stored.get(peer.story.id),
      stored: stored.get(peer.story.id),
    }));
  };
  await until(
    async () => (await states()).filter(({ isStill }) => !isStill),
    (restless) => restless.length === 0,
    restsWithinMs,
  );
}

/** What the live channel tells a person, from one server or another. */
function listen(
  urls: readonly string[],
  member: Member,
  hear: (storyId: string) => void,
): { readonly leave: () => void } {
  let isLeft = false;
  let socket: WebSocket;
  let attempt = 0;
  function connect(): void {
    if (isLeft) return;
    const url = urls[(attempt += 1) % urls.length] ?? "";
    socket = new WebSocket(`${url.replace("http", "ws")}/events`, { headers: { cookie: member.cookie } });
    socket.on("message", (data: Buffer) => {
      const event = LiveEvent.parse(JSON.parse(data.toString()));
      if ("storyId" in event) hear(event.storyId);
    });
    socket.on("error", () => undefined); // its close tells
    socket.on("close", () => setTimeout(connect, 300));
  }
  connect();
  return {
    leave: () => {
      isLeft = true;
      socket.terminate();
    },
  };
}
