/**
 * Runs so many works at once; the others wait for their turn, in the order in which they came. While others wait, a
 * place is given on only after `restMs`, so that whatever else the process does has its turns, too.
 */
export function fewAtATime(most: number, restMs = 0): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];

  function giveOn(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      if (restMs > 0 && waiting.length > 0) setTimeout(giveOn, restMs);
      else giveOn();
    }
  };
}
