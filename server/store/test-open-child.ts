/** A process of its own that opens the store of a folder, says so, and closes it on SIGTERM: `FOLDER`. */
import { pino } from "pino";
import { isRefused } from "@/domain/refusal";
import { openStore } from "./open-store";

const [, , dataFolder = ""] = process.argv;
const store = await openStore(
  { dataFolder, databaseUrl: undefined, secret: undefined, demo: undefined, onLoopback: true },
  pino({ level: "silent" }),
);
if (isRefused(store)) {
  process.stdout.write(`${store.sentence}\n`);
  process.exit(1);
}
process.stdout.write(`open ${store.epoch}\n`);
process.once("SIGTERM", () => void store.close().then(() => process.exit(0)));
