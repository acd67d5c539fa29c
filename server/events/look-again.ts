/**
 * [PE4][RE3] What other processes could not tell is looked up in the store: when something was missed, every second
 * while not all of them are heard (this one does not reach Redis, or says the store that another does not), and rights
 * every few seconds in any case, since a process may be cut off or killed between storing a change and telling it. Rooms
 * look after their texts themselves.
 */
import type { House } from "../house";

/** Of whom or what rights may have changed. */
export type RightsChange = { readonly personId?: string; readonly storyId?: string };

type Asks = {
  /** Grows with every act in the newsroom. */
  readonly lastAct: () => Promise<number>;
  /** The changes of rights among the acts after this one. */
  readonly rightsChangedAfter: (act: number) => Promise<readonly RightsChange[]>;
  /** The sessions of the sockets open here. */
  readonly openSessions: () => readonly string[];
  /** Which of these sessions are over. */
  readonly endedSessions: (sessionIds: readonly string[]) => Promise<readonly string[]>;
  /** Leaves word in the store that this process cannot tell what it does. */
  readonly sayCutOff: () => Promise<void>;
  readonly isSomeoneCutOff: () => Promise<boolean>;
};

const lookWhenDeafMs = 1_000;
const lookWhenWholeMs = 5_000;

export function lookAgain(
  { bus, exchange, log }: Pick<House, "bus" | "exchange" | "log">,
  asks: Asks,
): { readonly close: () => Promise<void> } {
  if (exchange.isAlone) return { close: () => Promise.resolve() };
  const foreign = { isForeign: true };
  let knownAct: number | undefined;
  /** May something be done now that is not told here? */
  let isDeaf = false;
  let running: Promise<void> | undefined;
  let isWanted = false;
  let lookedAtMs = -Infinity;

  async function look(): Promise<void> {
    const missedSomething = isWanted;
    isWanted = false;
    const wasDeaf = isDeaf;
    if (!exchange.isWhole()) await asks.sayCutOff();
    isDeaf = await asks.isSomeoneCutOff();
    const sessions = asks.openSessions();
    const ended = sessions.length > 0 ? await asks.endedSessions(sessions) : [];
    for (const sessionId of ended) bus.emit({ type: "session-ended", sessionId }, foreign);
    const act = await asks.lastAct();
    const isNew = act !== knownAct;
    if (missedSomething || (isDeaf && (isNew || !wasDeaf))) bus.emit({ type: "rights-changed" }, foreign);
    else if (isNew && knownAct !== undefined) {
      for (const change of await asks.rightsChangedAfter(knownAct)) {
        bus.emit({ type: "rights-changed", ...change }, foreign);
      }
    }
    knownAct = act;
  }

  function run(): void {
    lookedAtMs = performance.now();
    running ??= look()
      .catch((error: unknown) => {
        isWanted = true;
        log.warn({ err: error }, "the store was not asked for what was missed");
      })
      .finally(() => (running = undefined));
  }

  const off = exchange.whenMissed(() => {
    isWanted = true;
    run();
  });
  const timer = setInterval(() => {
    const isDue = performance.now() - lookedAtMs >= lookWhenWholeMs;
    if (isWanted || isDue || isDeaf || !exchange.isWhole()) run();
  }, lookWhenDeafMs);
  timer.unref();
  run();

  return {
    close: async () => {
      off();
      clearInterval(timer);
      await running;
    },
  };
}
