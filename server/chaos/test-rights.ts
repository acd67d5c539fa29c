/**
 * Rights that are taken away and come back. [PE1] What is written after the server answered that a right is gone may
 * never be stored, unless it is regained; [PE4] open sockets follow.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../body/test-clients";
import { ask, signIn, type ApiAnswer, type Member } from "./test-people";
import type { Peer, Story, Word } from "./test-peer";
import type { Act } from "./test-plan";
import type { BarredTime, World } from "./test-world";

type Of<Kind extends Act["kind"]> = Extract<Act, { kind: Kind }>;

/** A request that nobody heard the answer of is done or gone by then. */
const unsureForMs = 60_000;
/** By then it is certain that it was done, or never will be: no part is held up for so long at a stretch. */
const doneOrGoneMs = 6_000;
const calmWithinMs = 15_000;
/** The rule says a second; here it is told only whether it ever comes, for the machine may be busy. */
const followsWithinMs = 30_000;
/** What was on its way to somebody when a story was hidden has come by then. */
export const arrivesWithinMs = 3_000;

const peersOf = (member: Member, { peers }: World) => peers.filter((peer) => peer.member === member);
const isSure = ({ unsureUntilMs }: { readonly unsureUntilMs: number }) => Date.now() > unsureUntilMs;
const becomesUnsure = (of: { unsureUntilMs: number }) => {
  of.unsureUntilMs = Date.now() + unsureForMs;
};
/** What took the right and was not answered is not to overtake what gives it back. */
async function untilDoneOrGone(answer: ApiAnswer | null): Promise<void> {
  if (answer === null) await sleep(doneOrGoneMs);
}

/** What certainly came without the right is given up before the right is asked back: nothing may bring it. */
function giveUpBarred(peers: readonly Peer[]): void {
  for (const peer of peers) if (peer.holdsBarred()) peer.startAfresh();
}

/** Asks until it is done. Whether the first try had done it nobody knows where a second was needed: then false. */
async function insist({ parts }: World, asked: (url: string) => Promise<ApiAnswer | null>): Promise<boolean> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const server = parts.servers[attempt % parts.servers.length];
    if ((await asked(server?.url ?? ""))?.status === 200) return attempt === 0;
    await sleep(200);
  }
  throw new Error("The servers never did it.");
}

/** Waits until nothing is disturbed; not for ever, for the next may begin. */
async function untilCalm({ inCalm }: { readonly inCalm: boolean }, { calmSince }: World): Promise<void> {
  if (inCalm) await until(() => calmSince(Date.now()), Boolean, calmWithinMs).catch(() => undefined);
}

/** Waits until it is so of every peer; a fault where it never is though nothing is disturbed. */
async function mustFollow(
  peers: readonly Peer[],
  isSo: (peer: Peer) => boolean,
  sentence: string,
  { fault, calmSince }: World,
): Promise<boolean> {
  const sinceMs = Date.now();
  const late = () => peers.filter((peer) => !isSo(peer));
  await until(() => late().length === 0 || !calmSince(sinceMs), Boolean, followsWithinMs).catch(
    () => undefined,
  );
  const isCalm = calmSince(sinceMs);
  if (isCalm) for (const { name } of late()) fault(`${name} ${sentence}`);
  return isCalm && late().length === 0;
}

const isGone = (peer: Peer) => !peer.client().provider.wsconnected;
/** [BO4] */
const isTold = (peer: Peer) => {
  const { provider, denied } = peer.client();
  return !provider.synced || !peer.holdsBarred() || denied.length > 0;
};

/** The admin changes the person, who writes on without the right; shortly before it comes back that is given up. */
async function withoutRight(
  act: Of<"lower-role" | "deactivate">,
  url: string,
  world: World,
  change: {
    readonly to: { readonly role?: string; readonly active?: boolean };
    readonly back: { readonly role?: string; readonly active?: boolean };
    readonly follows: (peer: Peer) => boolean;
    readonly sentence: string;
  },
): Promise<void> {
  const member = world.member(act.who);
  const at = `/api/people/${member.id}`;
  const theirs = peersOf(member, world);
  await untilCalm(act, world);
  const wasSure = isSure(member);
  const answer = await ask(url, world.admin, "PATCH", at, change.to);
  if (answer?.status !== 200) becomesUnsure(member);
  else if (wasSure) {
    const time: BarredTime = { member, storyId: undefined, fromMs: Date.now(), toMs: Infinity };
    world.barred.push(time);
    member.isBarred = true;
    for (let n = 0; n < act.words; n += 1) for (const peer of theirs) peer.write(n);
    if (act.inCalm) await mustFollow(theirs, change.follows, change.sentence, world);
    await sleep(act.forMs);
    time.toMs = Date.now();
    member.isBarred = false;
    giveUpBarred(theirs);
  }
  await untilDoneOrGone(answer);
  if (!(await insist(world, (to) => ask(to, world.admin, "PATCH", at, change.back)))) becomesUnsure(member);
}

