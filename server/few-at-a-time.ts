/**
 * Runs so many works at once; the others wait for their turn, in the order in which they came. While others wait,
 * places are given on only after `restMs`, so that whatever else the process does has its turns, too; those that
 * became free meanwhile together, so that what the next ask for can be asked in one.
 */
export function fewAtATime(most: number, restMs = 0): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  let resting: NodeJS.Timeout | undefined;
  const waiting: (() => void)[] = [];

  function giveOn(): void {
    resting = undefined;
    for (const next of waiting.splice(0, most - running)) {
      running += 1;
      next();
    }
  }

  return async (work) => {
    if (running >= most || waiting.length > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      if (restMs === 0 || waiting.length === 0) giveOn();
      else resting ??= setTimeout(giveOn, restMs);
    }
  };
}
