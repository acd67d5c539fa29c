/**
 * What the editor of each field knows and does. The nodes, marks and attributes are exactly those of
 * `domain/body/schema.ts` (a test compares them): what the schema does not know, the guard refuses.
 */
import { Extension, type AnyExtension, type Editor } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Collaboration, isChangeOrigin } from "@tiptap/extension-collaboration";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { Italic } from "@tiptap/extension-italic";
import { Link } from "@tiptap/extension-link";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Text } from "@tiptap/extension-text";
import { UniqueID } from "@tiptap/extension-unique-id";
// One by one: their common entry brings undo, gap cursor and word count along.
import { Dropcursor } from "@tiptap/extensions/drop-cursor";
import { Placeholder } from "@tiptap/extensions/placeholder";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import { textblockTypeInputRule } from "@tiptap/core";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { Field } from "@/domain/body/anchor-state";
import { isLinkAddress } from "@/domain/body/schema";
import { caretFlush } from "./caret-flush";
import { cleanPastedHtml, pastedLine } from "./clean-paste";
import { otherCarets, type Presence } from "./other-carets";
import { readOnlyGate } from "./read-only";
import { stripBidi } from "./strip-bidi";
import { undoSteps } from "./undo-steps";

/** The accessible names of the three text boxes. */
export const fieldLabels: Readonly<Record<Field, string>> = {
  headline: "Headline",
  standfirst: "Standfirst",
  body: "Story text",
};

const placeholders: Readonly<Record<Field, string>> = {
  headline: "Headline",
  standfirst: "Standfirst: the story in a sentence or two",
  body: "Write the story. “## ” makes a heading, “- ” a list, “> ” a quote.",
};

export type FieldSetting = {
  readonly field: Field;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly undoManager: Y.UndoManager;
  readonly presence: Presence;
  readonly lang: () => string;
  readonly mayWrite: () => boolean;
  /** The editor before or after this one, for the keys that lead out of it. */
  readonly neighbour: (which: "previous" | "next") => Editor | undefined;
};

export function fieldExtensions(setting: FieldSetting): readonly AnyExtension[] {
  const { field, doc, undoManager, mayWrite } = setting;
  return [
    ...vocabularyOf(field),
    Collaboration.configure({ document: doc, field, yUndoOptions: { undoManager } }),
    otherCarets(setting.awareness, setting.presence),
    caretFlush,
    undoSteps(field, undoManager),
    readOnlyGate.configure({ mayWrite, label: fieldLabels[field], lang: setting.lang }),
    stripBidi,
    blockIds(mayWrite),
    Placeholder.configure({
      placeholder: () => (mayWrite() ? placeholders[field] : `No ${fieldLabels[field].toLowerCase()} yet`),
      showOnlyWhenEditable: false,
    }),
    waysOut(setting),
    field === "headline" ? oneLine : pastedCleanly,
    ...(field === "body" ? [ListKeymap, Dropcursor.configure({ color: false, class: "drop-line" })] : []),
  ];
}

/** Nodes and marks alone: what the schema is made of. */
export function vocabularyOf(field: Field): readonly AnyExtension[] {
  switch (field) {
    case "headline":
      // Two paragraphs can only come from two people starting at once: shown, not lost, and joined by the next edit.
      return [Document.extend({ content: "paragraph+" }), Paragraph.extend({ marks: "" }), Text];
    case "standfirst":
      return [Document.extend({ content: "paragraph+" }), Paragraph, Text, Bold, Italic, link];
    case "body":
      return [
        Document,
        Paragraph,
        Text,
        Bold,
        Italic,
        link,
        heading,
        BulletList,
        orderedList,
        ListItem,
        Blockquote,
        HardBreak,
      ];
  }
}

const link = Link.extend({
  addAttributes: () => ({ href: { default: null } }),
}).configure({
  HTMLAttributes: { rel: "noopener noreferrer nofollow", target: null },
  autolink: false,
  openOnClick: false,
  markdownLinks: true,
  defaultProtocol: "https",
  isAllowedUri: (href) => isLinkAddress(href),
});

