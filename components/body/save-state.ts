/**
 * What the screen says about saving: pure bookkeeping of one text on one device.
 *
 * [BO2] Saved is counted. The server tells how many of this connection's sync updates (SyncStep2 and Update
 * messages, in the order sent) it holds. The screen says Saved when that is the number sent and nothing waits to be
 * sent; "N changes only on this device" counts the rest.
 */
export type SaveLedger = {
  /** Changes made on this device since the text was opened. */
  readonly made: number;
  /** The first so many of them are in the store. */
  readonly saved: number;
  /** On this connection the first so many have been sent. */
  readonly sentThrough: number;
  /** For each message sent and not yet counted: how many changes are in the store once it is. */
  readonly waiting: readonly number[];
  /** Messages of this connection that the server has counted. */
  readonly counted: number;
  /** Connected, and told the text as it stands. */
  readonly online: boolean;
  /** This connection may not write: what is unsaved stays unsaved. */
  readonly denied: boolean;
};

export type SaveEvent =
  | { readonly type: "opened" }
  | { readonly type: "synced" }
  | { readonly type: "changed" }
  /** `update` carries the newest change alone, `everything` (a SyncStep2) all that the server lacks. */
  | { readonly type: "sent"; readonly carries: "update" | "everything" }
  | { readonly type: "counted"; readonly count: number }
  | { readonly type: "denied" }
  | { readonly type: "closed" };

export const nothingMade: SaveLedger = {
  made: 0,
  saved: 0,
  sentThrough: 0,
  waiting: [],
  counted: 0,
  online: false,
  denied: false,
};

export function keepLedger(ledger: SaveLedger, event: SaveEvent): SaveLedger {
  switch (event.type) {
    case "opened":
      return { ...ledger, sentThrough: ledger.saved, waiting: [], counted: 0, online: false, denied: false };
    case "synced":
      return { ...ledger, online: true };
    case "changed":
      return { ...ledger, made: ledger.made + 1 };
    case "sent": {
      // An Update that overtakes the SyncStep2 after a reconnect leaves a gap before it: it proves nothing alone.
      const closesGap = event.carries === "everything" || ledger.sentThrough === ledger.made - 1;
      const sentThrough = closesGap ? ledger.made : ledger.sentThrough;
      return { ...ledger, sentThrough, waiting: [...ledger.waiting, sentThrough] };
    }
    case "counted": {
      const newly = event.count - ledger.counted;
      if (newly <= 0) return ledger;
      const saved = Math.max(ledger.saved, ledger.waiting[newly - 1] ?? ledger.saved);
      return { ...ledger, saved, waiting: ledger.waiting.slice(newly), counted: event.count };
    }
    case "denied":
      return { ...ledger, denied: true };
    case "closed":
      return { ...ledger, sentThrough: ledger.saved, waiting: [], counted: 0, online: false };
  }
}

/** Changes that only this device holds. */
export const unsavedCount = (ledger: SaveLedger): number => ledger.made - ledger.saved;

export type SaveState =
  | { readonly is: "saved" }
  | { readonly is: "saving"; readonly unsaved: number }
  | { readonly is: "offline"; readonly unsaved: number }
  | { readonly is: "not-taken"; readonly unsaved: number };

export function saveState(ledger: SaveLedger): SaveState {
  const unsaved = unsavedCount(ledger);
  if (!ledger.online) return { is: "offline", unsaved };
  if (ledger.denied && unsaved > 0) return { is: "not-taken", unsaved };
  if (unsaved > 0 || (ledger.waiting.length > 0 && !ledger.denied)) return { is: "saving", unsaved };
  return { is: "saved" };
}

const onlyHere = (unsaved: number) =>
  `${String(unsaved)} ${unsaved === 1 ? "change" : "changes"} only on this device`;

/** The words of the status `Save state`. */
export function saveWords(state: SaveState): string {
  switch (state.is) {
    case "saved":
      return "Saved";
    case "saving":
      return "Saving";
    case "offline":
      return state.unsaved === 0 ? "Offline" : `Offline, ${onlyHere(state.unsaved)}`;
    case "not-taken":
      return `Not saved, ${onlyHere(state.unsaved)}`;
  }
}
