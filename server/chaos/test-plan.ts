/** What happens in a chaos round and when: made of its seed alone. */
import { seededChance, type Chance } from "@/domain/body/test-editing-peers";
import { memberKeys, type MemberKey } from "./test-people";

/** How an editor's binding changes a text. */
export const edits = ["type", "delete", "bold", "italic", "split", "list", "move", "insert"] as const;
export type EditName = (typeof edits)[number];

/** For a while; `words` are written on meanwhile. `inCalm`: begins once nothing is disturbed, so that lateness tells. */
type RightTaken = { readonly words: number; readonly forMs: number; readonly inCalm: boolean } & (
  | { readonly kind: "lower-role"; readonly who: MemberKey }
  | { readonly kind: "deactivate"; readonly who: MemberKey }
  | { readonly kind: "sign-out"; readonly who: MemberKey }
  | { readonly kind: "hide-story"; readonly story: number }
);

/** A place in the text or a choice is drawn from the act's own seed when it is done. */
type Doing =
  /** A word of its own that nobody takes away. */
  | { readonly kind: "word"; readonly peer: number; readonly seed: number }
  | { readonly kind: "edit"; readonly peer: number; readonly edit: EditName; readonly seed: number }
  | { readonly kind: "undo"; readonly peer: number }
  | { readonly kind: "offline"; readonly peer: number; readonly forMs: number }
  /** The page is loaded anew: what is unsaved is given up. */
  | { readonly kind: "reload"; readonly peer: number }
  | { readonly kind: "mark-claim"; readonly who: MemberKey; readonly story: number; readonly seed: number }
  | { readonly kind: "judge"; readonly who: MemberKey; readonly story: number; readonly seed: number }
  | { readonly kind: "waive"; readonly who: MemberKey; readonly story: number; readonly seed: number }
  /** To checking, all its claims checked, approved. */
  | { readonly kind: "approve"; readonly who: MemberKey; readonly by: MemberKey; readonly story: number }
  | { readonly kind: "publish"; readonly who: MemberKey; readonly by: MemberKey; readonly story: number }
  | {
      readonly kind: "move";
      readonly who: MemberKey;
      readonly story: number;
      readonly to: "checking" | "draft" | "spiked";
    }
  | RightTaken
  | {
      readonly kind: "kill" | "stop" | "freeze";
      readonly part: string;
      readonly forMs: number;
    }
  | {
      readonly kind: "cut" | "stall" | "slow";
      readonly server: number;
      readonly line: "people" | "toPostgres" | "toRedis";
      readonly forMs: number;
    };
export type Act = Doing & { readonly atMs: number; readonly server: number };

export type Plan = {
  readonly seed: number;
  readonly servers: number;
  readonly stories: number;
  /** Who has which story open: their tabs. */
  readonly peers: readonly { readonly who: MemberKey; readonly story: number }[];
  readonly acts: readonly Act[];
};

export type Size = "short" | "long";

/** Parts are disturbed at the beginning of each stretch and then left alone, so that it can be told what is late. */
const stretchMs = 14_000;
const disturbedMs = 4_200;
const calmFromMs = 7_500;

const writers = memberKeys.filter((key) => !key.startsWith("checker"));
const checkers = memberKeys.filter((key) => key.startsWith("checker"));
const editors = memberKeys.filter((key) => key.startsWith("editor"));

export function makePlan(seed: number, size: Size): Plan {
  const chance = seededChance(seed);
  const isLong = size === "long";
  const servers = isLong ? 2 + chance.number(2) : 2;
  const stories = isLong ? 3 + chance.number(3) : 3;
  const stretches = isLong ? 2 + chance.number(2) : 1;
  const lastsMs = stretches * stretchMs;
  const peers = Array.from({ length: stories }, (_, story) => story).flatMap((story) =>
    memberKeys.filter(() => chance.happens(0.75)).map((who) => ({ who, story })),
  );
  const doings = [
    ...writing(chance, lastsMs, peers.length),
    ...deskWork(chance, lastsMs, stories),
    ...rightsTaken(chance, stretches, stories),
    ...disturbances(chance, stretches, servers),
  ];
  const acts = doings
    .map((doing): Act => ({ server: chance.number(servers), ...doing }))
    .toSorted((a, b) => a.atMs - b.atMs);
  return { seed, servers, stories, peers, acts };
}

type Timed = Doing & { readonly atMs: number; readonly server?: number };

const between = (chance: Chance, from: number, to: number) => from + chance.number(to - from);
const seedOf = (chance: Chance) => chance.number(2 ** 31);

/** About forty keys a second. */
function writing(chance: Chance, lastsMs: number, peers: number): Timed[] {
  const acts: Timed[] = [];
  for (let atMs = 0; atMs < lastsMs; atMs += between(chance, 5, 45)) {
    const peer = chance.number(peers);
    const seed = seedOf(chance);
    const dice = chance.number(100);
    if (dice < 62) acts.push({ kind: "word", peer, seed, atMs });
    else if (dice < 92) acts.push({ kind: "edit", peer, edit: chance.pick(edits), seed, atMs });
    else if (dice < 96) acts.push({ kind: "undo", peer, atMs });
    else if (dice < 99) acts.push({ kind: "offline", peer, forMs: between(chance, 200, 3_000), atMs });
    else acts.push({ kind: "reload", peer, atMs });
  }
  return acts;
}

