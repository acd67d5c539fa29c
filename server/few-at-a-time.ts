import type { Rest } from "./rest-as-long-as-worked";

const none: Rest = { ms: () => 0, isOver: () => undefined };

/**
 * Runs so many works at once; the others wait for their turn, in the order in which they came. While others wait,
 * places are given on only after a rest, so that whatever else the process does has its turns, too; those that became
 * free meanwhile together, so that what the next ask for can be asked in one.
 */
export function fewAtATime(most: number, rest: Rest = none): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  let resting: NodeJS.Timeout | undefined;
  const waiting: { readonly sinceMs: number; readonly begin: () => void }[] = [];

  function giveOn(): void {
    resting = undefined;
    const [first] = waiting;
    if (!first) return;
    const ms = rest.ms(performance.now() - first.sinceMs);
    if (ms > 0) {
      resting = setTimeout(giveOn, ms);
      return;
    }
    rest.isOver();
    for (const { begin } of waiting.splice(0, most - running)) {
      running += 1;
      begin();
    }
  }

  return async (work) => {
    if (running < most && waiting.length === 0) running += 1;
    else {
      await new Promise<void>((resolve) => waiting.push({ sinceMs: performance.now(), begin: resolve }));
    }
    try {
      return await work();
    } finally {
      running -= 1;
      if (!resting) giveOn();
    }
  };
}
