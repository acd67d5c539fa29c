// @vitest-environment happy-dom
import axe from "axe-core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { HereNow } from "./here-now";
import { presenceOf } from "./other-carets";
import { nothingMade, saveState, type SaveLedger } from "./save-state";
import { SaveStateBadge } from "./save-state-badge";
import { StoryEditor } from "./story-editor";
import type { Halt, StorySocket } from "./story-socket";
import { UnsavedOffer } from "./unsaved-offer";

const closing: (() => void)[] = [];
beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({
    matches: false,
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
});
afterEach(() => {
  cleanup();
  for (const close of closing.splice(0)) close();
  vi.unstubAllGlobals();
});

type Given = {
  readonly ledger?: Partial<SaveLedger>;
  readonly halted?: { readonly why: Halt; readonly reason: string } | null;
  readonly unsavedWords?: StorySocket["unsavedWords"];
};

/** A text that is open, without a network behind it. */
function socket(given: Given = {}) {
  const doc = new Y.Doc();
  const awareness = new Awareness(doc);
  const ledger = { ...nothingMade, online: true, ...given.ledger };
  const state = {
    ready: true,
    save: saveState(ledger),
    unsaved: ledger.made - ledger.saved,
    logSeq: 1,
    halted: given.halted ?? null,
    denied: ledger.denied,
  };
  const acts = { sendAnyway: vi.fn<() => void>(), reconnect: vi.fn<() => void>() };
  closing.push(() => {
    awareness.destroy();
    doc.destroy();
  });
  return {
    doc,
    awareness,
    state: () => state,
    subscribe: () => () => {},
    beforeMessages: () => () => {},
    unsavedWords: given.unsavedWords ?? (() => []),
    close: () => {},
    ...acts,
  } satisfies StorySocket;
}

const reporter = { id: "p1", name: "Reporter One" };

async function expectAccessible(element: Element): Promise<void> {
  const { violations } = await axe.run(element, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
}

test("the save state says where the work is, and reads out only trouble", () => {
  const { rerender } = render(<SaveStateBadge socket={socket()} />);
  const status = screen.getByRole("status", { name: "Save state" });
  expect(status.textContent).toBe("Saved");
  expect(status.getAttribute("aria-live")).toBe("off");
  rerender(<SaveStateBadge socket={socket({ ledger: { made: 14, online: false } })} />);
  expect(status.textContent).toBe("Offline, 14 changes only on this device");
  expect(status.getAttribute("aria-live")).toBe("polite");
});

test("each person is here once, however many windows they have open, and under the name they gave", () => {
  const { awareness } = socket();
  const meta = { clock: 1, lastUpdated: 0 };
  for (const clientId of [7, 8]) {
    awareness.states.set(clientId, { user: presenceOf({ id: "p2", name: "Checker One" }) });
    awareness.meta.set(clientId, meta);
  }
  awareness.states.set(9, { user: "no person" });
  render(<HereNow awareness={awareness} person={reporter} most={5} />);
  const here = screen.getByRole("region", { name: "Here now" });
  expect([...here.querySelectorAll("li")].map((one) => one.textContent)).toEqual([
    "ROReporter One",
    "COChecker One",
  ]);
});

test("a writer has three text boxes and the toolbar; all of it is accessible", async () => {
  const { container } = render(<StoryEditor socket={socket()} person={reporter} lang="en" readOnly={null} />);
  for (const name of ["Headline", "Standfirst", "Story text"]) {
    const box = screen.getByRole("textbox", { name });
    expect(box.getAttribute("contenteditable")).toBe("true");
    expect(box.getAttribute("aria-readonly")).toBeNull();
  }
  expect(screen.getByRole("toolbar", { name: "Formatting" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Bold" })).toBeTruthy();
  await expectAccessible(container);
});

test("someone who may not write is told why, and has no toolbar", async () => {
  const why = "This story is published, so its text cannot be changed any more.";
  const { container } = render(<StoryEditor socket={socket()} person={reporter} lang="en" readOnly={why} />);
  expect(screen.getByText(why)).toBeTruthy();
  expect(screen.queryByRole("toolbar", { name: "Formatting" })).toBeNull();
  expect(screen.getByRole("textbox", { name: "Story text" }).getAttribute("aria-readonly")).toBe("true");
  await expectAccessible(container);
});

test("[BO11] a story that moved on: the changes are shown and sent only at the person's word", async () => {
  const moved = socket({
    ledger: { made: 2, online: false },
    halted: { why: "moved-on", reason: "since" },
    unsavedWords: () => [{ field: "body", text: "About 4,600 soldiers", added: ["4,600 "] }],
  });
  const startAfresh = vi.fn<() => void>();
  const onHalt = vi.fn<() => void>();
  const { container } = render(<UnsavedOffer socket={moved} startAfresh={startAfresh} onHalt={onHalt} />);
  expect(screen.getByRole("alert").textContent).toContain("The story moved on while you were away");
  expect(screen.getByRole("list", { name: "Unsaved words" }).textContent).toBe("About 4,600 soldiers");
  expect(container.querySelector("mark")?.textContent).toBe("4,600 ");
  await expectAccessible(container);
  expect(moved.sendAnyway).not.toHaveBeenCalled();
  fireEvent.click(screen.getByRole("button", { name: "Send my changes" }));
  expect(moved.sendAnyway).toHaveBeenCalledOnce();
  fireEvent.click(screen.getByRole("button", { name: "Go on without them" }));
  expect(startAfresh).toHaveBeenCalledOnce();
  expect(onHalt).toHaveBeenCalledOnce();
});

test("[BO4] words that the guard refused are offered for copying, never for sending again", () => {
  const refused = socket({
    ledger: { made: 1, online: false },
    halted: { why: "refused", reason: "unknown-mark" },
    unsavedWords: () => [{ field: "body", text: "Pasted", added: ["Pasted"] }],
  });
  render(<UnsavedOffer socket={refused} startAfresh={() => {}} onHalt={() => {}} />);
  expect(screen.getByRole("button", { name: "Copy the words" })).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send my changes" })).toBeNull();
});

test("[BO4] with nothing unsaved the text is opened anew without a question", () => {
  vi.useFakeTimers();
  const startAfresh = vi.fn<() => void>();
  const returned = socket({ ledger: { online: false }, halted: { why: "write-returned", reason: "" } });
  render(<UnsavedOffer socket={returned} startAfresh={startAfresh} onHalt={() => {}} />);
  expect(screen.queryByRole("alert")).toBeNull();
  vi.advanceTimersByTime(1100);
  expect(startAfresh).toHaveBeenCalledOnce();
  vi.useRealTimers();
});
