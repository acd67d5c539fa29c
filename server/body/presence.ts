/**
 * Who is in a story and where their caret stands: the last awareness state of each client id, told on in batches.
 * [BO5] An entry belongs to the connection that brought it; the server puts the person's id and name into it, and
 * numbers it by the clock, so that somebody who comes back, or a server that does, is heard at once.
 */
import type { Person } from "@/domain/people/person";
import type { Connection } from "./connection";
import { presenceFrame, type PresenceEntry } from "./frames";

export type Presence = {
  /** A state of a client id that belongs to this connection; null: gone. */
  readonly take: (connection: Connection, entry: PresenceEntry) => void;
  /** Tells one connection everybody's state. */
  readonly tellAll: (connection: Connection) => void;
  /** Takes away what this connection brought. */
  readonly leave: (connection: Connection) => void;
  readonly close: () => void;
};

type Kept = { readonly entry: PresenceEntry; readonly owner: Connection };

const batchMs = 20;
const maxStateBytes = 16 * 1024;
const color = /^#[0-9a-f]{6}$/i;

export function openPresence(connections: ReadonlySet<Connection>, now: () => Date): Presence {
  const kept = new Map<number, Kept>();
  /** The last number given for a client id, also after it is gone. */
  const clocks = new Map<number, number>();
  const changed = new Map<number, PresenceEntry>();
  let batch: NodeJS.Timeout | undefined;

  /** Always higher than before: clients take no entry with a number that they know already. */
  function numbered(clientId: number, state: unknown): PresenceEntry {
    const clock = Math.max(Math.floor(now().getTime() / 10), (clocks.get(clientId) ?? 0) + 1);
    clocks.set(clientId, clock);
    return { clientId, clock, state };
  }

  function change(clientId: number, state: unknown): PresenceEntry {
    const entry = numbered(clientId, state);
    changed.set(clientId, entry);
    batch ??= setTimeout(tell, batchMs);
    return entry;
  }

  function tell(): void {
    batch = undefined;
    const entries = [...changed.values()];
    changed.clear();
    const forAll = presenceFrame(entries);
    for (const connection of connections) {
      const others = entries.filter(({ clientId }) => !connection.clientIds.has(clientId));
      if (others.length > 0) {
        connection.sendIfFast(others.length === entries.length ? forAll : presenceFrame(others));
      }
    }
  }

  return {
    take: (connection, { clientId, state }) => {
      if (state === null) {
        if (kept.delete(clientId)) change(clientId, null);
        return;
      }
      const stamped = stampedBy(connection.person, state);
      if (JSON.stringify(stamped).length > maxStateBytes) return;
      kept.set(clientId, { entry: change(clientId, stamped), owner: connection });
    },
    tellAll: (connection) => {
      const others: PresenceEntry[] = [];
      for (const [clientId, { entry, owner }] of kept) {
        if (connection.clientIds.has(clientId)) continue;
        // Who comes back has heard the old number and forgotten the state.
        const again = numbered(clientId, entry.state);
        kept.set(clientId, { entry: again, owner });
        others.push(again);
      }
      if (others.length > 0) connection.sendIfFast(presenceFrame(others));
    },
    leave: (connection) => {
      for (const [clientId, { owner }] of kept) {
        if (owner !== connection) continue;
        kept.delete(clientId);
        change(clientId, null);
      }
    },
    close: () => clearTimeout(batch),
  };
}

/** Whatever name the client gave itself, it is the person's; a colour is kept when it is one. */
function stampedBy(person: Person, state: unknown): Record<string, unknown> {
  const given = isRecord(state) ? state : {};
  const user = isRecord(given["user"]) ? given["user"] : {};
  const theirColor =
    typeof user["color"] === "string" && color.test(user["color"]) ? user["color"] : undefined;
  return {
    ...given,
    user: { id: person.id, name: person.name, ...(theirColor === undefined ? {} : { color: theirColor }) },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
