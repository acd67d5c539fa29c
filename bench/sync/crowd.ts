/** Many clients that come at once, in a process of their own: playing them is not to delay those who measure. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Seat } from "./servers";

export type Coming = "at-once" | "spread";
/** A page of ours has the story and the live channel open, the stock provider the story alone. */
export type Comer = "page" | "stock";

export type Crowd = {
  /** All at this moment, or spread as our pages are that come back; resolves when each has been let in and has the text. */
  readonly come: (seats: readonly Seat[], how: Coming, as?: Comer) => Promise<void>;
  readonly leave: () => void;
  readonly end: () => void;
};

export type Asked = { readonly come: readonly Seat[]; readonly how: Coming; readonly as: Comer } | "leave";
export type Answered = { readonly failed: string | undefined };

export function openCrowd(): Crowd {
  // Other people's machines: playing them takes no processor from who is measured (nor do their threads).
  const child = fork(join(import.meta.dirname, "crowd-process.ts"), {
    execPath: "chrt",
    execArgv: ["--idle", "0", process.execPath, ...process.execArgv],
  });
  const ask = (asked: Asked) => child.send(asked);
  return {
    come: async (seats, how, as = "page") => {
      ask({ come: seats, how, as });
      const [{ failed }] = (await once(child, "message")) as [Answered];
      if (failed !== undefined) throw new Error(failed);
    },
    leave: () => ask("leave"),
    end: () => child.kill(),
  };
}
