/** The commands of the operator's tool, by their names. It works beside a running server. */
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { Invitation, roles } from "@/domain/people/person";
import { peopleRefusals } from "@/domain/people/people-refusals";
import { isRefused } from "@/domain/refusal";
import type { Config } from "./config";
import { openBus } from "./events/bus";
import { openAlone } from "./events/exchange";
import { openMetrics } from "./metrics";
import type { House } from "./house";
import { openLog } from "./log";
import { newRandomId } from "./new-id";
import { verifyEdits } from "./body/verify-edits";
import { addInvited } from "./people/invite-person";
import { listPeople } from "./people/people-store";
import { recordAct } from "./record/record-act";
import { verifyRecord } from "./record/verify-record";
import { streamBackup, writeBackup } from "./store/backup";
import { openStore } from "./store/open-store";
import { fileErrorOf } from "./store/refuse-store";
import { checkBackup, loadBackup, type Checked } from "./store/restore";

/** What a command is given: `say` is for programs (standard output), `complain` the one clear line on failure. */
export type Operator = {
  readonly config: Config;
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
};

type Opening = {
  /** May it make a store where there is none yet? */
  readonly makesStore?: boolean;
  /** Only while no server runs on the store. */
  readonly alone?: boolean;
};
/** `run` and `runWithHouse` give the exit code. */
type Command = { readonly parameters: readonly string[]; readonly help: string } & (
  | { readonly run: (operator: Operator, given: readonly string[]) => Promise<number> }
  | (Opening & {
      readonly runWithHouse: (house: House, operator: Operator, given: readonly string[]) => Promise<number>;
    })
);

const commands: Readonly<Record<string, Command>> = {
  "people list": {
    parameters: [],
    help: "Lists everyone, a line each: id, role, state (active, inactive, invited), address, name; tabs between.",
    runWithHouse: async (house, { say }) => {
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
    runWithHouse: async (house, { say, complain }, [name, email, role]) => {
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
    help: `Checks the record's chain from the first row on, and the texts' logs against the edits in it, as far as they are not
merged; exit code 1 and a line for each row that was altered, is missing or was moved.`,
    runWithHouse: async (house, { say, complain }) => {
      const { rows, head, faults: inChain } = await verifyRecord(house.db);
      const faults = [...inChain.map((fault) => fault.sentence), ...(await verifyEdits(house.db))];
      for (const sentence of faults) say(sentence);
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
  backup: {
    parameters: ["FILE"],
    help: `Writes everything (people, stories with their history, claims, the record, uploaded files) into one file, while
the server runs. Not in it: sessions, open links, the secret that signs sessions. Password hashes are in it: keep the
file as safe as the newsroom's data; only its owner can read it. A file that is there already is replaced at the end.
With - as FILE it goes to standard output.`,
    runWithHouse: async (house, { config, say, complain }, [file = ""]) => {
      const source = { db: house.db, dataFolder: config.dataFolder, at: house.now() };
      if (file === "-") {
        await streamBackup(source, process.stdout);
        return 0;
      }
      try {
        const held = await writeBackup(source, resolve(file));
        say(`Backed up ${counted(held.rows, "row")} and ${counted(held.files, "file")} to ${file}.`);
        return 0;
      } catch (error) {
        const code = fileErrorOf(error);
        if (code === undefined || !isAboutFile(error)) throw error;
        complain(`${file} could not be written (${code}): there is no backup.`);
        return 1;
      }
    },
  },
  restore: {
    parameters: ["FILE"],
    help: `Loads a backup into an empty newsroom (a new LINECHECK_DATA or DATABASE_URL) while no server runs on it. The file is
checked to its end first; a damaged one changes nothing. One of an older Linecheck is brought to this version, one of a
newer is refused. Everybody signs in again; who still has unsent words of before is told so, and nothing is merged by
itself. With - as FILE it is read from standard input (and kept in a temporary file meanwhile).`,
    run: (operator, [file = ""]) =>
      file === "-"
        ? withStandardInput((path) => restore(operator, path, "standard input"))
        : restore(operator, resolve(file), file),
  },
};

async function restore(operator: Operator, path: string, called: string): Promise<number> {
  const backup = await checkBackup(path);
  if (isRefused(backup)) {
    operator.complain(backup.sentence);
    return 1;
  }
  const opening = { makesStore: true, alone: true };
  return withHouse(operator, opening, (house) => restoreInto(house, operator, backup, called));
}

async function restoreInto(
  house: House,
  { config, say, complain }: Operator,
  backup: Checked,
  called: string,
): Promise<number> {
  const place = { db: house.db, dataFolder: config.dataFolder };
  const restored = await loadBackup(place, backup, async (tx, { at, epoch }) => {
    const detail = { takenAt: at, epoch };
    await recordAct(tx, { act: "backup-restored", personId: null, detail }, house.now());
  });
  if (isRefused(restored)) {
    complain(restored.sentence);
    return 1;
  }
  say(`Restored ${counted(restored.rows, "row")} and ${counted(restored.files, "file")} from ${called}.`);
  return 0;
}

async function withStandardInput<T>(work: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "linecheck-restore-"));
  try {
    const path = join(folder, "backup");
    await pipeline(process.stdin, createWriteStream(path, { mode: 0o600 }));
    return await work(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A failure of the system at a path, not of the store. */
const isAboutFile = (error: unknown) => error instanceof Error && "syscall" in error && "errno" in error;

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
  const isNamed = (count: number) => Object.hasOwn(commands, words.slice(0, count).join(" "));
  const ofName = isNamed(2) ? 2 : 1;
  const name = words.slice(0, ofName).join(" ");
  const given = words.slice(ofName);
  const command = isNamed(ofName) ? commands[name] : undefined;
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
  if ("run" in command) return command.run(operator, given);
  return withHouse(operator, command, (house) => command.runWithHouse(house, operator, given));
}

async function withHouse(
  { config, complain }: Operator,
  { makesStore = false, alone = false }: Opening,
  work: (house: House) => Promise<number>,
): Promise<number> {
  const log = openLog("silent");
  // Alone also where several processes may share the newsroom.
  const settings = alone ? { ...config, redisUrl: undefined } : config;
  const store = await openStore(settings, log, { beside: !alone, mustExist: !makesStore });
  if (isRefused(store)) {
    const isServed = alone && store.refused === "other-process";
    complain(isServed ? "A server runs on this newsroom: stop it first." : store.sentence);
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
      newId: newRandomId,
      epoch: store.epoch,
      url: config.url,
    });
  } finally {
    await store.close();
  }
}
