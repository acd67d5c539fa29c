/**
 * The demo newsroom: its people and a few stories, loaded once through the API that everybody uses, so that every
 * row has its author and its act. The people come in by one-time links, or with LINECHECK_DEMO_PASSWORD.
 */
import { z } from "zod";
import type { OpenNewsroom } from "../newsroom";
import { addLink } from "../people/make-link";
import { setSharedPassword } from "../people/set-shared-password";
import { endStartedSession, startSession, type StartedSession } from "../people/start-session";
import { isRecorded, recordAct } from "../record/record-act";
import type { Queries } from "../store/db";
import { addDemoPeople, castOf, type DemoCast, type DemoPerson } from "./demo-people";
import { demoStories, type DemoStory } from "./demo-stories";

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
  const there = z.array(z.object({ slug: z.string() })).parse(await call("editor1", "GET", "/api/stories"));
  const slugs = new Set(there.map(({ slug }) => slug));
  for (const demo of demoStories) {
    if (!slugs.has(demo.story.slug)) await loadStory(call, demo);
  }
  for (const session of sessions.values()) await endStartedSession(people, session);
  await house.db.transaction((tx) =>
    recordAct(tx, { act: "newsroom-opened", personId: null, detail: loaded }, house.now()),
  );
}

const WithId = z.object({ id: z.string() });
const WithHash = z.object({ contentHash: z.string() });

async function loadStory(call: Call, demo: DemoStory): Promise<void> {
  const { id } = WithId.parse(await call(demo.by, "POST", "/api/stories", demo.story));
  for (const { by, claim, evidence = [], verdict, comment } of demo.claims) {
    const marked = WithId.parse(await call(by, "POST", `/api/stories/${id}/claims`, claim));
    const path = `/api/claims/${marked.id}`;
    for (const one of evidence) await call(verdict?.by ?? by, "POST", `${path}/evidence`, one);
    if (verdict) {
      const { by: judge, ...given } = verdict;
      await call(judge, "POST", `${path}/verdicts`, given);
    }
    if (comment) await call(comment.by, "POST", `${path}/comments`, { text: comment.text });
  }
  for (const { by, ...move } of demo.moves) {
    const { contentHash } = WithHash.parse(await call(by, "GET", `/api/stories/${id}`));
    const asksHash = move.to === "approved" || move.to === "published";
    await call(by, "POST", `/api/stories/${id}/moves`, { ...move, ...(asksHash ? { contentHash } : {}) });
  }
}
