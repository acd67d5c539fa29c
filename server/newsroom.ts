/**
 * The composition root: every capability is opened here once and what they tell each other is wired here. A
 * capability knows only those before it; whatever it needs from above is handed to it as a function.
 */
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { sql } from "drizzle-orm";
import type { Hono } from "hono";
import type { Logger } from "pino";
import type { Newsroom } from "@/domain/newsroom";
import { Id, type Person } from "@/domain/people/person";
import { mayInNewsroom, mayOnStory } from "@/domain/people/rights";
import { isRefused } from "@/domain/refusal";
import { authorRoutes } from "./body/author-routes";
import { openBody, type Body } from "./body/body";
import { startHealing } from "./body/heal-anchors";
import { importContent } from "./body/import-content";
import { logSizes } from "./body/log-store";
import type { Limits } from "./body/limits";
import { readText } from "./body/read-text";
import { startText } from "./body/start-text";
import { assigneesOf, claimCounts, claimsOf } from "./claims/claims-of";
import { claimRoutes } from "./claims/claim-routes";
import { readClaims } from "./claims/read-claims";
import type { Config } from "./config";
import { openBus } from "./events/bus";
import { fewAtATime } from "./few-at-a-time";
import { openCrossing } from "./events/crossing";
import { isSomeoneCutOff, sayCutOff } from "./events/cut-off";
import { openAlone, type Exchange } from "./events/exchange";
import { openLiveChannel } from "./events/live-channel";
import { lookAgain } from "./events/look-again";
import { countRightsChanges } from "./events/rights-changes";
import type { House } from "./house";
import { withoutValues } from "./log";
import { openMetrics, type Metrics } from "./metrics";
import { newRandomId } from "./new-id";
import { openApi } from "./http/api";
import type { ApiEnv } from "./http/env";
import { ownOrigin } from "./http/origin";
import type { Problem } from "./http/problem";
import { closingProblem, refuseUpgrade } from "./http/refuse-upgrade";
import { requestIdOf } from "./http/request-id";
import { storyIdIn, type Upgrade } from "./http/socket-server";
import { authRoutes, signOutRoutes } from "./people/auth-routes";
import { openPeople, type People } from "./people/people";
import { peopleRoutes } from "./people/people-routes";
import { namesOf, personById } from "./people/known-people";
import { headOf, rightsChangedAfter } from "./record/record-act";
import { recordRoutes } from "./record/record-routes";
import { restAsLongAsWorked } from "./rest-as-long-as-worked";
import { feedRoutes } from "./publishing/feed-routes";
import { publishVersion } from "./publishing/publish-version";
import { publicationOf, publishedBySlug } from "./publishing/read-publications";
import type { Store } from "./store/open-store";
import { changeDetailsIn } from "./stories/change-story";
import { deskOf } from "./stories/desk-of";
import type { StoryFromAbove } from "./stories/story-from-above";
import { storyOf } from "./stories/story-of";
import { storyProblem } from "./stories/story-problems";
import { storyRoutes } from "./stories/story-routes";
import { storyFacts } from "./stories/story-row";
import { keepVersionOfText } from "./versions/keep-version";
import { hasMovedOn } from "./versions/read-versions";
import { versionRoutes } from "./versions/version-routes";
import { within } from "./within";
import { approvalOf, lapsedOf } from "./workflow/approval-of";
import { lapse } from "./workflow/lapse";
import { workflowRoutes } from "./workflow/workflow-routes";

export type OpenNewsroom = {
  readonly house: House;
  readonly people: People;
  readonly body: Body;
  /** Answers `/api/…`, `/healthz`, `/readyz` and the feeds. */
  readonly app: Hono<ApiEnv>;
  /** Resolves when what was sent to this story's text is stored and its claims' places are healed. */
  readonly quiet: (storyId: string) => Promise<void>;
  /** What pages ask while they render. */
  readonly newsroom: Newsroom;
  /** Takes over `/collab/:id` and `/events`; false for any other path, whose socket is left as it is. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** From now on it is not ready, and new sockets are refused with 503; those that are open go on. */
  readonly beginClosing: () => void;
  /** Stores what was sent, then closes sockets (1012) and timers; the store is its owner's to close. */
  readonly close: () => Promise<void>;
};

