/** Where the cards of the margin stand: beside their words, without overlapping, the active one exactly aligned. */

export type CardToPlace = {
  readonly id: string;
  /** Where its words are, in pixels from the top of the column. */
  readonly wantedTop: number;
  readonly height: number;
};

/** A run of cards that touch one another, as a stack with one top. */
type Stack = { readonly weight: number; readonly sum: number; readonly ids: readonly string[] };

/**
 * The top of each card, by id. Cards keep the order of `wantedTop` (ties keep the given order), at least `gap`
 * pixels apart, as near to their words as that allows (isotonic regression, pool adjacent violators); the active card
 * stands exactly where it wants to and the others make room. None above `minTop`, unless the active card's
 * place leaves no room for those before it.
 */
export function placeCards(
  cards: readonly CardToPlace[],
  { gap, activeId, minTop = 0 }: { gap: number; activeId?: string | undefined; minTop?: number },
): ReadonlyMap<string, number> {
  const ordered = cards
    .map((card, given) => ({ ...card, given }))
    .toSorted((a, b) => a.wantedTop - b.wantedTop || a.given - b.given);
  const room = new Map<string, number>();
  let before = 0;
  for (const { id, height } of ordered) {
    room.set(id, before);
    before += height + gap;
  }
  const roomBefore = (id: string) => room.get(id) ?? 0;
  // With every card's height taken out, "no overlap" becomes "never falling": isotonic regression.
  const wanted = ordered.map(({ id, wantedTop }) => ({
    id,
    top: Math.max(wantedTop, minTop) - roomBefore(id),
  }));
  const active = wanted.find(({ id }) => id === activeId);
  const free = fit(wanted);
  const pinned = active?.top;
  let beforeActive = active !== undefined;
  const tops = new Map<string, number>();
  for (const [id, fitted] of free) {
    if (id === activeId) beforeActive = false;
    const level =
      pinned === undefined
        ? Math.max(fitted, minTop)
        : beforeActive
          ? Math.min(fitted, pinned)
          : Math.max(fitted, pinned);
    tops.set(id, (id === activeId ? (pinned ?? level) : level) + roomBefore(id));
  }
  return tops;
}

function fit(wanted: readonly { readonly id: string; readonly top: number }[]): Map<string, number> {
  const stacks: Stack[] = [];
  for (const { id, top } of wanted) {
    let stack: Stack = { weight: 1, sum: top, ids: [id] };
    for (;;) {
      const last = stacks.at(-1);
      if (!last || last.sum / last.weight <= stack.sum / stack.weight) break;
      stacks.pop();
      stack = {
        weight: last.weight + stack.weight,
        sum: last.sum + stack.sum,
        ids: [...last.ids, ...stack.ids],
      };
    }
    stacks.push(stack);
  }
  return new Map(stacks.flatMap(({ ids, sum, weight }) => ids.map((id) => [id, sum / weight] as const)));
}
