/** Reads what an update would do, without applying it to a document. */
import * as Y from "yjs";

type Struct = ReturnType<typeof Y.decodeUpdate>["structs"][number];
export type ScannedUpdate = {
  readonly structs: readonly Struct[];
  /** The deleted ranges of each client. */
  readonly deletions: ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;
};
/** A struct of a client that a document must hold before an update can be applied. */
export type Missing = { readonly client: number; readonly clock: number };

/** Undefined for bytes that are no update. */
export function scanUpdate(update: Uint8Array): ScannedUpdate | undefined {
  try {
    const { structs, ds } = Y.decodeUpdate(update);
    return { structs: structs.filter((struct) => !(struct instanceof Y.Skip)), deletions: ds.clients };
  } catch {
    // Whatever the decoder says of bytes from outside, the answer is the same: they are no update.
    return undefined;
  }
}

/** [BO3] Does the document hold all its structs and deletions already? */
export function changesNothing(doc: Y.Doc, update: ScannedUpdate): boolean {
  const known = (client: number) => Y.getState(doc.store, client);
  return (
    update.structs.every(({ id, length }) => id.clock + length <= known(id.client)) &&
    [...update.deletions].every(([client, ranges]) =>
      ranges.every(
        ({ clock, len }) => clock + len <= known(client) && isDeleted(doc, client, clock, clock + len),
      ),
    )
  );
}

/** Does an update touch what another one brings: a struct of it, or a range that it deletes? */
export function touches(
  update: ScannedUpdate,
  brings: { readonly from: ReadonlyMap<number, number>; readonly deletions: ScannedUpdate["deletions"] },
): boolean {
  const isNew = (client: number, end: number) => end > (brings.from.get(client) ?? Infinity);
  return (
    update.structs.some(({ id, length }) => isNew(id.client, id.clock + length)) ||
    [...update.deletions].some(([client, ranges]) =>
      ranges.some(
        ({ clock, len }) =>
          isNew(client, clock + len) ||
          brings.deletions
            .get(client)
            ?.some((other) => clock < other.clock + other.len && other.clock < clock + len),
      ),
    )
  );
}

/**
 * Does it bring, stand beside or delete a struct that others bring? `begins`: where what they bring of a client does,
 * undefined for a client of which they bring nothing.
 */
export function hangsOn(update: ScannedUpdate, begins: (client: number) => number | undefined): boolean {
  const isTheirs = (client: number, end: number) => end > (begins(client) ?? Infinity);
  return (
    update.structs.some(
      (struct) =>
        isTheirs(struct.id.client, struct.id.clock + struct.length) ||
        neededBy(struct).some(({ client, clock }) => isTheirs(client, clock + 1)),
    ) ||
    [...update.deletions].some(([client, ranges]) =>
      ranges.some(({ clock, len }) => isTheirs(client, clock + len)),
    )
  );
}

/** The clients under whose ids it brings structs that the document does not hold. */
export function newClients(doc: Y.Doc, update: ScannedUpdate): ReadonlySet<number> {
  const clients = new Set<number>();
  for (const { id, length } of update.structs) {
    if (id.clock + length > Y.getState(doc.store, id.client)) clients.add(id.client);
  }
  return clients;
}

/**
 * [BO4] The first struct that it depends on and that neither the document nor the update holds; undefined when it can
 * be applied whole.
 */
export function firstMissing(doc: Y.Doc, update: ScannedUpdate): Missing | undefined {
  const reached = new Map<number, number>();
  const state = (client: number) => reached.get(client) ?? Y.getState(doc.store, client);
  const byClient = new Map<number, Struct[]>();
  for (const struct of update.structs) {
    const theirs = byClient.get(struct.id.client);
    if (theirs) theirs.push(struct);
    else byClient.set(struct.id.client, [struct]);
  }
  for (const [client, structs] of byClient) {
    structs.sort((a, b) => a.id.clock - b.id.clock);
    for (const { id, length } of structs) {
      if (id.clock > state(client)) return { client, clock: state(client) };
      reached.set(client, Math.max(state(client), id.clock + length));
    }
  }
  for (const struct of update.structs) {
    for (const needed of neededBy(struct)) {
      if (needed.clock >= state(needed.client)) return needed;
    }
  }
  for (const [client, ranges] of update.deletions) {
    for (const { clock, len } of ranges) {
      if (clock + len > state(client)) return { client, clock: Math.max(clock, state(client)) };
    }
  }
  return undefined;
}

function neededBy(struct: Struct): Y.ID[] {
  if (!(struct instanceof Y.Item)) return [];
  const { origin, rightOrigin, parent } = struct;
  return [origin, rightOrigin, parent instanceof Y.ID ? parent : null].filter((id) => id !== null);
}

function isDeleted(doc: Y.Doc, client: number, from: number, to: number): boolean {
  const structs = doc.store.clients.get(client);
  if (!structs || from >= to) return from >= to;
  for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) {
    const struct = structs[index];
    if (struct === undefined || struct.id.clock >= to) break;
    if (!struct.deleted) return false;
  }
  return true;
}
