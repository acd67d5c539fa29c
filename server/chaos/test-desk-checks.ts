/** Do claims, approvals, the record and what the desk shows follow from the texts? */
import { asc, eq } from "drizzle-orm";
import { healAnchors, sameAnchor } from "@/domain/body/anchor";
import { contentHash } from "@/domain/body/content-hash";
import { plainText } from "@/domain/body/content";
import { Claim, type PlacedClaim } from "@/domain/claims/claim";
import type { RecordRow } from "@/domain/record/act";
import { DeskStory } from "@/domain/stories/story";
import type { KeptClaim } from "@/domain/versions/version";
import { gate } from "@/domain/workflow/gate";
import { storedAnchors } from "../body/anchor-store";
import { fieldsOf } from "../body/committed-texts";
import { readText } from "../body/read-text";
import { projectionOf } from "../body/start-text";
import { claimsOf } from "../claims/claims-of";
import { publications } from "../publishing/publishing-tables";
import { recordOf } from "../record/record-act";
import { verifyRecord } from "../record/verify-record";
import { storyDetails, storyFacts } from "../stories/story-row";
import { storyTexts } from "../stories/story-tables";
import { versions } from "../versions/version-tables";
import { approvals } from "../workflow/workflow-tables";
import { atLast, editor, ofEachStory } from "./test-check";
import { ask } from "./test-people";
import type { Round } from "./test-round";

export const gates = (round: Round) =>
  ofEachStory(round, async (story, name, text) => {
    const found: string[] = [];
    const facts = await storyFacts(round.db, story.id);
    const details = await storyDetails(round.db, story.id);
    const given = await round.db
      .select()
      .from(approvals)
      .where(eq(approvals.storyId, story.id))
      .orderBy(asc(approvals.at));
    const standing = given.filter(({ ended }) => ended === null);
    if (!facts || !details) return [`${name} is gone`];
    const hash = contentHash({ content: text.content, ...details });
    if (facts.status === "approved") {
      const [approval] = standing;
      if (standing.length !== 1) found.push(`${name} is approved ${String(standing.length)} times`);
      if (approval?.contentHash !== hash) found.push(`${name} is approved with another text`);
      const headline = plainText(text.content.headline);
      const asked = gate({ headline, ...details }, await untouchedClaims(round, story.id));
      if (!asked.open) found.push(`${name} is approved though ${asked.blockers[0]?.sentence ?? ""}`);
    } else if (standing.length > 0) found.push(`${name} is ${facts.status} and an approval of it stands`);
    const kept = await round.db.select().from(versions).where(eq(versions.storyId, story.id));
    for (const { version, contentHash: approved } of given) {
      const of = kept.find(({ n }) => n === version);
      if (!of || contentHash(of) !== approved || of.contentHash !== approved) {
        found.push(`version ${String(version)} of ${name} is not what was approved`);
      }
      const open = of?.claims.find(isOpen);
      if (open && !(await isWaived(round, open.id))) {
        found.push(`version ${String(version)} of ${name} was approved with ${open.words} ${open.freshness}`);
      }
    }
    const put = await round.db.select().from(publications).where(eq(publications.storyId, story.id));
    if ((facts.status === "published") !== put.length > 0)
      found.push(`${name} is ${facts.status} without being out`);
    for (const { contentHash: out } of put) {
      if (out !== hash || !given.some(({ contentHash: approved }) => approved === out)) {
        found.push(`${name} is published with another text than was approved`);
      }
    }
    return found;
  });

/** The claims on which nothing was done since the story was approved: by the record, in the order of commits. */
async function untouchedClaims({ db }: Round, storyId: string): Promise<readonly PlacedClaim[]> {
  const acts = await recordOf(db, { storyId });
  const isApproval = ({ act, detail }: RecordRow) => act === "story-moved" && detail["move"] === "approve";
  const later = acts.slice(acts.findLastIndex(isApproval) + 1);
  const touched = new Set(later.map(({ claimId }) => claimId));
  return (await claimsOf(db, storyId)).filter(({ id }) => !touched.has(id));
}

const blocks = ["false", "disputed", "unverifiable", "verified_if_changed"];
const isOpen = ({ verdict, freshness, state }: KeptClaim) =>
  verdict === null ||
  blocks.includes(verdict) ||
  !["current", "cosmetic"].includes(freshness) ||
  state === "orphaned";

async function isWaived(round: Round, claimId: string): Promise<boolean> {
  const answer = await ask(round.parts.servers[0]?.url ?? "", editor(round), "GET", `/api/claims/${claimId}`);
  return (Claim.safeParse(answer?.body).data?.waivers.length ?? 0) > 0;
}

export const anchorsAtRest = (round: Round) =>
  ofEachStory(round, async (story, name) => {
    const places = await atLast(async () => {
      const text = await readText(round.db, story.id);
      if (!text) return [`${name} has no text`];
      const fields = fieldsOf(text);
      const stored = await storedAnchors(round.db, story.id);
      return stored.flatMap(({ ownerId, field, anchor }) => {
        const [once = anchor] = healAnchors(fields.field(field), [anchor]);
        const [twice = once] = healAnchors(fields.field(field), [once]);
        const { state } = anchor;
        return sameAnchor(once, anchor) && sameAnchor(twice, once)
          ? []
          : [`claim ${ownerId} of ${name} is ${state}, healed again ${once.state}, and again ${twice.state}`];
      });
    });
    const told = await Promise.all(
      round.parts.servers.map(async ({ url }) =>
        JSON.stringify((await ask(url, editor(round), "GET", `/api/stories/${story.id}/claims`))?.body),
      ),
    );
    return new Set(told).size === 1 ? places : [...places, `the servers tell different claims of ${name}`];
  });

export const chain = async (round: Round) => {
  const { rows, faults } = await verifyRecord(round.db);
  return [...faults.map((fault) => JSON.stringify(fault)), ...(rows === 0 ? ["the record is empty"] : [])];
};

export const desk = (round: Round) =>
  ofEachStory(round, async (story, name, text) => {
    const details = await storyDetails(round.db, story.id);
    if (!details) return [`${name} is gone`];
    const wanted = projectionOf({ id: story.id, ...details }, text.content, text.logSeq);
    return atLast(async () => {
      const found: string[] = [];
      const [shown] = await round.db.select().from(storyTexts).where(eq(storyTexts.storyId, story.id));
      if (JSON.stringify(sorted(shown)) !== JSON.stringify(sorted(wanted))) {
        found.push(`the desk's row of ${name} is not made from its text`);
      }
      for (const { name: server, url } of round.parts.servers) {
        const rows = DeskStory.array().parse((await ask(url, editor(round), "GET", "/api/stories"))?.body);
        const row = rows.find(({ id }) => id === story.id);
        if (row?.headline !== wanted.headline || row.wordCount !== wanted.wordCount) {
          found.push(`the desk of ${server} shows another ${name}`);
        }
      }
      return found;
    });
  });

const sorted = (row: object | undefined) => Object.entries(row ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
