/** `npm run -s linecheck -- COMMAND`: the operator's tool. */
import { isRefused } from "@/domain/refusal";
import { readConfig } from "./config";
import { failureLine } from "./log";
import { runCommand } from "./operator-commands";

const config = readConfig();
if (isRefused(config)) {
  console.error(config.sentence);
  process.exitCode = 1;
} else {
  try {
    process.exitCode = await runCommand(process.argv.slice(2), {
      config,
      say: (line) => process.stdout.write(`${line}\n`),
      complain: (line) => console.error(line),
    });
  } catch (error) {
    console.error(`The command failed: ${failureLine(error)}`);
    process.exitCode = 1;
  }
}