export async function lowerRole(act: Of<"lower-role">, url: string, world: World): Promise<void> {
  const member = world.member(act.who);
  member.hadOtherRole = true;
  await withoutRight(act, url, world, {
    to: { role: "checker" },
    back: { role: member.role },
    follows: isTold,
    sentence: "was not told that it may not write any more",
  });
  for (const peer of peersOf(member, world)) if (peer.halted() === 4404) peer.startAfresh();
}

export async function deactivate(act: Of<"deactivate">, url: string, world: World): Promise<void> {
  const member = world.member(act.who);
  member.wasSignedOut = true;
  await withoutRight(act, url, world, {
    to: { active: false },
    back: { active: true },
    follows: isGone,
    sentence: "is still connected, though its person was deactivated",
  });
  await enter(member, world);
}

export async function signOutAndIn(act: Of<"sign-out">, url: string, world: World): Promise<void> {
  const member = world.member(act.who);
  member.wasSignedOut = true;
  await ask(url, member, "POST", "/api/auth/sign-out");
  await sleep(act.forMs);
  await enter(member, world);
}

/** Signs in, as often as it takes, and takes up what was halted by the end of the session. */
async function enter(member: Member, world: World): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const server = world.parts.servers[attempt % world.parts.servers.length];
    if (await signIn(server?.url ?? "", member)) break;
    await sleep(Math.min(200 * (attempt + 1), 2_000));
  }
  for (const peer of peersOf(member, world)) if (peer.halted() === 4401) peer.connect();
}

/** Everybody has their role, is signed in and sees every story, whatever was carried out late. */
export async function giveBackRights(members: readonly Member[], world: World): Promise<void> {
  for (const member of members) {
    const { id, role } = member;
    await insist(world, (url) => ask(url, world.admin, "PATCH", `/api/people/${id}`, { role, active: true }));
    const me = await ask(world.parts.servers[0]?.url ?? "", member, "GET", "/api/me");
    if (me?.status !== 200) await enter(member, world);
  }
  const editor = world.member("editor1");
  for (const { id, isPublished } of world.stories) {
    if (isPublished) continue;
    await insist(world, (url) => ask(url, editor, "PATCH", `/api/stories/${id}`, { private: false }));
  }
}

/** An editor makes the story private: only editors and who started it see it. */
export async function hide(act: Of<"hide-story">, url: string, story: Story, world: World): Promise<void> {
  const editor = world.member("editor1");
  const on = `/api/stories/${story.id}`;
  const outside = world.peers.filter(
    (peer) => peer.story === story && peer.member.role !== "editor" && peer.member.key !== story.startedBy,
  );
  await untilCalm(act, world);
  const wasSure = isSure(story);
  story.wasHidden = true;
  const answer = await ask(url, editor, "PATCH", on, { private: true });
  if (answer?.status === 200 && wasSure) {
    const span = { storyId: story.id, fromMs: Date.now(), toMs: Infinity };
    const times = outside.map(({ member }): BarredTime => ({ member, ...span }));
    world.barred.push(...times);
    story.isHidden = true;
    for (let n = 0; n < act.words; n += 1) for (const peer of outside) peer.write(n);
    const isSecret =
      act.inCalm &&
      (await mustFollow(outside, isGone, "is still connected, though the story is private", world));
    if (isSecret) story.secretSinceMs = Date.now();
    await sleep(act.forMs);
    if (isSecret) await whisper(story, outside, world);
    story.secretSinceMs = undefined;
    for (const time of times) time.toMs = Date.now();
    story.isHidden = false;
    giveUpBarred(outside);
  }
  await untilDoneOrGone(answer);
  if (!(await insist(world, (to) => ask(to, editor, "PATCH", on, { private: false })))) becomesUnsure(story);
  for (const peer of outside) if (peer.halted() === 4404) peer.startAfresh();
}

/** [PE4] The others write on among themselves: nobody outside is told a word. */
async function whisper(story: Story, outside: readonly Peer[], { peers, fault }: World): Promise<void> {
  const sinceMs = Date.now();
  const inside = peers.filter((peer) => peer.story === story && !outside.includes(peer));
  for (let n = 0; n < 3; n += 1) {
    for (const peer of inside) peer.write(n);
    await sleep(300);
  }
  const isNew = ({ isSecret, typedAtMs }: Word) => isSecret && typedAtMs >= sinceMs;
  const secrets = inside.flatMap(({ words }) => words.filter(isNew));
  for (const peer of outside) {
    const text = peer.holds();
    const told = secrets.find((word) => text.includes(word.text));
    if (told) fault(`${peer.name} was told ${told.text} of a story that was private`);
  }
}