function deskWork(chance: Chance, lastsMs: number, stories: number): Timed[] {
  const acts: Timed[] = [];
  for (let atMs = 300; atMs < lastsMs; atMs += between(chance, 150, 600)) {
    const story = chance.number(stories);
    const seed = seedOf(chance);
    const dice = chance.number(100);
    if (dice < 40) acts.push({ kind: "mark-claim", who: chance.pick(memberKeys), story, seed, atMs });
    else if (dice < 70) acts.push({ kind: "judge", who: chance.pick(checkers), story, seed, atMs });
    else if (dice < 78) acts.push({ kind: "waive", who: chance.pick(editors), story, seed, atMs });
    else if (dice < 92) {
      acts.push({ kind: "approve", who: chance.pick(checkers), by: chance.pick(editors), story, atMs });
    } else {
      const to = chance.pick(["checking", "draft", "spiked"] as const);
      acts.push({ kind: "move", who: chance.pick(editors), story, to, atMs });
    }
  }
  if (chance.happens(0.5)) {
    const people = { who: chance.pick(checkers), by: chance.pick(editors) };
    acts.push({ kind: "publish", ...people, story: stories - 1, atMs: Math.floor(lastsMs * 0.7) });
  }
  return acts;
}

/**
 * Twice in each stretch: while the parts are disturbed, and while they are not. A person or a story has at most one right
 * taken at a time.
 */
function rightsTaken(chance: Chance, stretches: number, stories: number): Timed[] {
  return Array.from({ length: stretches }, (_, stretch) => stretch * stretchMs).flatMap((fromMs): Timed[] => {
    const [lowered = "reporter1", signedOut = "reporter2", loweredLater = "editor2"] = shuffled(
      chance,
      writers,
    );
    const others = shuffled(
      chance,
      memberKeys.filter((key) => ![lowered, signedOut, loweredLater].includes(key)),
    );
    const [deactivated = "checker1", deactivatedLater = "checker2"] = others;
    const [story = 0, storyLater = story] = shuffled(
      chance,
      Array.from({ length: stories }, (_, n) => n),
    );
    const taken = (inCalm: boolean, offsetMs: number) => ({
      inCalm,
      words: between(chance, 1, 5),
      forMs: inCalm ? between(chance, 3_300, 3_800) : between(chance, 1_500, 3_000),
      atMs: fromMs + offsetMs + chance.number(600),
    });
    return [
      { kind: "hide-story", story, ...taken(false, 600) },
      { kind: "lower-role", who: lowered, ...taken(false, 1_200) },
      { kind: "deactivate", who: deactivated, ...taken(false, 1_800) },
      { kind: "sign-out", who: signedOut, ...taken(false, 2_400) },
      { kind: "hide-story", story: storyLater, ...taken(true, calmFromMs) },
      { kind: "lower-role", who: loweredLater, ...taken(true, calmFromMs) },
      { kind: "deactivate", who: deactivatedLater, ...taken(true, calmFromMs) },
    ];
  });
}

/** One every so often in the first part of each stretch; the next on the same part once it is over. */
function disturbances(chance: Chance, stretches: number, servers: number): Timed[] {
  const acts: Timed[] = [];
  const busyUntilMs = new Map<string, number>();
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const fromMs = stretch * stretchMs;
    for (let atMs = fromMs + 900; atMs < fromMs + disturbedMs; atMs += between(chance, 150, 650)) {
      const server = chance.number(servers);
      const forMs = between(chance, 200, 1_800);
      const line = chance.pick(["people", "people", "toPostgres", "toRedis"] as const);
      const part = chance.pick([`server${String(server)}`, `server${String(server)}`, "postgres", "redis"]);
      const doing = chance.happens(0.5)
        ? { kind: chance.pick(["kill", "kill", "stop", "freeze"] as const), part, forMs }
        : { kind: chance.pick(["cut", "cut", "stall", "slow"] as const), server, line, forMs };
      const what = "part" in doing ? doing.part : `${doing.line} ${String(server)}`;
      if (atMs < (busyUntilMs.get(what) ?? 0)) continue;
      busyUntilMs.set(what, atMs + forMs + 500);
      acts.push({ ...doing, atMs });
    }
  }
  return acts;
}

function shuffled<Item>(chance: Chance, items: readonly Item[]): readonly Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(chance.number(left.length), 1));
}

/** Is it done to a part, and not by a person? */
export const isDisturbance = (kind: Act["kind"]) =>
  ["kill", "stop", "freeze", "cut", "stall", "slow"].includes(kind);

/** An act as a line of a report. */
export function actLine({ atMs, kind, server, ...rest }: Act): string {
  const what = Object.entries(rest).map(([name, value]) => `${name}=${String(value)}`);
  return [`${String(atMs)} ms`, kind, ...what, `via=${String(server)}`].join(" ");
}
