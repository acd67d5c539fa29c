import { expect, test, vi } from "vitest";
import { askTogether } from "./ask-together";

function openDesk(most: number) {
  const questions: { keys: readonly string[]; answer: () => void; fail: () => void }[] = [];
  const ask = askTogether(
    (keys: readonly string[]) =>
      new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
        questions.push({
          keys,
          answer: () =>
            resolve(new Map(keys.filter((key) => key !== "gone").map((key) => [key, `of ${key}`]))),
          fail: () => reject(new Error("the store is away")),
        });
      }),
    most,
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { ask, questions, turn };
}

test("what is asked while an answer is under way goes into the next question, so many at a time", async () => {
  const { ask, questions, turn } = openDesk(3);
  const first = ask("a");
  await turn();
  expect(questions.map(({ keys }) => keys)).toEqual([["a"]]);
  // The same key once more: its answer must not be older than this asking.
  const later = ["a", "gone", "b", "b", "c"].map(ask);
  await turn();
  expect(questions).toHaveLength(1);
  questions[0]?.answer();
  expect(await first).toBe("of a");
  await turn();
  expect(questions[1]?.keys).toEqual(["a", "gone", "b"]);
  questions[1]?.answer();
  expect(await Promise.all(later.slice(0, 4))).toEqual(["of a", null, "of b", "of b"]);
  await turn();
  expect(questions[2]?.keys).toEqual(["c"]);
  questions[2]?.answer();
  expect(await later[4]).toBe("of c");
});

test("a question that fails fails those who asked it, and the next is asked", async () => {
  const { ask, questions, turn } = openDesk(8);
  const failed = expect(ask("a")).rejects.toThrow("the store is away");
  await turn();
  const next = ask("b");
  questions[0]?.fail();
  await failed;
  await turn();
  questions[1]?.answer();
  expect(await next).toBe("of b");
});

test("a question that is not answered holds nobody up for long", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { ask, questions, turn } = openDesk(8);
  const stuck = ask("a");
  await turn();
  const next = ask("b");
  await vi.advanceTimersByTimeAsync(99);
  expect(questions).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  questions[1]?.answer();
  expect(await next).toBe("of b");
  const later = ask("c");
  await turn();
  expect(questions.map(({ keys }) => keys)).toEqual([["a"], ["b"], ["c"]]);
  questions[2]?.answer();
  expect(await later).toBe("of c");
  questions[0]?.answer();
  expect(await stuck).toBe("of a");
  vi.useRealTimers();
});