export async function openNewsroom(given: {
  readonly store: Store;
  readonly config: Pick<Config, "url" | "proxies">;
  readonly log: Logger;
  /** Without it this is the only process. */
  readonly exchange?: Exchange;
  readonly metrics?: Metrics;
  /** What people may send before they are slowed down; a benchmark has few people do the work of many. */
  readonly limits?: Limits;
  /** Inactive while this process runs: the demo people off loopback. */
  readonly isAsleep?: (person: { readonly email: string }) => boolean;
  readonly now?: () => Date;
  readonly newId?: () => string;
}): Promise<OpenNewsroom> {
  const { store, config, log } = given;
  const { db } = store;
  const house: House = {
    db,
    bus: openBus((error) => log.error({ err: error }, "listener failed")),
    exchange: given.exchange ?? openAlone(randomUUID()),
    metrics: given.metrics ?? openMetrics(),
    log,
    now: given.now ?? (() => new Date()),
    newId: given.newId ?? newRandomId,
    epoch: store.epoch,
    url: config.url,
  };
  const people = await openPeople(house, {
    secret: store.secret,
    ...(given.isAsleep ? { isAsleep: given.isAsleep } : {}),
  });
  const live = openLiveChannel(house, {
    storyFacts: (storyId) => storyFacts(db, storyId),
    personById: (id) => personById(db, id),
    here: (storyId) => crossing.here(storyId),
  });

  const body = openBody(
    house,
    {
      whenContentChanges: lapse,
      keepVersion: (tx, version) => keepVersionOfText(tx, { claimsOf }, version),
      hasMovedOn,
    },
    given.limits ? { rates: given.limits } : {},
  );
  const crossing = openCrossing(house, body.here);
  const sockets = new Map<string, Set<Duplex>>();
  const looking = lookAgain(house, {
    lastAct: async () => (await headOf(db))?.seq ?? 0,
    rightsChangedAfter: (act) => rightsChangedAfter(db, act),
    openSessions: () => [...sockets.keys()],
    endedSessions: people.endedSessions,
    sayCutOff: () => sayCutOff(db),
    isSomeoneCutOff: () => isSomeoneCutOff(db),
  });
  const healing = startHealing(house);

  const aboveStories: StoryFromAbove = {
    bodyOf: importContent,
    startText,
    textOf: readText,
    claimCounts,
    assigneesOf,
    approvalOf,
    lapsedOf,
    publicationOf,
    here: crossing.here,
    whenDetailsChange: async (tx, change) => {
      await lapse(tx, change);
    },
  };
  const readStory = (person: Person, storyId: string) => storyOf(house, aboveStories, person, storyId);
  const uncounted = { ...aboveStories, claimCounts: () => Promise.resolve(new Map<string, never>()) };

  watchNewsroom(house, { body, pagesOpen: live.count });
  let isClosing = false;

  const app = openApi(house, {
    proxies: config.proxies,
    readSession: people.readSession,
    open: [authRoutes(people)],
    routes: [
      signOutRoutes(people),
      peopleRoutes(people),
      storyRoutes(house, aboveStories),
      authorRoutes(house),
      claimRoutes(house),
      versionRoutes(house, {
        claimsOf,
        textOf: readText,
        replaceText: body.replaceText,
        changeDetails: (tx, change) => changeDetailsIn(tx, aboveStories, change),
      }),
      workflowRoutes(house, {
        publishVersion,
        storyOf: readStory,
        uncountedStoryOf: (person, storyId) => storyOf(house, uncounted, person, storyId),
      }),
      recordRoutes(house, {
        storyIsClosed: async ({ person }, storyId) => {
          const story = await storyFacts(db, storyId);
          const may = story
            ? mayOnStory(person, "read-story-record", story)
            : { refused: "not-visible" as const };
          return isRefused(may) ? storyProblem(may.refused) : null;
        },
        newsroomIsClosed: ({ person }) => {
          const may = mayInNewsroom(person, "read-newsroom-record");
          return isRefused(may) ? storyProblem(may.refused) : null;
        },
        namesOf: (ids) => namesOf(db, ids),
      }),
    ],
    publicRoutes: [feedRoutes(house)],
    notReady,
  });

  /** Why nothing can be asked of this process now; null: it can. */
  async function notReady(): Promise<Problem | null> {
    if (isClosing) return closingProblem;
    try {
      await db.execute(sql`select 1`);
      return null;
    } catch {
      // The answer is that it is not ready; the store logs why.
      return {
        status: 503,
        code: "not-ready",
        sentence: "The store does not answer. Try again in a moment.",
      };
    }
  }

  const isOwnOrigin = ownOrigin(config.url);
  const rightsChanges = countRightsChanges(house.bus);
  const few = fewAtATime(mostAtTheDoor, restAsLongAsWorked());
  async function takeSocket(at: Upgrade, path: string): Promise<void> {
    const { request, socket } = at;
    if (isClosing) return refuseUpgrade(house, at, closingProblem);
    if (!isOwnOrigin(request.headers.origin)) {
      return refuseUpgrade(house, at, {
        status: 403,
        code: "wrong-origin",
        sentence: "This connection comes from another address than the newsroom's.",
      });
    }
    const cookie = request.headers.cookie ?? "";
    const changesBefore = rightsChanges.count();
    // Whoever gave up while they waited for their turn is not asked about.
    const signedIn = await few(async () => (socket.destroyed ? null : people.sessionOf(cookie)));
    if (socket.destroyed) return;
    if (isClosing) return refuseUpgrade(house, at, closingProblem);
    if (!signedIn) {
      return refuseUpgrade(house, at, { status: 401, code: "not-signed-in", sentence: "Sign in first." });
    }
    noteSocket(signedIn.sessionId, socket);
    if (path.startsWith("/collab/")) await body.upgrade(at, signedIn);
    else live.upgrade(at, signedIn);
    // [PE4] What ended or changed while it was let in was told before it could hear.
    if (rightsChanges.count() === changesBefore) return;
    const now = await people.sessionOf(cookie).catch((error: unknown) => {
      socket.destroy();
      throw error;
    });
    if (!now) house.bus.emit({ type: "session-ended", sessionId: signedIn.sessionId });
    else if (now.person.role !== signedIn.person.role) {
      house.bus.emit({ type: "rights-changed", personId: now.person.id });
    }
  }

  function noteSocket(sessionId: string, socket: Duplex): void {
    const ofSession = sockets.get(sessionId) ?? new Set();
    sockets.set(sessionId, ofSession.add(socket));
    socket.once("close", () => {
      ofSession.delete(socket);
      if (ofSession.size === 0 && sockets.get(sessionId) === ofSession) sockets.delete(sessionId);
    });
  }

  return {
    house,
    people,
    body,
    app,
    quiet: async (storyId) => {
      await body.quiet(storyId);
      await healing.quiet(storyId);
    },
    newsroom: {
      personOf: forPages(async (cookie) => (await people.sessionOf(cookie ?? ""))?.person ?? null),
      deskOf: forPages((person) => deskOf(house, aboveStories, person)),
      // A page's address holds anything; the API refuses what no text holds before it asks.
      storyOf: forPages(async (person, storyId) => (isId(storyId) ? readStory(person, storyId) : null)),
      claimsOf: forPages(async (person, storyId) =>
        isId(storyId) ? ((await readClaims(house, person, storyId)) ?? []) : [],
      ),
      publishedBySlug: forPages((slug) => publishedBySlug(house, slug)),
    },
    upgrade: (request, socket, head) => {
      const path = (request.url ?? "").split("?", 1)[0] ?? "";
      if (path !== "/events" && !path.startsWith("/collab/")) return false;
      const cut = () => socket.destroy();
      socket.on("error", cut);
      const requestId = requestIdOf(request.headers["x-request-id"], house.newId);
      const at = { request, socket, head, requestId, storyId: storyIdIn(request.url ?? "") };
      takeSocket(at, path).catch(async (error: unknown) => {
        log.error({ err: error, requestId, storyId: at.storyId }, "upgrade failed");
        const failed: Problem = { status: 500, code: "failed", sentence: "Something went wrong here." };
        const problem = (await notReady()) ?? failed;
        // It may have been let in and cut already.
        if (!socket.destroyed) refuseUpgrade(house, at, problem);
      });
      return true;
    },
    beginClosing: () => {
      isClosing = true;
    },
    close: async () => {
      isClosing = true;
      // Pages that heard what is stored at the end would ask for it in vain; they ask when they are back.
      live.close();
      await body.close();
      await looking.close();
      await healing.close();
      crossing.close();
      await house.exchange.close();
      rightsChanges.close();
      people.close();
    },
  };
}

