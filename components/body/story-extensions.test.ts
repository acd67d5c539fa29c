// @vitest-environment happy-dom
import { Editor } from "@tiptap/core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ySyncPluginKey } from "@tiptap/y-tiptap";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { fields, type Field } from "@/domain/body/anchor-state";
import { fieldText } from "@/domain/body/plain-text";
import { vocabulary } from "@/domain/body/schema";
import { readPendingInput } from "./caret-flush";
import { fieldExtensions } from "./story-extensions";
import { storyUndo } from "./story-undo";
import { textMapOf } from "./text-map";

type Desk = {
  readonly doc: Y.Doc;
  readonly editors: Record<Field, Editor>;
  readonly undoManager: Y.UndoManager;
};
const opened: { destroy: () => void }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.destroy();
  document.body.replaceChildren();
});

function desk({ mayWrite = true, doc = new Y.Doc() }: { mayWrite?: boolean; doc?: Y.Doc } = {}): Desk {
  const awareness = new Awareness(doc);
  const undoManager = storyUndo(doc);
  const open = (field: Field) => {
    const element = document.createElement("div");
    document.body.append(element);
    const editor = new Editor({
      element,
      injectCSS: false,
      extensions: [
        ...fieldExtensions({
          field,
          doc,
          awareness,
          undoManager,
          presence: { id: "p1", name: "Reporter One", color: "#2a5aa8" },
          lang: () => "en",
          mayWrite: () => mayWrite,
          neighbour: (which) => (field === "headline" && which === "next" ? editors.standfirst : undefined),
        }),
      ],
    });
    opened.push(editor);
    return editor;
  };
  const editors = {} as Record<Field, Editor>; // Filled in the next line.
  for (const field of fields) editors[field] = open(field);
  opened.push(awareness);
  return { doc, editors, undoManager };
}

/** Two desks joined without a server. */
function twoDesks(): [Desk, Desk] {
  const mine = desk();
  const theirs = desk();
  mine.doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== "wire") Y.applyUpdate(theirs.doc, update, "wire");
  });
  theirs.doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== "wire") Y.applyUpdate(mine.doc, update, "wire");
  });
  return [mine, theirs];
}

describe("the vocabulary", () => {
  test.each(fields)("the editor of the %s knows what the schema of the text knows, and no more", (field) => {
    const { schema } = desk().editors[field];
    const known = vocabulary[field];
    const nodes = Object.keys(schema.nodes).filter((name) => name !== "doc" && name !== "text");
    expect(nodes.sort()).toEqual(Object.keys(known.nodes).sort());
    for (const name of nodes) {
      const attrs = Object.keys(schema.nodes[name]?.spec.attrs ?? {});
      expect([name, ...attrs.sort()]).toEqual([name, ...Object.keys(known.nodes[name]?.attrs ?? {}).sort()]);
    }
    expect(Object.keys(schema.marks).sort()).toEqual(Object.keys(known.marks).sort());
    for (const [name, attrs] of Object.entries(known.marks)) {
      expect(Object.keys(schema.marks[name]?.spec.attrs ?? {})).toEqual(Object.keys(attrs));
    }
  });

  test("a link leads to the web or to a mail address, or is no link", () => {
    const { body } = desk().editors;
    body.commands.setContent('<p><a href="javascript:alert(1)">a</a><a href="https://nato.int/x">b</a></p>');
    expect(body.getHTML()).toContain(
      'a<a rel="noopener noreferrer nofollow" href="https://nato.int/x">b</a></p>',
    );
  });
});

test("opening a story writes nothing into it", () => {
  const written = vi.fn<() => void>();
  const doc = new Y.Doc();
  doc.on("update", written);
  desk({ doc });
  expect(written).not.toHaveBeenCalled();
});

test("block ids are given to what is written here, not to what comes from others", () => {
  const [mine, theirs] = twoDesks();
  mine.editors.body.commands.insertContent("<p>One</p><p>Two</p>");
  const ids = mine.editors.body.getJSON().content?.map((node) => node.attrs?.id as unknown) ?? [];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => typeof id === "string" && /^[\w-]{1,64}$/.test(id))).toBe(true);
  const before = Y.encodeStateVector(theirs.doc);
  expect(theirs.editors.body.getJSON()).toEqual(mine.editors.body.getJSON());
  expect(Y.getState(theirs.doc.store, theirs.doc.clientID)).toBe(0);
  expect(before.length).toBeGreaterThan(0);
});

