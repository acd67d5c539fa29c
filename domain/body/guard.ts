/**
 * The guard: tries an update before anyone else sees it. The editors' binding deletes what its schema does not know
 * and syncs the deletion, so one unknown mark would empty a paragraph for everyone.
 *
 * [BO4] Refused: what is no update, over 4 MB, structs under another's client id (BO5), content the vocabulary does
 * not know, words where none may stand, other root types, bidirectional controls. Waiting is told apart from refused.
 * Bad nesting, which honest concurrent edits can make, passes and is reported.
 */
import * as Y from "yjs";
import { fields, type Field } from "./anchor-state";
import { withoutBidiControls } from "./bidi-controls";
import { applyTidily } from "./faithful-doc";
import type { Refusal } from "../refusal";
import { firstMissing, newClients, type Missing, type ScannedUpdate } from "./scan-update";
import { markName, nestsWell, vocabulary } from "./schema";

export const maxUpdateBytes = 4 * 1024 * 1024;
const maxDepth = 40;

export type GuardWord =
  | "undecodable"
  | "too-large"
  | "foreign-client"
  | "other-root"
  | "unknown-node"
  | "unknown-mark"
  | "unknown-attribute"
  | "unknown-content"
  | "misplaced"
  | "too-deep"
  | "control-characters";

/** The update is in the document now. */
export type Taken = {
  readonly taken: true;
  /** The clients that it brought structs of. */
  readonly clients: ReadonlySet<number>;
  /** The visible words that it removed, in no order. */
  readonly removed: string;
  /** It left blocks where the editor's schema does not want them. */
  readonly nestsBadly: boolean;
  /** It changed more than the ids of blocks. */
  readonly changes: boolean;
  /** An update of its own: deletes the format marks that became needless. */
  readonly tidied: Uint8Array | undefined;
};
/** It hangs on a struct that the document lacks; the document is unchanged. */
export type Waiting = { readonly waitsFor: Missing };

/** An update as it came, and what `scanUpdate` read in it: undefined when it is no update. */
export type UpdateSent = { readonly bytes: Uint8Array; readonly scan: ScannedUpdate | undefined };
/** It may be tried; the clients of which it brings new structs. */
export type Readiness = { readonly clients: ReadonlySet<number> };

/**
 * Everything that can be said of an update before it touches a document: refused, waiting, or ready to be tried.
 * `mayUse` says whether new structs under a client id may come from where this came from.
 */
export function inspectUpdate(
  doc: Y.Doc,
  { bytes, scan }: UpdateSent,
  mayUse: (client: number) => boolean,
): Readiness | Waiting | Refusal<GuardWord> {
  if (bytes.byteLength > maxUpdateBytes) return { refused: "too-large" };
  if (!scan) return { refused: "undecodable" };
  const clients = newClients(doc, scan);
  for (const client of clients) if (!mayUse(client)) return { refused: "foreign-client" };
  const wrong = wrongStruct(scan);
  if (wrong) return wrong;
  const missing = firstMissing(doc, scan);
  return missing ? { waitsFor: missing } : { clients };
}

/**
 * Applies an inspected update to the staging document and looks at the blocks it touched. After a refusal the
 * document holds what was refused and must be made anew.
 */
export function tryUpdate(
  staging: Y.Doc,
  update: Uint8Array,
  { clients }: Readiness,
): Taken | Refusal<GuardWord> {
  let looked: Looked | Refusal<GuardWord> | undefined;
  let tidied: Uint8Array | undefined;
  const look = (transaction: Y.Transaction) => {
    looked ??= lookAt(transaction);
  };
  staging.on("afterTransaction", look);
  try {
    tidied = applyTidily(staging, update);
  } catch {
    // Yjs threw on bytes from outside that decode and still make no sense.
    return { refused: "undecodable" };
  } finally {
    staging.off("afterTransaction", look);
  }
  if (!looked) return { taken: true, clients, removed: "", nestsBadly: false, changes: false, tidied };
  if ("refused" in looked) return looked;
  // It hangs on itself: no struct outside it is missing, and yet it cannot be taken whole.
  if (staging.store.pendingStructs || staging.store.pendingDs) return { refused: "undecodable" };
  return { taken: true, clients, ...looked, tidied };
}