/** Where all come back at once, those who are here go on meanwhile. */
const mostAtTheDoor = 3;
const sizesEveryMs = 15_000;
const sizesWithinMs = 1_000;

/**
 * What is counted whenever somebody looks. The logs' sizes are the store's to count: asked at most every 15 s, and as
 * they were last known while it does not answer.
 */
function watchNewsroom(
  { metrics, exchange, db, log }: House,
  { body, pagesOpen }: { readonly body: Body; readonly pagesOpen: () => number },
): void {
  let sizes = { updates: NaN, updateBytes: NaN, snapshotBytes: NaN };
  let askedAtMs = -Infinity;
  let asking: Promise<void> | undefined;
  const sizesNow = async () => {
    if (!asking && performance.now() - askedAtMs > sizesEveryMs) {
      askedAtMs = performance.now();
      asking = logSizes(db)
        .then((now) => {
          sizes = now;
        })
        .catch((error: unknown) => log.warn({ err: error }, "the logs' sizes were not counted"))
        .finally(() => (asking = undefined));
    }
    if (asking) await within(sizesWithinMs, asking);
    return sizes;
  };
  const { watch } = metrics;
  watch("linecheck_rooms", "Stories open in this process", () => body.counts().rooms);
  watch("linecheck_connections", "Open connections to stories", () => body.counts().connections);
  watch("linecheck_room_bytes", "Committed texts held in memory", () => body.counts().bytes);
  watch("linecheck_pages", "Open pages on the live channel", pagesOpen);
  watch("linecheck_log_updates", "Updates in all logs", async () => (await sizesNow()).updates);
  watch("linecheck_log_bytes", "Bytes of these updates", async () => (await sizesNow()).updateBytes);
  watch("linecheck_snapshot_bytes", "Bytes of all snapshots", async () => (await sizesNow()).snapshotBytes);
  watch("linecheck_hears_others", "1: alone, or the other processes are heard; 0: Redis is away", () =>
    exchange.isWhole() ? 1 : 0,
  );
}

const isId = (given: string) => Id.safeParse(given).success;

/** A failure is told to Next, which prints what it is given, without the query's parameters. */
function forPages<Given extends unknown[], Answer>(
  ask: (...given: Given) => Promise<Answer>,
): (...given: Given) => Promise<Answer> {
  return (...given) =>
    ask(...given).catch((error: unknown) => {
      throw withoutValues(error);
    });
}
