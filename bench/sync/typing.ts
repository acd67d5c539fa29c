/** People who type: keystrokes at a pace, and who saw them when. */
import type { LeanClient } from "./lean-client";
import type { Server, Story } from "./servers";
import { openHistogram, type Histogram } from "./statistics";
import { keystroke, readEnds, type ItemId } from "./update-bytes";

export type Typist = {
  readonly client: LeanClient;
  /** The Yjs client id it types under. */
  readonly id: number;
  /** When its nth letter was sent, and as which of its connection's sync updates. */
  readonly sentAtMs: number[];
  readonly numbers: number[];
  readonly type: (text?: string) => void;
};

let lastId = 1_000;
const letters = "the council said on monday that ";

/** Types at the end of one paragraph, one letter an update. */
export function openTypist(client: LeanClient, end: ItemId): Typist {
  const id = (lastId += 1);
  const sentAtMs: number[] = [];
  const numbers: number[] = [];
  let origin = end;
  return {
    client,
    id,
    sentAtMs,
    numbers,
    type: (text = letters[sentAtMs.length % letters.length] ?? " ") => {
      const at = { client: id, clock: sentAtMs.length };
      sentAtMs.push(performance.now());
      numbers.push(client.send(keystroke(at, origin, text)));
      origin = at;
    },
  };
}

export type Readers = {
  /** Letters that arrived, summed over the readers. */
  readonly delivered: () => number;
  readonly delays: Histogram;
  /** Has each of them seen every letter typed so far? */
  readonly haveAll: () => boolean;
  /** Delays and letters from now on. */
  readonly beginAnew: () => void;
};

/** Watches what arrives at these clients; a typist's own letters do not count for itself. */
export function watch(clients: readonly LeanClient[], typists: readonly Typist[]): Readers {
  const byId = new Map(typists.map((typist) => [typist.id, typist]));
  const seen = clients.map(() => new Map<number, number>());
  let delivered = 0;
  let delays = openHistogram();
  for (const [n, client] of clients.entries()) {
    const ends = seen[n];
    client.hear = (update) => {
      const now = performance.now();
      readEnds(update, (id, end) => {
        const typist = byId.get(id);
        if (!typist || typist.client === client || !ends) return;
        const from = ends.get(id) ?? 0;
        for (let clock = from; clock < end; clock += 1) delays.add(now - (typist.sentAtMs[clock] ?? now));
        delivered += Math.max(0, end - from);
        if (end > from) ends.set(id, end);
      });
    };
  }
  return {
    delivered: () => delivered,
    get delays() {
      return delays;
    },
    haveAll: () =>
      clients.every((client, n) =>
        typists.every(
          (typist) => typist.client === client || (seen[n]?.get(typist.id) ?? 0) >= typist.sentAtMs.length,
        ),
      ),
    beginAnew: () => {
      delivered = 0;
      delays = openHistogram();
    },
  };
}

/** Calls `act` for one after the other at this rate, evenly, however coarse the timer is. */
export async function atPace(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  act: (n: number) => void,
): Promise<void> {
  const startedMs = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let done = 0; done < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) * perSecond) / 1000));
    for (; done < due; done += 1) act(done);
    await pause(Math.max(1, startedMs + ((done + 1) * 1000) / perSecond - performance.now()));
  }
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function until(isSo: () => boolean, withinMs: number): Promise<boolean> {
  const endMs = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > endMs) return false;
    await pause(5);
  }
  return true;
}

/** Many clients, a few at a time. */
export async function connectMany(
  server: Server,
  documents: readonly string[],
  first = 0,
): Promise<LeanClient[]> {
  await server.expect(first + documents.length);
  const clients: LeanClient[] = [];
  const atOnce = 20;
  for (let from = 0; from < documents.length; from += atOnce) {
    const some = documents.slice(from, from + atOnce);
    clients.push(
      ...(await Promise.all(some.map((document, n) => server.connect(document, first + from + n)))),
    );
  }
  return clients;
}

/** Each types in a paragraph of its own. */
export function typistsIn(story: Story, clients: readonly LeanClient[]): Typist[] {
  return clients.map((client, n) => {
    const end = story.ends[n];
    if (!end) throw new Error("A typist has no paragraph.");
    return openTypist(client, end);
  });
}

export const paragraphsOf = (count: number, words = 40): string[] =>
  Array.from({ length: count }, (_, n) =>
    Array.from({ length: words }, (_, w) => `word${String((n * 31 + w * 7) % 997)}`).join(" "),
  );
