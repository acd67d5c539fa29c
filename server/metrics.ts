/**
 * What an operator watches, in Prometheus' form (`GET /metrics`): numbers alone, nothing of any story or person. What
 * each means to them stands in docs/OPERATING.md.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = {
  /** A sync update came in. */
  readonly updateReceived: () => void;
  /** [BO2] It was counted as saved, so long after it came. */
  readonly acknowledged: (seconds: number) => void;
  /**
   * A stored change was written to its readers: so long after it was stored, and after the first of its updates came
   * in, where that was here.
   */
  readonly toldOn: (seconds: { readonly sinceStored: number; readonly sinceReceived?: number }) => void;
  /** [BO4] An update was not taken; `reason` is one of the guard's words, `no-message` or `may-not-write`. */
  readonly refused: (reason: string) => void;
  /** One commit: the texts of so many stories, so many updates in their logs. */
  readonly stored: (seconds: number, of: { readonly stories: number; readonly updates: number }) => void;
  /** A connection was not made a socket; `reason` is the word of the refusal. */
  readonly turnedAway: (reason: string) => void;
  /** A socket was over; any code but those of the contract and the protocol counts as `other`. */
  readonly ended: (socket: SocketKind, code: number) => void;
  /** A connection was cut without a word: its reader was too slow, or did not answer. */
  readonly dropped: (socket: SocketKind, why: "slow-reader" | "no-answer") => void;
  /** A request was answered; `route` is the pattern of its address. */
  readonly answered: (request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }) => void;
  /** A number that is asked for whenever somebody looks. */
  readonly watch: (name: string, help: string, read: () => number | Promise<number>) => void;
  readonly contentType: string;
  readonly text: () => Promise<string>;
};

/** `/collab/:storyId` and `/events`. */
export type SocketKind = "collab" | "events";

const knownCodes = new Set([
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1013, 4401, 4403, 4404, 4409, 4422,
]);
const knownMethods = new Set(["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]);
const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const quick = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 5];

/** `ofProcess`: with the figures of Node itself (processor time, memory, event loop), once a process. */
export function openMetrics({ ofProcess = false }: { readonly ofProcess?: boolean } = {}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const updates = new Counter({
    name: "linecheck_updates_total",
    help: "Sync updates that came in",
    registers,
  });
  const acknowledgement = new Histogram({
    name: "linecheck_acknowledgement_seconds",
    help: "From an update's coming in to its being counted as saved",
    buckets: quick,
    registers,
  });
  const fanOut = new Histogram({
    name: "linecheck_fan_out_seconds",
    help: "From an update's coming in to its being written to the story's readers",
    buckets: quick,
    registers,
  });
  const telling = new Histogram({
    name: "linecheck_telling_seconds",
    help: "The last part of it: from being stored, here or by another process, to being written to the readers",
    buckets: quick,
    registers,
  });
  const refusals = new Counter({
    name: "linecheck_refusals_total",
    help: "Updates that were not taken",
    labelNames: ["reason"],
    registers,
  });
  const store = new Histogram({
    name: "linecheck_store_seconds",
    help: "One commit of texts",
    buckets: quick,
    registers,
  });
  const commitStories = new Histogram({
    name: "linecheck_commit_stories",
    help: "Stories in one commit of texts",
    buckets: batchSizes,
    registers,
  });
  const commitUpdates = new Histogram({
    name: "linecheck_commit_updates",
    help: "Updates that one commit of texts adds to the logs",
    buckets: batchSizes,
    registers,
  });
  const refusedUpgrades = new Counter({
    name: "linecheck_upgrade_refusals_total",
    help: "Connections that were refused before they became a socket",
    labelNames: ["reason"],
    registers,
  });
  const ends = new Counter({
    name: "linecheck_socket_closes_total",
    help: "Sockets that ended, by the close code that ended them",
    labelNames: ["socket", "code"],
    registers,
  });
  const drops = new Counter({
    name: "linecheck_dropped_total",
    help: "Sockets cut because their reader was too slow or did not answer",
    labelNames: ["socket", "reason"],
    registers,
  });
  const requests = new Histogram({
    name: "linecheck_http_request_seconds",
    help: "Requests answered, by route",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.02, 0.08, 0.32, 1.28, 5],
    registers,
  });
  return {
    updateReceived: () => updates.inc(),
    acknowledged: (seconds) => acknowledgement.observe(seconds),
    toldOn: ({ sinceStored, sinceReceived }) => {
      telling.observe(sinceStored);
      if (sinceReceived !== undefined) fanOut.observe(sinceReceived);
    },
    refused: (reason) => refusals.inc({ reason }),
    stored: (seconds, of) => {
      store.observe(seconds);
      commitStories.observe(of.stories);
      commitUpdates.observe(of.updates);
    },
    turnedAway: (reason) => refusedUpgrades.inc({ reason }),
    ended: (socket, code) => ends.inc({ socket, code: knownCodes.has(code) ? String(code) : "other" }),
    dropped: (socket, reason) => drops.inc({ socket, reason }),
    answered: ({ method, route, status, seconds }) =>
      requests.observe(
        { method: knownMethods.has(method) ? method : "other", route, status: String(status) },
        seconds,
      ),
    watch: (name, help, read) => {
      const gauge = new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          this.set(await read());
        },
      });
      registry.registerMetric(gauge);
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
