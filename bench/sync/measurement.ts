/** What a measurement is asked and what it finds. */
import { nameOf, type Kind, type Server } from "./servers";
import { ratios } from "./statistics";

export type Asked = {
  readonly repeats: number;
  /** A tenth of the time: for a look while working, not for a figure to keep. */
  readonly quick: boolean;
  /** Says on the way what was measured. */
  readonly say: (line: string) => void;
};

export type Unit = "x" | "ms" | "edits";

/** One line of the table. */
export type Finding = {
  readonly what: string;
  readonly unit: Unit;
  /** Of each round; for a ratio, ours over the peer of the same round. */
  readonly values: readonly number[];
  readonly target: { readonly atMost: number } | { readonly atLeast: number } | undefined;
};

/** The figures behind the findings, by server. */
export type Figures = Partial<Record<Kind, Readonly<Record<string, readonly number[]>>>>;

export type Measured = { readonly findings: readonly Finding[]; readonly figures: Figures };

export type Measurement = (asked: Asked) => Promise<Measured>;

/** The servers one after the other, each round in another order, so that what disturbs the machine meets each alike. */
export async function interleaved<Found>(
  servers: readonly Server[],
  rounds: number,
  measure: (server: Server, round: number) => Promise<Found>,
): Promise<Map<Kind, Found[]>> {
  const found = new Map<Kind, Found[]>(servers.map(({ kind }) => [kind, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const n of servers.keys()) {
      const server = servers[(n + round) % servers.length];
      if (server) found.get(server.kind)?.push(await measure(server, round));
    }
  }
  return found;
}

export function column<Found>(
  found: ReadonlyMap<Kind, readonly Found[]>,
  kind: Kind,
  read: (one: Found) => number,
): number[] {
  return (found.get(kind) ?? []).map(read);
}

type Beside = {
  readonly what: string;
  /** What was measured of this server, round by round. */
  readonly of: (kind: Kind) => readonly number[];
};

/** The one over the other. */
export const over = (
  { what, of }: Beside,
  [one, other]: readonly [Kind, Kind],
  target?: Finding["target"],
): Finding => ({
  what: `${what}, ${nameOf[one]} over ${nameOf[other]}`,
  unit: "x",
  values: ratios(of(one), of(other)),
  target,
});

/** Ours over each peer with its target, ours over the limit of storing first, and that limit over each peer. */
export const besidePeers = (
  beside: Beside,
  targets: readonly (readonly [Kind, number])[],
): readonly Finding[] => [
  ...targets.map(([kind, atMost]) => over(beside, ["ours", kind], { atMost })),
  over(beside, ["ours", "storing-limit"]),
  ...targets.map(([kind]) => over(beside, ["storing-limit", kind])),
];