describe("undo", () => {
  test("takes back only one's own changes", () => {
    const [mine, theirs] = twoDesks();
    mine.editors.body.commands.insertContent("Mine.");
    theirs.editors.body.commands.insertContentAt(6, " Theirs.");
    mine.editors.body.commands.undo();
    expect(mine.editors.body.getText()).toBe(" Theirs.");
    expect(theirs.editors.body.getText()).toBe(" Theirs.");
    mine.editors.body.commands.redo();
    expect(theirs.editors.body.getText()).toContain("Mine.");
  });

  test("takes back nothing once the right to write is gone", () => {
    const doc = new Y.Doc();
    let mayWrite = true;
    const manager = storyUndo(doc, () => mayWrite);
    const body = doc.getXmlFragment("body");
    doc.transact(() => body.insert(0, [new Y.XmlElement("paragraph")]), ySyncPluginKey);
    mayWrite = false;
    expect([manager.undo(), body.length]).toEqual([null, 1]);
    mayWrite = true;
    manager.undo();
    expect(body.length).toBe(0);
    mayWrite = false;
    expect([manager.redo(), body.length]).toEqual([null, 0]);
    doc.destroy();
  });

  test("takes back a run of typing at once, also while a colleague types and the carets move", () => {
    const [mine, theirs] = twoDesks();
    for (const letter of "Troops") {
      mine.editors.body.commands.insertContent(letter);
      theirs.editors.headline.commands.insertContent(letter);
      for (const field of fields) {
        const { view } = mine.editors[field];
        view.dispatch(view.state.tr.setMeta("addToHistory", false));
      }
    }
    mine.editors.body.commands.undo();
    expect(mine.editors.body.getText()).toBe("");
    expect(mine.editors.headline.getText()).toBe("Troops");
  });

  test("takes back a cut, a paste and a deletion one by one, however quick they were", () => {
    const { editors } = desk();
    const { view } = editors.body;
    const texts = () => editors.body.getText({ blockSeparator: "|" });
    editors.body.commands.setContent("<p>One two</p><p>Three</p>");
    view.dispatch(view.state.tr.delete(1, 5).setMeta("uiEvent", "cut"));
    view.dispatch(
      view.state.tr.insertText("One ", view.state.doc.content.size - 1).setMeta("uiEvent", "paste"),
    );
    view.dispatch(view.state.tr.delete(1, 4));
    expect(texts()).toBe("|ThreeOne ");
    editors.body.commands.undo();
    expect(texts()).toBe("two|ThreeOne ");
    editors.body.commands.undo();
    expect(texts()).toBe("two|Three");
    editors.body.commands.undo();
    expect(texts()).toBe("One two|Three");
    editors.body.commands.redo();
    expect(texts()).toBe("two|Three");
  });

  test("goes through the fields in the order of the work, from wherever the caret is", () => {
    const { editors } = desk();
    editors.headline.commands.insertContent("Headline");
    editors.body.commands.insertContent("Body");
    editors.headline.commands.undo();
    expect(editors.body.getText()).toBe("");
    expect(editors.headline.getText()).toBe("Headline");
    editors.body.commands.undo();
    expect(editors.headline.getText()).toBe("");
  });
});

describe("someone who may not write", () => {
  test("can select but change nothing", () => {
    const doc = new Y.Doc();
    const writer = desk({ doc });
    writer.editors.body.commands.insertContent("Checked words");
    const reader = desk({ mayWrite: false });
    Y.applyUpdate(reader.doc, Y.encodeStateAsUpdate(doc), "wire");
    const { body } = reader.editors;
    body.commands.insertContent("mine");
    body.commands.toggleBold();
    expect(body.getText()).toBe("Checked words");
    body.commands.setTextSelection({ from: 1, to: 8 });
    expect(body.state.selection.to).toBe(8);
    expect(body.view.dom.getAttribute("aria-readonly")).toBe("true");
    const input = new InputEvent("beforeinput", { cancelable: true, bubbles: true });
    body.view.dom.dispatchEvent(input);
    expect(input.defaultPrevented).toBe(true);
    expect(Y.getState(reader.doc.store, reader.doc.clientID)).toBe(0);
  });
});

test("[BO4] characters that reorder what is read never leave the editor", () => {
  const { editors, doc } = desk();
  editors.body.commands.insertContent("4\u202E006\u2069 men");
  expect(editors.body.getText()).toBe("4006 men");
  expect(JSON.stringify(fieldText(doc.getXmlFragment("body")).text)).toBe('"4006 men"');
});

test("the headline is one line: two that were started at once become one with the next edit", () => {
  const [mine, theirs] = twoDesks();
  const offline = new Y.Doc();
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText("Theirs")]);
  offline.getXmlFragment("headline").insert(0, [paragraph]);
  mine.editors.headline.commands.insertContent("Mine");
  Y.applyUpdate(mine.doc, Y.encodeStateAsUpdate(offline), "elsewhere");
  expect(mine.editors.headline.state.doc.childCount).toBe(2);
  mine.editors.headline.commands.insertContentAt(1, " ");
  expect(mine.editors.headline.state.doc.childCount).toBe(1);
  expect(["Mine Theirs", "Theirs Mine"]).toContain(mine.editors.headline.getText().trim());
  expect(theirs.editors.headline.getText()).toBe(mine.editors.headline.getText());
});

test("[BO12] the editor's plain text is the text's plain text", () => {
  const { editors, doc } = desk();
  editors.body.commands.setContent(
    "<h2>Head</h2><p>One<br>two <b>three</b></p><ul><li><p>a</p><ol><li><p>b</p></li></ol></li></ul><blockquote><p>q</p><p></p></blockquote>",
  );
  const map = textMapOf(editors.body.state.doc);
  expect(map.text).toBe("Head\n\nOne\ntwo three\n\na\n\nb\n\nq\n\n");
  expect(map.text).toBe(fieldText(doc.getXmlFragment("body")).text);
});

describe("carets lost while a colleague types (y-prosemirror issue 146)", () => {
  test("ProseMirror still has what the repair relies on", () => {
    const { view } = desk().editors.body;
    const { domObserver } = view as unknown as { domObserver: Record<string, unknown> };
    expect(typeof domObserver.flush).toBe("function");
    expect(typeof domObserver.forceFlush).toBe("function");
  });

  test("what the browser has pending is read before a colleague's change is drawn", () => {
    const [mine, theirs] = twoDesks();
    const { body } = mine.editors;
    body.commands.insertContent("Some words");
    const line = body.view.dom.querySelector("p")?.firstChild;
    if (!(line instanceof Text)) throw new Error("the line has no text");
    line.data = "Some words!";
    readPendingInput(body.view);
    theirs.editors.body.commands.insertContentAt(1, "Theirs. ");
    expect(body.getText()).toBe("Theirs. Some words!");
  });
});
