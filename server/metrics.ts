/** What an operator watches, in Prometheus' form (`GET /metrics`): numbers alone, nothing of any story or person. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export type Metrics = {
  /** A sync update came in. */
  readonly updateReceived: () => void;
  /** [BO2] It was counted as saved, so long after it came. */
  readonly acknowledged: (seconds: number) => void;
  /** A stored change was written to its readers, so long after it was stored. */
  readonly toldOn: (seconds: number) => void;
  /** [BO4] An update was refused by the guard; `reason` is one of its words. */
  readonly refused: (reason: string) => void;
  /** One commit of the texts of so many stories. */
  readonly stored: (seconds: number, stories: number) => void;
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
    help: "From an update's being stored to its being written to the story's readers",
    buckets: quick,
    registers,
  });
  const refusals = new Counter({
    name: "linecheck_refusals_total",
    help: "Updates that the guard refused",
    labelNames: ["reason"],
    registers,
  });
  const store = new Histogram({
    name: "linecheck_store_seconds",
    help: "One commit of texts",
    buckets: quick,
    registers,
  });
  const stories = new Counter({
    name: "linecheck_stored_stories_total",
    help: "Stories in all commits of texts: by linecheck_store_seconds_count, how many one commit takes together",
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
    toldOn: (seconds) => fanOut.observe(seconds),
    refused: (reason) => refusals.inc({ reason }),
    stored: (seconds, count) => {
      store.observe(seconds);
      stories.inc(count);
    },
    answered: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
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
