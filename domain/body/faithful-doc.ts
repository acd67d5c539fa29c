/**
 * A document that holds what was applied to it and nothing else.
 *
 * A plain one deletes format marks that it finds needless whenever it applies what somebody else wrote, each by what it
 * holds at that moment, and counts on telling the others. A server's tells nobody: it would hold deletions that its log
 * and its people lack, and take the same deletion, when an editor sends it, for one that everybody has.
 */
import * as Y from "yjs";

const tidying = Symbol("tidying");

export function newFaithfulDoc(): Y.Doc {
  const doc = new Y.Doc();
  // Yjs looks for needless marks only after transactions that are not local.
  doc.on("beforeObserverCalls", (transaction: Y.Transaction) => {
    if (transaction.origin !== tidying) transaction.local = true;
  });
  return doc;
}

/**
 * Applies an update and deletes the format marks that are needless with it, as every editor that receives it would.
 * Gives these deletions, to be stored and told with the update; undefined when there are none.
 */
export function applyTidily(doc: Y.Doc, update: Uint8Array): Uint8Array | undefined {
  const deletions: Uint8Array[] = [];
  const formatted = new Set<Y.XmlText>();
  const hear = (bytes: Uint8Array, origin: unknown) => {
    if (origin !== tidying) deletions.push(bytes);
  };
  const look = ({ origin, changed }: Y.Transaction) => {
    if (origin !== tidying) return;
    for (const type of changed.keys())
      if (type instanceof Y.XmlText && type._hasFormatting) formatted.add(type);
    // Heard only where something may be tidied: whoever hears updates has each of them encoded.
    if (formatted.size > 0) doc.on("update", hear);
  };
  doc.on("afterTransaction", look);
  try {
    Y.applyUpdate(doc, update, tidying);
    // Beyond what Yjs does by itself: whoever comes back and gets many updates at once looks at whole texts.
    for (const text of formatted) if (text._item?.deleted === false) Y.cleanupYTextFormatting(text);
  } finally {
    doc.off("update", hear);
    doc.off("afterTransaction", look);
  }
  return deletions.length === 0 ? undefined : Y.mergeUpdates(deletions);
}
