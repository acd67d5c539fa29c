/** For tests of the body: a house over a fresh store, with people of every role and stories with words. */
import type { BodyNode } from "@/domain/body/content";
import type { Person, Role } from "@/domain/people/person";
import { openBus, type NewsroomEvent } from "../events/bus";
import { openAlone } from "../events/exchange";
import { openMetrics } from "../metrics";
import type { House } from "../house";
import { openLog } from "../log";
import { people } from "../people/people-tables";
import { stories } from "../stories/story-tables";
import { openTestStore, type TestStore } from "../store/test-store";
import { startText } from "./start-text";

export type TestDesk = {
  readonly house: House;
  readonly store: TestStore;
  /** Everything told on the bus so far. */
  readonly told: NewsroomEvent[];
  readonly person: (role: Role, name?: string) => Promise<Person>;
  /** A story with these paragraphs as its body, started by somebody who is no party to the test. */
  readonly story: (...paragraphs: string[]) => Promise<string>;
  readonly close: () => Promise<void>;
};

export async function openTestDesk(now: () => Date = () => new Date()): Promise<TestDesk> {
  const store = await openTestStore();
  const bus = openBus((error) => {
    throw error;
  });
  const told: NewsroomEvent[] = [];
  bus.on((event) => told.push(event));
  let n = 0;
  const newId = () => `id-${String((n += 1))}`;
  const house: House = {
    db: store.db,
    bus,
    metrics: openMetrics(),
    exchange: openAlone("the only one"),
    log: openLog(process.env["LINECHECK_TEST_LOG"] ?? "silent"),
    now,
    newId,
    epoch: store.epoch,
    url: "http://127.0.0.1:3000",
  };
  async function person(role: Role, name = `A ${role}`): Promise<Person> {
    const made: Person = { id: newId(), name, email: `${newId()}@example.org`, role };
    await store.db.insert(people).values(made);
    return made;
  }
  const starter = await person("editor", "Who starts");
  return {
    house,
    store,
    told,
    person,
    story: async (...paragraphs) => {
      const id = newId();
      await store.db.transaction(async (tx) => {
        await tx.insert(stories).values({ id, slug: id, byline: [], startedBy: starter.id });
        const body = paragraphs.map((text): BodyNode => ({
          type: "paragraph",
          content: [{ type: "text", text }],
        }));
        const content = { headline: [], standfirst: [], body };
        await startText(tx, { storyId: id, person: starter, content, at: house.now() });
      });
      return id;
    },
    close: store.close,
  };
}
