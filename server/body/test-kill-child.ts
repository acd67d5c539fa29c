/** A process of its own that serves one store's stories over the socket until it is killed: `DATABASE_URL PORT`. */
import { pino } from "pino";
import { isRefused } from "@/domain/refusal";
import { openBus } from "../events/bus";
import { openAlone } from "../events/exchange";
import { openMetrics } from "../metrics";
import { openStore } from "../store/open-store";
import { openTestServer } from "./test-clients";

const [, , databaseUrl = "", port = "0"] = process.argv;
const log = pino({ level: "error" }, pino.destination({ fd: 2, sync: true }));
const store = await openStore(
  { dataFolder: "", databaseUrl, secret: "x".repeat(32), demo: undefined, onLoopback: true },
  log,
);
if (isRefused(store)) {
  process.stdout.write(`${store.sentence}\n`);
  process.exit(1);
}
let n = 0;
const house = {
  db: store.db,
  bus: openBus((error) => log.error({ err: error }, "listener failed")),
  metrics: openMetrics(),
  exchange: openAlone(String(process.pid)),
  log,
  now: () => new Date(),
  newId: () => `killed-${String(process.pid)}-${String((n += 1))}`,
  epoch: store.epoch,
  url: "http://127.0.0.1:3000",
};
await openTestServer({ house }, {}, Number(port));
process.stdout.write("open\n");
