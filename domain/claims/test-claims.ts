/** Claims, stories and people for tests: built with defaults, naming only what matters. */
import type { Person, Role } from "../people/person";
import type { StoryFacts } from "../people/rights";
import type { Claim, ClaimWaiver, Evidence, Source, Verdict } from "./claim";

const at = "2026-03-02T09:00:00.000Z";

export const person = (role: Role, id: string = role): Person => ({
  id,
  name: `The ${role}`,
  email: `${id}@newsroom.test`,
  role,
});

export const story = (facts: Partial<StoryFacts> = {}): StoryFacts => ({
  status: "checking",
  private: false,
  startedBy: "starter",
  people: [],
  writers: ["writer"],
  ...facts,
});

export const verdict = (given: Partial<Verdict> = {}): Verdict => ({
  id: "verdict",
  verdict: "verified",
  rationale: null,
  replacement: null,
  words: "4,600 soldiers",
  by: { id: "checker", name: "The checker" },
  at,
  ...given,
});

/** Evidence that supports, from this source. */
export const evidence = (source: Partial<Source> = {}, given: Partial<Evidence> = {}): Evidence => ({
  id: `evidence-${source.name ?? source.type ?? "one"}`,
  source: { type: "media", name: "A newspaper", ...source },
  relation: "supports",
  excerpt: null,
  locator: null,
  by: { id: "checker", name: "The checker" },
  at,
  ...given,
});

export const waiver = (given: Partial<ClaimWaiver> = {}): ClaimWaiver => ({
  id: "waiver",
  rule: "unchecked",
  reason: "It is needed now.",
  by: { id: "editor", name: "The editor" },
  at,
  foldedWords: "4,600 soldiers",
  cause: "[]",
  ...given,
});

/** A normal claim on "4,600 soldiers" in the body, marked by a reporter, unchecked. */
export const claim = (given: Partial<Claim> = {}): Claim => ({
  id: "claim",
  storyId: "story",
  kind: "other",
  importance: "normal",
  origin: "reporter",
  note: null,
  quote: "4,600 soldiers",
  anchor: {
    field: "body",
    start: 0,
    end: 14,
    state: "anchored",
    words: "4,600 soldiers",
    relStart: null,
    relEnd: null,
  },
  authors: [{ id: "writer", name: "The writer" }],
  freshness: { state: given.verdict ? "current" : "unchecked" },
  contextChanged: false,
  verdict: null,
  verdicts: [],
  evidence: [],
  thread: [],
  waivers: [],
  assignee: null,
  progress: "open",
  markedBy: { id: "marker", name: "The marker" },
  markedAt: at,
  touchedByOthers: false,
  removed: null,
  ...given,
});

export const removed: Claim["removed"] = { by: { id: "editor", name: "The editor" }, at, reason: "Twice" };
