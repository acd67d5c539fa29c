/** Claims, verdicts, waivers and moves, over the API; a refusal is as good as any answer. */
import { setTimeout as sleep } from "node:timers/promises";
import { Claim } from "@/domain/claims/claim";
import { seededChance } from "@/domain/body/test-editing-peers";
import { Gate } from "@/domain/workflow/workflow";
import { quotes } from "./test-edits";
import { ask, type Member, type Read } from "./test-people";
import type { Story } from "./test-peer";
import type { Act } from "./test-plan";
import type { World } from "./test-world";

type DeskAct = Extract<Act, { kind: "mark-claim" | "judge" | "waive" | "approve" | "publish" | "move" }>;

export async function workAtDesk(act: DeskAct, url: string, story: Story, world: World): Promise<void> {
  const who = world.member(act.who);
  const on = `/api/stories/${story.id}`;
  switch (act.kind) {
    case "mark-claim": {
      const chance = seededChance(act.seed);
      const words = world.peers.filter((peer) => peer.story === story).flatMap((peer) => peer.words);
      const quote = chance.happens(0.3) && words.length > 0 ? chance.pick(words).text : chance.pick(quotes);
      const importance = chance.pick(["critical", "normal", "low"]);
      await ask(url, who, "POST", `${on}/claims`, { field: "body", quote, kind: "number", importance });
      return;
    }
    case "judge": {
      const chance = seededChance(act.seed);
      const claims = await claimsOf(url, who, story);
      if (claims.length === 0) return;
      const verdict = chance.pick(["verified", "verified", "false", "disputed"]);
      return judge(url, who, chance.pick(claims), verdict);
    }
    case "waive": {
      const gate = Gate.safeParse((await ask(url, who, "GET", `${on}/gate`))?.body).data;
      const blocker = gate?.blockers.find(({ waivable }) => waivable);
      if (!blocker?.claimId) return;
      const waiver = { rule: blocker.rule, reason: "It will do." };
      await ask(url, who, "POST", `/api/claims/${blocker.claimId}/waivers`, waiver);
      return;
    }
    case "approve":
      await approve(url, { checker: who, editor: world.member(act.by) }, story, world);
      return;
    case "publish": {
      const editor = world.member(act.by);
      const isApproved = await approve(url, { checker: who, editor }, story, world);
      const { contentHash } = (await readStory(url, editor, story)) ?? {};
      if (!isApproved || contentHash === undefined) return;
      const answer = await ask(url, editor, "POST", `${on}/moves`, { to: "published", contentHash });
      world.note(`${act.kind} → ${String(answer?.status)}`);
      if (answer?.status === 200) whenPublished(story, world);
      return;
    }
    case "move": {
      const answer = await ask(url, who, "POST", `${on}/moves`, {
        to: act.to,
        reason: "It is not good yet.",
      });
      if (act.to !== "spiked" || answer?.status !== 200) return;
      await sleep(500);
      await ask(url, who, "POST", `${on}/moves`, { to: "draft" });
    }
  }
}

/** Nobody writes in it from now on. */
function whenPublished(story: Story, { peers, barred }: World): void {
  story.isPublished = true;
  for (const { member } of peers.filter((peer) => peer.story === story)) {
    barred.push({ member, storyId: story.id, fromMs: Date.now(), toMs: Infinity });
  }
}

async function readStory(url: string, who: Member, story: Story): Promise<Read | undefined> {
  const answer = await ask(url, who, "GET", `/api/stories/${story.id}`);
  return answer?.status === 200 ? (answer.body as Read) : undefined;
}

async function claimsOf(url: string, who: Member, story: Story): Promise<readonly Claim[]> {
  return (
    Claim.array().safeParse((await ask(url, who, "GET", `/api/stories/${story.id}/claims`))?.body).data ?? []
  );
}

async function judge(url: string, who: Member, claim: Claim, verdict: string): Promise<void> {
  const at = `/api/claims/${claim.id}`;
  const source = { type: "document", name: "The report", reliability: "A" };
  if (claim.evidence.length === 0)
    await ask(url, who, "POST", `${at}/evidence`, { source, relation: "supports" });
  const rationale = "So says the report.";
  await ask(url, who, "POST", `${at}/verdicts`, { verdict, rationale, words: claim.anchor.words });
}

/** Checks what is left, and approves what was seen; twice, for others write meanwhile. */
export async function approve(
  url: string,
  { checker, editor }: { readonly checker: Member; readonly editor: Member },
  story: Story,
  { note }: Pick<World, "note">,
): Promise<boolean> {
  const moves = `/api/stories/${story.id}/moves`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    for (const claim of await claimsOf(url, checker, story)) {
      if (claim.anchor.state === "orphaned") {
        await ask(url, checker, "DELETE", `/api/claims/${claim.id}?reason=gone`);
      } else if (claim.progress === "open" || claim.progress === "attention") {
        await judge(url, checker, claim, "verified");
      }
    }
    const seen = await readStory(url, editor, story);
    if (!seen) return false;
    if (seen.status === "approved") return true;
    if (seen.status === "draft") await ask(url, editor, "POST", moves, { to: "checking" });
    const given = { to: "approved", contentHash: seen.contentHash };
    const answer = await ask(url, editor, "POST", moves, given);
    note(`approve → ${String(answer?.status)} ${(answer?.body as Read | undefined)?.code ?? ""}`);
    if (answer?.status === 200) return true;
  }
  return false;
}
