/** What a room took in one go, as the rows of its log. */
import type { Stretch } from "./commit-batch";
import { mergedUpdate } from "./merged-update";

/** An update that is to be stored. */
export type ToStore = {
  /** Null: the server's own. */
  readonly personId: string | null;
  readonly update: Uint8Array;
  /** The clients that it brings structs of. */
  readonly clients: readonly number[];
  /** It changes more than the ids of blocks. */
  readonly changes: boolean;
  /** It cannot be applied before what somebody else has among these. */
  readonly hangsOnOthers: boolean;
};

/**
 * One row for what each person wrote, with the client ids that are to be bound: people who write at once would make one
 * of every letter. Only what hangs on somebody else's comes after theirs.
 */
export function stretchesOf(updates: readonly ToStore[], bound: ReadonlySet<number>): Stretch[] {
  const rows: {
    personId: string | null;
    updates: Uint8Array[];
    clients: Set<number>;
    changes: boolean;
  }[] = [];
  for (const { personId, update, clients, changes, hangsOnOthers } of updates) {
    let row = hangsOnOthers ? rows.at(-1) : rows.findLast((one) => one.personId === personId);
    if (row?.personId !== personId) {
      row = { personId, updates: [], clients: new Set(), changes: false };
      rows.push(row);
    }
    row.updates.push(update);
    row.changes ||= changes;
    for (const client of clients) if (!bound.has(client)) row.clients.add(client);
  }
  return rows.map(({ personId, updates: theirs, clients, changes }) => ({
    personId,
    update: mergedUpdate(theirs),
    clients: [...clients],
    changes,
  }));
}