const heading = Heading.extend({
  addAttributes: () => ({ level: { default: 2, rendered: false } }),
  addInputRules() {
    const levels = [
      [/^#{1,2}\s$/, 2],
      [/^###\s$/, 3],
      [/^####\s$/, 4],
    ] as const;
    return levels.map(([find, level]) =>
      textblockTypeInputRule({ find, type: this.type, getAttributes: { level } }),
    );
  },
}).configure({ levels: [2, 3, 4] });

const orderedList = OrderedList.extend({
  addAttributes: () => ({
    start: {
      default: 1,
      parseHTML: (element: HTMLElement) => {
        const start = Number(element.getAttribute("start") ?? 1);
        return Number.isInteger(start) && start >= 0 && start <= 999_999_999 ? start : 1;
      },
    },
  }),
});

const blocksWithId = ["paragraph", "heading", "bulletList", "orderedList", "listItem", "blockquote"];

/** Ids for blocks made here, never for text that is already there or comes from others: the server seeds those. */
function blockIds(mayWrite: () => boolean) {
  return UniqueID.configure({
    types: blocksWithId,
    filterTransaction: (tr) => mayWrite() && !isChangeOrigin(tr),
  });
}

const pastedCleanly = Extension.create({
  name: "pastedCleanly",
  transformPastedHTML: (html) => cleanPastedHtml(html),
});

/** One paragraph: what is pasted becomes one line, and two paragraphs become one with the next edit made here. */
const oneLine = Extension.create({
  name: "oneLine",
  addProseMirrorPlugins: () => [
    new Plugin({
      props: {
        handlePaste: (view, event) => {
          const text = pastedLine(event.clipboardData?.getData("text/plain") ?? "");
          if (text !== "") view.dispatch(view.state.tr.insertText(text).scrollIntoView());
          return true;
        },
        handleDrop: (view, event) => {
          const text = pastedLine(event.dataTransfer?.getData("text/plain") ?? "");
          const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
          if (text !== "" && at) view.dispatch(view.state.tr.insertText(text, at.pos));
          event.preventDefault();
          return true;
        },
      },
      appendTransaction: (transactions, _before, { doc, tr }) => {
        const own = transactions.some((one) => one.docChanged) && !transactions.some(isChangeOrigin);
        if (!own || doc.childCount < 2) return null;
        for (let index = doc.childCount - 1; index > 0; index -= 1) {
          let at = 0;
          for (let before = 0; before < index; before += 1) at += doc.child(before).nodeSize;
          const apart = doc.child(index - 1).content.size > 0 && doc.child(index).content.size > 0;
          tr.join(at);
          if (apart) tr.insertText(" ", at - 1);
        }
        return tr;
      },
    }),
  ],
});

/** Enter in the headline leads on; the arrows lead out of a field's first and last line. */
function waysOut({ field, neighbour }: FieldSetting) {
  const leave = (which: "previous" | "next") => {
    const editor = neighbour(which);
    if (!editor) return false;
    return editor.commands.focus(which === "next" ? "start" : "end");
  };
  const atEdge = (editor: Editor, direction: "up" | "down") => {
    const { selection, doc } = editor.state;
    if (!(selection instanceof TextSelection) || !selection.empty) return false;
    const isOutermost =
      direction === "up" ? selection.$head.index(0) === 0 : selection.$head.index(0) === doc.childCount - 1;
    return isOutermost && editor.view.endOfTextblock(direction);
  };
  return Extension.create({
    name: "waysOut",
    priority: 200,
    addKeyboardShortcuts: () => ({
      ArrowDown: ({ editor }) => atEdge(editor, "down") && leave("next"),
      ArrowUp: ({ editor }) => atEdge(editor, "up") && leave("previous"),
      ...(field === "headline"
        ? { Enter: () => leave("next") || true, "Shift-Enter": () => true, "Mod-Enter": () => true }
        : {}),
    }),
  });
}