/** What no place in a story could hold. */
function wrongStruct({ structs }: ScannedUpdate): Refusal<GuardWord> | undefined {
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue;
    // As decoded, the parent is the name of a root type, an id, or left to the neighbours.
    const parent: unknown = struct.parent;
    if (typeof parent === "string" && !isField(parent)) return { refused: "other-root" };
    const { content } = struct;
    if (content instanceof Y.ContentString) {
      if (hasControls(content.str)) return { refused: "control-characters" };
    } else if (content instanceof Y.ContentFormat) {
      const wrong = wrongFormat(content.key, content.value, vocabulary.body.marks);
      if (wrong) return wrong;
    } else if (content instanceof Y.ContentType) {
      const { type } = content;
      if (type instanceof Y.XmlElement) {
        if (!Object.hasOwn(vocabulary.body.nodes, type.nodeName)) return { refused: "unknown-node" };
      } else if (!(type instanceof Y.XmlText)) return { refused: "unknown-content" };
    } else if (!(content instanceof Y.ContentAny) && !(content instanceof Y.ContentDeleted)) {
      return { refused: "unknown-content" };
    }
  }
  return undefined;
}

type Looked = Pick<Taken, "removed" | "nestsBadly" | "changes">;

function lookAt(transaction: Y.Transaction): Looked | Refusal<GuardWord> {
  const { doc } = transaction;
  for (const name of doc.share.keys()) if (!isField(name)) return { refused: "other-root" };
  const isNew = ({ id }: Y.Item) => id.clock >= (transaction.beforeState.get(id.client) ?? 0);
  let nestsBadly = false;
  for (const type of transaction.changed.keys()) {
    const place = placeOf(type);
    if (place === "gone") continue;
    if ("refused" in place) return place;
    const looked = lookAtType(type, place, isNew);
    if (typeof looked === "object") return looked;
    nestsBadly ||= looked;
  }
  const wrong = lookAtNewWords(transaction);
  if (wrong) return wrong;
  return { removed: removedWords(transaction), nestsBadly, changes: isChange(transaction) };
}

/** Where a type stands: its field and how deep; `gone` when it or a block around it is deleted. */
type SharedType = Parameters<Y.Transaction["changed"]["get"]>[0];
type Place = { readonly field: Field; readonly depth: number };

function placeOf(type: SharedType): Place | "gone" | Refusal<GuardWord> {
  let depth = 0;
  let at = type;
  for (let item = at._item; item !== null; item = at._item) {
    if (item.deleted) return "gone";
    depth += 1;
    if (depth > maxDepth) return { refused: "too-deep" };
    if (!(item.parent instanceof Y.AbstractType)) return "gone";
    at = item.parent;
  }
  const field = fields.find((name) => type.doc?.share.get(name) === at);
  return field ? { field, depth } : { refused: "other-root" };
}

/** Looks at a touched type and at what is new inside it; true when it nests badly. */
function lookAtType(
  type: SharedType,
  place: Place,
  isNew: (item: Y.Item) => boolean,
): boolean | Refusal<GuardWord> {
  if (place.depth > maxDepth) return { refused: "too-deep" };
  if (type instanceof Y.XmlText) return lookAtText(type) ?? false;
  if (type instanceof Y.XmlElement) return lookAtBlock(type, place, isNew);
  if (!(type instanceof Y.XmlFragment)) return { refused: "unknown-content" };
  if (type._map.size > 0) return { refused: "unknown-attribute" };
  return lookAtChildren(type, "blocks", place, isNew);
}

function lookAtBlock(
  block: Y.XmlElement,
  place: Place,
  isNew: (item: Y.Item) => boolean,
): boolean | Refusal<GuardWord> {
  const { nodes } = vocabulary[place.field];
  const rule = Object.hasOwn(nodes, block.nodeName) ? nodes[block.nodeName] : undefined;
  if (!rule) return { refused: "unknown-node" };
  for (const [name, item] of block._map) {
    if (item.deleted) continue;
    const known = Object.hasOwn(rule.attrs, name) ? rule.attrs[name] : undefined;
    const values = item.content instanceof Y.ContentAny ? item.content.arr : [];
    if (!known || values.length !== 1 || !known(values[0])) return { refused: "unknown-attribute" };
  }
  return lookAtChildren(block, rule.holds, place, isNew);
}

