/** What the toolbars offer: each act on the text with its name, icon and keys. */
import type { Editor } from "@tiptap/core";
import {
  Bold,
  Heading2,
  Heading3,
  Heading4,
  Italic,
  List,
  ListOrdered,
  Redo2,
  TextQuote,
  Undo2,
  type LucideIcon,
} from "lucide-react";

export type FormatAction = {
  readonly label: string;
  readonly Icon: LucideIcon;
  /** As ProseMirror writes them: `Mod-Alt-2`. */
  readonly keys: string;
  readonly isOn: (editor: Editor) => boolean;
  readonly isPossible: (editor: Editor) => boolean;
  readonly run: (editor: Editor) => void;
};

const knows = (editor: Editor, name: string) => name in editor.schema.nodes || name in editor.schema.marks;

const heading = (level: 2 | 3 | 4, Icon: LucideIcon): FormatAction => ({
  label: `Heading ${String(level)}`,
  Icon,
  keys: `Mod-Alt-${String(level)}`,
  isOn: (editor) => editor.isActive("heading", { level }),
  isPossible: (editor) => knows(editor, "heading"),
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
});

export const headingActions = [heading(2, Heading2), heading(3, Heading3), heading(4, Heading4)] as const;

export const markActions: readonly FormatAction[] = [
  {
    label: "Bold",
    Icon: Bold,
    keys: "Mod-b",
    isOn: (editor) => editor.isActive("bold"),
    isPossible: (editor) => knows(editor, "bold"),
    run: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    label: "Italic",
    Icon: Italic,
    keys: "Mod-i",
    isOn: (editor) => editor.isActive("italic"),
    isPossible: (editor) => knows(editor, "italic"),
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
];

export const blockActions: readonly FormatAction[] = [
  {
    label: "Bulleted list",
    Icon: List,
    keys: "Mod-Shift-8",
    isOn: (editor) => editor.isActive("bulletList"),
    isPossible: (editor) => knows(editor, "bulletList"),
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    label: "Numbered list",
    Icon: ListOrdered,
    keys: "Mod-Shift-7",
    isOn: (editor) => editor.isActive("orderedList"),
    isPossible: (editor) => knows(editor, "orderedList"),
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    label: "Block quote",
    Icon: TextQuote,
    keys: "Mod-Shift-b",
    isOn: (editor) => editor.isActive("blockquote"),
    isPossible: (editor) => knows(editor, "blockquote"),
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
];

export const historyActions: readonly FormatAction[] = [
  {
    label: "Undo",
    Icon: Undo2,
    keys: "Mod-z",
    isOn: () => false,
    isPossible: (editor) => editor.can().undo(),
    run: (editor) => editor.chain().focus().undo().run(),
  },
  {
    label: "Redo",
    Icon: Redo2,
    keys: "Mod-Shift-z",
    isOn: () => false,
    isPossible: (editor) => editor.can().redo(),
    run: (editor) => editor.chain().focus().redo().run(),
  },
];

/** `Mod-Shift-7` as people read it on this machine: `⌘⇧7` or `Ctrl Shift 7`. */
export function keyWords(keys: string, isApple = isAppleDevice()): string {
  const parts = keys.split("-").map((key) => {
    if (key === "Mod") return isApple ? "⌘" : "Ctrl";
    if (key === "Alt") return isApple ? "⌥" : "Alt";
    if (key === "Shift") return isApple ? "⇧" : "Shift";
    return key.toUpperCase();
  });
  return parts.join(isApple ? "" : " ");
}

const isAppleDevice = () => typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);
