/**
 * The bus across processes: what happens here is told to the others and told on here when it happened there, once.
 * Who has a story open is known for every process; one that is gone takes its people with it.
 */
import type { Named } from "@/domain/stories/story";
import type { House } from "../house";
import type { CrossingEvent, NewsroomEvent } from "./bus";

export type Crossing = {
  /** Who has the story open, in whichever process. */
  readonly here: (storyId: string) => readonly Named[];
  readonly close: () => void;
};

/** What `hereInThisProcess` gives changes before `presence` is told on the bus, soon before. */
export function openCrossing(
  { bus, exchange }: Pick<House, "bus" | "exchange">,
  hereInThisProcess: (storyId: string) => readonly Named[],
): Crossing {
  /** By process and story. */
  const elsewhere = new Map<string, Map<string, readonly Named[]>>();
  /** The stories that somebody has open here. */
  const open = new Set<string>();

  function here(storyId: string): readonly Named[] {
    const people = new Map(hereInThisProcess(storyId).map((one) => [one.id, one]));
    for (const stories of elsewhere.values()) {
      for (const one of stories.get(storyId) ?? []) if (!people.has(one.id)) people.set(one.id, one);
    }
    return [...people.values()];
  }

  function hearHere(from: string, storyId: string, people: readonly Named[]): void {
    const stories = elsewhere.get(from) ?? new Map<string, readonly Named[]>();
    elsewhere.set(from, stories);
    if (people.length === 0) stories.delete(storyId);
    else stories.set(storyId, people);
    if (stories.size === 0) elsewhere.delete(from);
    bus.emit({ type: "presence", storyId, here: [...here(storyId)] }, { isForeign: true });
  }

  const offs = [
    bus.on((event, { isForeign, isOfText }) => {
      if (isForeign) return;
      if (event.type === "presence") {
        const { storyId, here: people } = event;
        if (people.length > 0) open.add(storyId);
        else open.delete(storyId);
        exchange.tell({ kind: "here", storyId, people });
      } else if (crosses(event)) {
        exchange.tell({ kind: "event", event, ...(isOfText ? { isOfText } : {}) });
      }
    }),
    exchange.hear((message, from) => {
      switch (message.kind) {
        case "event":
          return bus.emit(message.event, { isForeign: true, isOfText: message.isOfText ?? false });
        case "here":
          return hearHere(from, message.storyId, message.people);
        case "all-here": {
          const said = new Map(message.stories.map(({ storyId, people }) => [storyId, people]));
          const known = elsewhere.get(from)?.keys() ?? [];
          for (const storyId of new Set([...said.keys(), ...known])) {
            hearHere(from, storyId, said.get(storyId) ?? []);
          }
          return;
        }
        case "hello": {
          const stories = [...open].map((storyId) => ({ storyId, people: hereInThisProcess(storyId) }));
          return exchange.tell({ kind: "all-here", stories });
        }
        case "stored":
        case "presence":
        case "who-is-here":
        case "sign-in":
        case "alive":
        case "goodbye":
      }
    }),
    exchange.whenGone((processId) => {
      const stories = elsewhere.get(processId);
      for (const storyId of stories?.keys() ?? []) hearHere(processId, storyId, []);
    }),
  ];

  return {
    here,
    close: () => {
      for (const off of offs) off();
    },
  };
}

/** Told of texts by the rooms and of presence by `here`; `missed` is each process's own. */
function crosses(event: NewsroomEvent): event is CrossingEvent {
  return event.type !== "text-stored" && event.type !== "presence" && event.type !== "missed";
}
