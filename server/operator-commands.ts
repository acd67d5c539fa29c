/** The commands of the operator's tool, by their names. It works beside a running server. */
import { randomBytes } from "node:crypto";
import { Invitation, roles } from "@/domain/people/person";
import { peopleRefusals } from "@/domain/people/people-refusals";
import { isRefused } from "@/domain/refusal";
import type { Config } from "./config";
import { openBus } from "./events/bus";
import { openAlone } from "./events/exchange";
import { openMetrics } from "./metrics";
import type { House } from "./house";
import { openLog } from "./log";
import { addInvited } from "./people/invite-person";
import { listPeople } from "./people/people-store";
import { verifyRecord } from "./record/verify-record";
import { openStore } from "./store/open-store";

/** What a command is given: `say` is for programs (standard output), `complain` the one clear line on failure. */
export type Operator = {
  readonly config: Config;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
};

type Command = {
  readonly parameters: readonly string[];
  readonly help: string;
  /** May it make a store where there is none yet? */
  readonly makesStore?: boolean;
  /** Gives the exit code. */
  readonly run: (house: House, operator: Operator, given: readonly string[]) => Promise<number>;
};

const commands: Readonly<Record<string, Command>> = {
  "people list": {
    parameters: [],
    help: "Lists everyone, a line each: id, role, state (active, inactive, invited), address, name; tabs between.",
    run: async (house, { say }) => {
      for (const { id, role, active, invited, email, name } of await listPeople(house.db)) {
        const state = active ? (invited ? "invited" : "active") : "inactive";
        say([id, role, state, email, name].join("\t"));
      }
      return 0;
    },
  },
  "people invite": {
    parameters: ["NAME", "EMAIL", "ROLE"],
    help: `Invites a person and prints the one-time link (72 hours) with which they choose a password.\nROLE is one of: ${roles.join(", ")}.`,
    makesStore: true,
    run: async (house, { say, complain }, [name, email, role]) => {
      const invitation = Invitation.safeParse({ name, email, role });
      if (!invitation.success) {
        const field = String(invitation.error.issues[0]?.path[0] ?? "").toUpperCase();
        complain(field === "ROLE" ? `ROLE must be one of ${roles.join(", ")}.` : `${field} is not right.`);
        return 2;
      }
      const invited = await addInvited(house, invitation.data);
      if (isRefused(invited)) {
        complain(peopleRefusals[invited.refused]);
        return 1;
      }
      say(invited.link);
      return 0;
    },
  },
  "audit verify": {
    parameters: [],
    help: "Checks the record's chain from the first row on; exit code 1 and a line for each row that was altered, is missing or was moved.",
    run: async (house, { say, complain }) => {
      const { rows, head, faults } = await verifyRecord(house.db);
      for (const fault of faults) say(fault.sentence);
      if (faults.length > 0) {
        complain(`The record is not whole: ${counted(faults.length, "fault")} in ${counted(rows, "row")}.`);
        return 1;
      }
      say(
        `The record is whole: ${counted(rows, "row")}, head ${head ? `${String(head.seq)} ${head.hash}` : "none"}.`,
      );
      return 0;
    },
  },
};

const counted = (n: number, what: string) => `${String(n)} ${what}${n === 1 ? "" : "s"}`;

const usage = (name: string, { parameters }: Command) =>
  ["npm run -s linecheck --", name, ...parameters].join(" ");
const overview = () =>
  [
    "The operator's tool. Each command explains itself with --help:",
    ...Object.entries(commands).map(([name, command]) => `  ${usage(name, command)}`),
  ].join("\n");

/** Runs the command that the arguments name; gives the exit code: 0 done, 1 refused or failed, 2 called wrongly. */
export async function runCommand(args: readonly string[], operator: Operator): Promise<number> {
  const wantsHelp = args.some((word) => word === "--help" || word === "-h");
  const words = args.filter((word) => word !== "--help" && word !== "-h");
  const name = words.slice(0, 2).join(" ");
  const given = words.slice(2);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    if (wantsHelp || words.length === 0) {
      operator.say(overview());
      return wantsHelp ? 0 : 2;
    }
    operator.complain(`There is no command "${words.join(" ")}": see npm run -s linecheck -- --help`);
    return 2;
  }
  if (wantsHelp) {
    operator.say(`${usage(name, command)}\n${command.help}`);
    return 0;
  }
  if (given.length !== command.parameters.length) {
    operator.complain(`Called wrongly, it is: ${usage(name, command)}`);
    return 2;
  }
  return withHouse(operator, command, (house) => command.run(house, operator, given));
}

async function withHouse(
  { config, complain }: Operator,
  { makesStore = false }: Command,
  work: (house: House) => Promise<number>,
): Promise<number> {
  const log = openLog("silent");
  const store = await openStore(config, log, { beside: true, mustExist: !makesStore });
  if (isRefused(store)) {
    complain(store.sentence);
    return 1;
  }
  try {
    return await work({
      db: store.db,
      bus: openBus(() => undefined),
      metrics: openMetrics(),
      exchange: openAlone("operator"),
      log,
      now: () => new Date(),
      newId: () => randomBytes(12).toString("base64url"),
      epoch: store.epoch,
      url: config.url,
    });
  } finally {
    await store.close();
  }
}
