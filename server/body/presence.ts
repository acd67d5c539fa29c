/**
 * Who is in a story and where their caret stands: the last awareness state of each client id, told on in batches.
 * [BO5] An entry belongs to the connection that brought it; the server puts the person's id and name into it, and
 * numbers it by the clock, so that somebody who comes back, or a server that does, is heard at once. What other
 * processes tell was stamped there.
 */
import type { Person } from "@/domain/people/person";
import { framed } from "../http/framed";
import type { Connection } from "./connection";
import { presenceFrame, type PresenceEntry } from "./frames";

export type Presence = {
  /** A state of a client id that belongs to this connection; null: gone. */
  readonly take: (connection: Connection, entry: PresenceEntry) => void;
  /** Tells one connection everybody's state. */
  readonly tellAll: (connection: Connection) => void;
  /** Takes away what this connection brought. */
  readonly leave: (connection: Connection) => void;
  /** What connections of another process show. */
  readonly hearRemote: (processId: string, entries: readonly PresenceEntry[]) => void;
  /** That process is gone, and who came through it. */
  readonly forgetProcess: (processId: string) => void;
  /** The states of this process's own connections. */
  readonly own: () => readonly PresenceEntry[];
  readonly close: () => void;
};

type Owner = Connection | string;
type Kept = { readonly entry: PresenceEntry; readonly owner: Owner };

/** Each state is told to each reader: where many read, less often. */
const leastBatchMs = 20;
const batchMsAReader = 4;
const mostBatchMs = 500;
const maxStateBytes = 16 * 1024;
const color = /^#[0-9a-f]{6}$/i;

export function openPresence(
  connections: ReadonlySet<Connection>,
  given: {
    readonly now: () => Date;
    readonly tellOthers: (entries: readonly PresenceEntry[]) => void;
    /** Rooms in which much changes are told one after the other. */
    readonly inTurn: (tell: () => void) => void;
  },
): Presence {
  const kept = new Map<number, Kept>();
  /** The last number given for a client id, also after it is gone. */
  const clocks = new Map<number, number>();
  const changed = new Map<number, Kept>();
  let batch: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Always higher than before: clients take no entry with a number that they know already. */
  function numbered(clientId: number, state: unknown): PresenceEntry {
    const clock = Math.max(Math.floor(given.now().getTime() / 10), (clocks.get(clientId) ?? 0) + 1);
    clocks.set(clientId, clock);
    return { clientId, clock, state };
  }

  function change(owner: Owner, clientId: number, state: unknown): void {
    const entry = numbered(clientId, state);
    if (state === null) kept.delete(clientId);
    else kept.set(clientId, { entry, owner });
    changed.set(clientId, { entry, owner });
    const waitMs = Math.min(Math.max(leastBatchMs, batchMsAReader * connections.size), mostBatchMs);
    batch ??= setTimeout(() => given.inTurn(tell), waitMs);
  }

  function tell(): void {
    batch = undefined;
    if (isClosed) return;
    const news = [...changed.values()];
    changed.clear();
    const entries = news.map(({ entry }) => entry);
    const forAll = framed(presenceFrame(entries));
    const owners = new Set(news.map(({ owner }) => owner));
    for (const connection of connections) {
      if (!owners.has(connection)) {
        connection.sendIfFast(forAll);
        continue;
      }
      const others = entries.filter(({ clientId }) => !connection.clientIds.has(clientId));
      if (others.length > 0) connection.sendIfFast(framed(presenceFrame(others)));
    }
    const own = news.filter(({ owner }) => typeof owner !== "string").map(({ entry }) => entry);
    if (own.length > 0) given.tellOthers(own);
  }

  function forget(owner: Owner): void {
    for (const [clientId, one] of kept) if (one.owner === owner) change(owner, clientId, null);
  }

  return {
    take: (connection, { clientId, state }) => {
      if (state === null) {
        if (kept.has(clientId)) change(connection, clientId, null);
        return;
      }
      const stamped = stampedBy(connection.person, state);
      if (JSON.stringify(stamped).length <= maxStateBytes) change(connection, clientId, stamped);
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
      if (others.length > 0) connection.sendIfFast(framed(presenceFrame(others)));
    },
    leave: forget,
    hearRemote: (processId, entries) => {
      for (const { clientId, state } of entries) {
        const owner = kept.get(clientId)?.owner;
        // Somebody came over from there to here: what that process says of them is old.
        if (owner !== undefined && owner !== processId && state === null) continue;
        if (owner !== undefined || state !== null) change(processId, clientId, state);
      }
    },
    forgetProcess: forget,
    own: () => [...kept.values()].filter(({ owner }) => typeof owner !== "string").map(({ entry }) => entry),
    close: () => {
      isClosed = true;
      clearTimeout(batch);
    },
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