function lookAtChildren(
  parent: Y.XmlFragment,
  holds: "blocks" | "text" | "break",
  { field, depth }: Place,
  isNew: (item: Y.Item) => boolean,
): boolean | Refusal<GuardWord> {
  const names: string[] = [];
  let nestsBadly = false;
  for (let item = parent._start; item !== null; item = item.right) {
    if (item.deleted) continue;
    const child = item.content instanceof Y.ContentType ? item.content.type : undefined;
    if (!child) return { refused: "unknown-content" };
    const name = nodeName(child);
    const isInline = name === "text" || name === "hardBreak";
    if (holds === "break" || (holds === "text") !== isInline) return { refused: "misplaced" };
    names.push(name);
    if (!isNew(item)) continue;
    const looked = lookAtType(child, { field, depth: depth + 1 }, isNew);
    if (typeof looked === "object") return looked;
    nestsBadly ||= looked;
  }
  if (holds !== "blocks") return nestsBadly;
  const name = parent instanceof Y.XmlElement ? parent.nodeName : field;
  return nestsBadly || !nestsWell(name, names);
}

function isShared(parent: Y.Item["parent"]): parent is SharedType {
  return parent instanceof Y.AbstractType;
}

function nodeName(type: SharedType): string {
  if (type instanceof Y.XmlText) return "text";
  return type instanceof Y.XmlElement ? type.nodeName : "";
}

function lookAtText(text: Y.XmlText): Refusal<GuardWord> | undefined {
  if (!(text._item?.parent instanceof Y.XmlElement)) return { refused: "misplaced" };
  return text._map.size > 0 ? { refused: "unknown-attribute" } : undefined;
}

/** Looks at what is new in texts, however long they are: what stood there was looked at when it came. */
function lookAtNewWords(transaction: Y.Transaction): Refusal<GuardWord> | undefined {
  for (const item of newItems(transaction)) {
    const { content, parent } = item;
    if (item.deleted || content instanceof Y.ContentString) continue;
    if (!isShared(parent) || nodeName(parent) !== "text") continue;
    const place = placeOf(parent);
    if (place === "gone") continue;
    if ("refused" in place) return place;
    const wrong: Refusal<GuardWord> | undefined =
      content instanceof Y.ContentFormat
        ? wrongFormat(content.key, content.value, vocabulary[place.field].marks)
        : { refused: "unknown-content" };
    if (wrong) return wrong;
  }
  return undefined;
}

function* newItems({ doc, beforeState, afterState }: Y.Transaction): Generator<Y.Item> {
  for (const [client, clock] of afterState) {
    const from = beforeState.get(client) ?? 0;
    const structs = doc.store.clients.get(client);
    if (!structs || clock <= from) continue;
    for (let index = Y.findIndexSS(structs, from); index < structs.length; index += 1) {
      const struct = structs[index];
      if (struct instanceof Y.Item) yield struct;
    }
  }
}

function wrongFormat(
  key: string,
  value: unknown,
  marks: (typeof vocabulary)[Field]["marks"],
): Refusal<GuardWord> | undefined {
  const name = markName(key);
  const rule = Object.hasOwn(marks, name) ? marks[name] : undefined;
  if (!rule) return { refused: "unknown-mark" };
  // Null ends a mark; some clients write a mark without attributes as true.
  if (value === null || (value === true && Object.keys(rule).length === 0)) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) return { refused: "unknown-attribute" };
  const attrs = new Map(Object.entries(value).filter(([, one]) => one !== null && one !== undefined));
  const isKnown =
    [...attrs].every(([attr, one]) => Object.hasOwn(rule, attr) && rule[attr]?.(one)) &&
    Object.keys(rule).every((attr) => attrs.has(attr));
  return isKnown ? undefined : { refused: "unknown-attribute" };
}

function removedWords(transaction: Y.Transaction): string {
  const removed: string[] = [];
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    const isOld = struct.id.clock < (transaction.beforeState.get(struct.id.client) ?? 0);
    if (isOld && struct instanceof Y.Item && struct.content instanceof Y.ContentString) {
      removed.push(struct.content.str);
    }
  });
  return removed.join(" ");
}

/** Does anything but ids of blocks come or go? */
function isChange(transaction: Y.Transaction): boolean {
  for (const item of newItems(transaction)) if (!item.deleted && item.parentSub !== "id") return true;
  let isFound = false;
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    const isOld = struct.id.clock < (transaction.beforeState.get(struct.id.client) ?? 0);
    if (isOld && struct instanceof Y.Item && struct.parentSub !== "id") isFound = true;
  });
  return isFound;
}

function isField(name: string): name is Field {
  return fields.some((field) => field === name);
}

/** NUL, which the store cannot keep, and whatever reorders what is read. */
function hasControls(text: string): boolean {
  return text.includes("\0") || withoutBidiControls(text) !== text;
}
