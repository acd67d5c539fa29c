type Asker<Answer> = {
  readonly resolve: (answer: Answer | null) => void;
  readonly reject: (error: unknown) => void;
};

/** A question without an answer for so long keeps the others waiting no more: they are asked beside it. */
const patienceMs = 100;
/** Where all come at once, each answer is a short turn. */
const mostInAQuestion = 8;

/**
 * One question for what many ask in the same turn of the event loop. Whoever asks while an answer is under way is in
 * the next question, so that no answer is older than its asking; at most `most` keys a question, the others after it in
 * their order.
 * Null for a key that has no answer.
 */
export function askTogether<Key, Answer>(
  askAll: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Answer>>,
  most = mostInAQuestion,
): (key: Key) => Promise<Answer | null> {
  const waiting = new Map<Key, Asker<Answer>[]>();
  let isAsking = false;

  async function ask(): Promise<void> {
    const asked = [...waiting].slice(0, most);
    for (const [key] of asked) waiting.delete(key);
    try {
      const answers = await askAll(asked.map(([key]) => key));
      for (const [key, askers] of asked) for (const { resolve } of askers) resolve(answers.get(key) ?? null);
    } catch (error) {
      for (const [, askers] of asked) for (const { reject } of askers) reject(error);
    }
  }

  async function askAllWaiting(): Promise<void> {
    isAsking = waiting.size > 0;
    if (!isAsking) return;
    const turn = { isOver: false };
    const tooLong = setTimeout(() => {
      turn.isOver = true;
      void askAllWaiting();
    }, patienceMs);
    await ask();
    clearTimeout(tooLong);
    if (!turn.isOver) await askAllWaiting();
  }

  return (key) =>
    new Promise((resolve, reject) => {
      const asker = { resolve, reject };
      const others = waiting.get(key);
      if (others) others.push(asker);
      else waiting.set(key, [asker]);
      if (isAsking) return;
      isAsking = true;
      setImmediate(() => void askAllWaiting());
    });
}
