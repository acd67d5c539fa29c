import type { Named } from "@/domain/stories/story";

/** Nobody sees that it is told this much later; whoever comes with many is told with them. */
const tellWithinMs = 50;

export type WhoIsHere = {
  readonly enter: (person: Named) => void;
  readonly leave: (personId: string) => void;
  readonly here: () => Named[];
  /** Tells what is not told yet. */
  readonly close: () => void;
};

/** Who has the story open in this process, with one connection or several. `tell` hears of the first and of the last. */
export function openWhoIsHere(tell: (here: Named[]) => void): WhoIsHere {
  const people = new Map<string, { readonly named: Named; connections: number }>();
  let telling: NodeJS.Timeout | undefined;

  const here = () => [...people.values()].map(({ named }) => named);
  const tellNow = () => {
    telling = undefined;
    tell(here());
  };
  const tellSoon = () => (telling ??= setTimeout(tellNow, tellWithinMs));

  return {
    enter: ({ id, name }) => {
      const known = people.get(id);
      if (known) return void (known.connections += 1);
      people.set(id, { named: { id, name }, connections: 1 });
      tellSoon();
    },
    leave: (personId) => {
      const known = people.get(personId);
      if (!known || (known.connections -= 1) > 0) return;
      people.delete(personId);
      tellSoon();
    },
    here,
    close: () => {
      if (!telling) return;
      clearTimeout(telling);
      tellNow();
    },
  };
}
