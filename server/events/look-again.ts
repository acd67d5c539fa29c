/**
 * [PE4][RE3] What other processes could not tell is looked up in the store: once when something was missed, and every
 * second while they are not heard at all. Rooms look after their texts themselves.
 */
import type { House } from "../house";

type Asks = {
  /** Grows with every act in the newsroom. */
  readonly lastAct: () => Promise<number>;
  /** The sessions of the sockets open here. */
  readonly openSessions: () => readonly string[];
  /** Which of these sessions are over. */
  readonly endedSessions: (sessionIds: readonly string[]) => Promise<readonly string[]>;
};

const lookEveryMs = 1_000;

export function lookAgain(
  { bus, exchange, log }: Pick<House, "bus" | "exchange" | "log">,
  asks: Asks,
): { readonly close: () => Promise<void> } {
  const foreign = { isForeign: true };
  let knownAct: number | undefined;
  let running: Promise<void> | undefined;
  let isWanted = false;

  async function look(): Promise<void> {
    const missedSomething = isWanted;
    isWanted = false;
    const sessions = asks.openSessions();
    const ended = sessions.length > 0 ? await asks.endedSessions(sessions) : [];
    for (const sessionId of ended) bus.emit({ type: "session-ended", sessionId }, foreign);
    const act = await asks.lastAct();
    const isNew = act !== knownAct;
    knownAct = act;
    if (!isNew && !missedSomething) return;
    bus.emit({ type: "rights-changed" }, foreign);
  }

  function run(): void {
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
    if (exchange.isWhole()) knownAct = undefined;
    if (isWanted || !exchange.isWhole()) run();
  }, lookEveryMs);
  timer.unref();

  return {
    close: async () => {
      off();
      clearInterval(timer);
      await running;
    },
  };
}
