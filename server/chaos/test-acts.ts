/** Does the acts of a plan: writing at once, what asks the server beside the others. */
import { setTimeout as sleep } from "node:timers/promises";
import { workAtDesk } from "./test-desk-work";
import { writesText } from "./test-people";
import type { Peer, Story } from "./test-peer";
import type { Act } from "./test-plan";
import { deactivate, hide, lowerRole, signOutAndIn } from "./test-rights";
import type { World } from "./test-world";

/** What a part that came back needs until everybody has noticed. */
const noticedWithinMs = 1_500;

export async function perform(act: Act, world: World): Promise<void> {
  const { parts, peers, stories } = world;
  const url = parts.servers[act.server]?.url ?? "";
  switch (act.kind) {
    case "word": {
      const peer = peers[act.peer];
      if (peer && (writesText(peer.member) || act.seed % 16 === 0)) peer.write(act.seed);
      return;
    }
    case "edit": {
      const peer = peers[act.peer];
      if (peer && mayEdit(peer)) peer.edit(act.edit, act.seed);
      return;
    }
    case "undo": {
      const peer = peers[act.peer];
      if (peer && mayEdit(peer)) peer.undo();
      return;
    }
    case "offline": {
      const peer = peers[act.peer];
      if (!peer || peer.halted() !== undefined) return;
      peer.disconnect();
      await sleep(act.forMs);
      if (peer.halted() === undefined) peer.connect();
      return;
    }
    case "reload":
      return peers[act.peer]?.startAfresh();
    case "mark-claim":
    case "judge":
    case "waive":
    case "approve":
    case "publish":
    case "move":
      return workAtDesk(act, url, storyAt(stories, act.story), world);
    case "lower-role":
      return world.member(act.who).turn(() => lowerRole(act, url, world));
    case "deactivate":
      return world.member(act.who).turn(() => deactivate(act, url, world));
    case "sign-out":
      return world.member(act.who).turn(() => signOutAndIn(act, url, world));
    case "hide-story":
      return storyAt(stories, act.story).turn(() => hide(act, url, storyAt(stories, act.story), world));
    case "kill":
    case "stop":
    case "freeze":
    case "cut":
    case "stall":
    case "slow":
      return disturb(act, world);
  }
}

/** Readers' programs write words that are refused; they do not take the text apart. */
const mayEdit = ({ member, story }: Peer) => writesText(member) && !story.isPublished;

function storyAt(stories: readonly Story[], index: number): Story {
  const story = stories[index];
  if (!story) throw new Error(`There is no story ${String(index)}.`);
  return story;
}

async function disturb(
  act: Extract<Act, { kind: "kill" | "stop" | "freeze" | "cut" | "stall" | "slow" }>,
  { parts, disturb: noteDisturbed }: World,
): Promise<void> {
  const goesOn = setInterval(() => noteDisturbed(Date.now() + noticedWithinMs), 100);
  noteDisturbed(Date.now() + noticedWithinMs);
  try {
    switch (act.kind) {
      case "kill":
      case "stop":
      case "freeze": {
        const part = [parts.postgres, parts.redis, ...parts.servers].find(({ name }) => name === act.part);
        await part?.[act.kind]();
        await sleep(act.forMs);
        return await (act.kind === "freeze" ? part?.thaw() : part?.start());
      }
      case "cut":
        return parts.servers[act.server]?.[act.line].cut();
      case "stall":
      case "slow": {
        const line = parts.servers[act.server]?.[act.line];
        if (act.kind === "stall") line?.stall();
        else line?.slow(20 + (act.forMs % 60));
        await sleep(act.forMs);
        line?.clear();
      }
    }
  } finally {
    clearInterval(goesOn);
    noteDisturbed(Date.now() + noticedWithinMs);
  }
}
