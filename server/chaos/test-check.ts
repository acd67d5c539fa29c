/** What a check is: it looks after one promise once a round is at rest, and gives what it found wrong, a sentence each. */
import { readText, type StoredText } from "../body/read-text";
import { until } from "../body/test-clients";
import type { Story } from "./test-peer";
import type { Round } from "./test-round";

export type Check = { readonly title: string; readonly faults: (round: Round) => Promise<readonly string[]> };

/** So long what is made after a change (places, what the desk shows) may take on a busy machine. */
export const madeWithinMs = 30_000;

/** What is found in each story, with its text as stored. */
export async function ofEachStory(
  round: Round,
  look: (story: Story, name: string, text: StoredText) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [index, story] of round.stories.entries()) {
    const text = await readText(round.db, story.id);
    const name = `story ${String(index)}`;
    if (text) found.push(...(await look(story, name, text)));
    else found.push(`${name} has no text`);
  }
  return found;
}

export const editor = (round: Round) => {
  const found = round.members.find(({ key }) => key === "editor1");
  if (!found) throw new Error("There is no editor.");
  return found;
};

/** Tries until nothing is found, or gives what is found at last. */
export async function atLast(look: () => Promise<readonly string[]>): Promise<readonly string[]> {
  let last: readonly string[] = [];
  await until(
    async () => (last = await look()),
    (found) => found.length === 0,
    madeWithinMs,
  ).catch(() => undefined);
  return last;
}
