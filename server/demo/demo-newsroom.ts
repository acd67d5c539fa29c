/**
 * The demo newsroom: its people and a few stories, loaded once through the API that everybody uses, so that every
 * row has its author and its act. The people come in by one-time links, or with LINECHECK_DEMO_PASSWORD.
 */
import { z } from "zod";
import { Claim } from "@/domain/claims/claim";
import type { Person } from "@/domain/people/person";
import { VersionLine } from "@/domain/versions/version";
import type { House } from "../house";
import type { OpenNewsroom } from "../newsroom";
import { endOpenLinks } from "../people/link-store";
import { addLink } from "../people/make-link";
import { setSharedPassword } from "../people/set-shared-password";
import { endStartedSession, startSession, type StartedSession } from "../people/start-session";
import { isRecorded, recordAct } from "../record/record-act";
import type { Queries } from "../store/db";
import { addDemoPeople, castOf, type DemoCast, type DemoPerson } from "./demo-people";
import { demoStories, type DemoClaim, type DemoStory } from "./demo-stories";

export type DemoNewsroom = {
  readonly cast: DemoCast;
  /** It was loaded by this very call. */
  readonly isNew: boolean;
  /** How its people come in, for the operator: fresh links at each call, unless they have a password. */
  readonly invitation: () => Promise<string>;
};

/** How the record says that everything was loaded: not again then, even when a story got another slug. */
const loaded = { demo: "loaded" };

export const isDemoLoaded = (q: Queries) => isRecorded(q, "newsroom-opened", loaded);

export async function openDemoNewsroom(
  newsroom: OpenNewsroom,
  password: string | undefined,
): Promise<DemoNewsroom> {
  const { house, people } = newsroom;
  const known = await castOf(house.db);
  const cast = known ?? (await addDemoPeople(house));
  if (!(await isDemoLoaded(house.db))) await loadStories(newsroom, cast);
  const everyone = Object.values(cast);
  if (password !== undefined) {
    await setSharedPassword(
      people,
      everyone.map(({ id }) => id),
      password,
    );
    await endEntryLinks(house, everyone);
  }
  return {
    cast,
    isNew: known === null,
    invitation: async () => {
      if (password !== undefined) {
        const addresses = everyone.map(({ email }) => `  ${email}\n`).join("");
        return `\nThe demo people sign in with LINECHECK_DEMO_PASSWORD:\n${addresses}`;
      }
      const at = house.now();
      const lines = await house.db.transaction(async (tx) => {
        const made: string[] = [];
        for (const { id, name } of everyone) {
          const link = await addLink(house, tx, { personId: id, purpose: "entry", madeBy: null }, at);
          made.push(`  ${name.padEnd(14)}${link}\n`);
        }
        return made;
      });
      return `\nThe demo newsroom: each link lets one person in, once, within 72 hours.\n${lines.join("")}`;
    },
  };
}

/** The password is the way in now: links of earlier starts end. */
async function endEntryLinks(house: House, everyone: readonly Person[]): Promise<void> {
  const at = house.now();
  await house.db.transaction(async (tx) => {
    for (const { id } of everyone) await endOpenLinks(tx, id, at, "entry");
  });
}

type Call = (by: DemoPerson, method: string, path: string, body?: unknown) => Promise<unknown>;

/** Loads what is not there yet, so that a first start that was cut off is finished by the next. */
async function loadStories(newsroom: OpenNewsroom, cast: DemoCast): Promise<void> {
  const { house, people, app } = newsroom;
  const sessions = new Map<DemoPerson, StartedSession>();
  const call: Call = async (by, method, path, body) => {
    const session = sessions.get(by) ?? (await startSession(people, cast[by].id));
    sessions.set(by, session);
    const answer = await app.request(path, {
      method,
      headers: { cookie: session.cookie },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json: unknown = await answer.json();
    if (!answer.ok) throw new Error(`The demo's ${method} ${path} was refused: ${JSON.stringify(json)}`);
    return json;
  };
  const there = z.array(StoryThere).parse(await call("editor1", "GET", "/api/stories"));
  for (const demo of demoStories) {
    const begun = there.find(({ slug }) => slug === demo.story.slug);
    const { id } = begun ?? WithId.parse(await call(demo.by, "POST", "/api/stories", demo.story));
    await completeStory(call, id, demo);
  }
  for (const session of sessions.values()) await endStartedSession(people, session);
  await house.db.transaction((tx) =>
    recordAct(tx, { act: "newsroom-opened", personId: null, detail: loaded }, house.now()),
  );
}

const WithId = z.object({ id: z.string() });
const WithHash = z.object({ contentHash: z.string() });
const StoryThere = z.object({ id: z.string(), slug: z.string() });
const ClaimThere = Claim.pick({ id: true, quote: true, evidence: true, verdicts: true, thread: true });
const VersionThere = VersionLine.pick({ why: true });

/** Each step is taken in its order, and the ones taken before are told by what they left. */
async function completeStory(call: Call, id: string, demo: DemoStory): Promise<void> {
  const path = `/api/stories/${id}`;
  const there = z.array(ClaimThere).parse(await call("editor1", "GET", `${path}/claims`));
  for (const one of demo.claims) {
    const marked = there.find(({ quote }) => quote === one.claim.quote);
    await completeClaim(call, path, one, marked);
  }
  const versions = z.array(VersionThere).parse(await call("editor1", "GET", `${path}/versions`));
  const moved = versions.filter(({ why }) => why.cause === "move").length;
  for (const { by, ...move } of demo.moves.slice(moved)) {
    const { contentHash } = WithHash.parse(await call(by, "GET", path));
    const asksHash = move.to === "approved" || move.to === "published";
    await call(by, "POST", `${path}/moves`, { ...move, ...(asksHash ? { contentHash } : {}) });
  }
}

async function completeClaim(
  call: Call,
  storyPath: string,
  { by, claim, evidence = [], verdict, comment }: DemoClaim,
  there: z.infer<typeof ClaimThere> | undefined,
): Promise<void> {
  const { id } = there ?? WithId.parse(await call(by, "POST", `${storyPath}/claims`, claim));
  const path = `/api/claims/${id}`;
  for (const one of evidence.slice(there?.evidence.length ?? 0)) {
    await call(verdict?.by ?? by, "POST", `${path}/evidence`, one);
  }
  if (verdict && !there?.verdicts.length) {
    const { by: judge, ...given } = verdict;
    await call(judge, "POST", `${path}/verdicts`, given);
  }
  if (comment && !there?.thread.length) {
    await call(comment.by, "POST", `${path}/comments`, { text: comment.text });
  }
}
