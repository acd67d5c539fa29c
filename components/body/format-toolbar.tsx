"use client";
import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import { Link } from "lucide-react";
import { Toolbar } from "radix-ui";
import { Fragment, type ReactNode, type Ref } from "react";
import { IconButton } from "../ui/icon-button";
import {
  blockActions,
  headingActions,
  historyActions,
  keyWords,
  markActions,
  type FormatAction,
} from "./format-actions";

type ActionButtonsProps = {
  readonly editor: Editor;
  readonly groups: readonly (readonly FormatAction[])[];
  /** Opens the question for a link's address; no button without it. */
  readonly onLink?: (() => void) | undefined;
};

type Told = Readonly<Record<string, { readonly on: boolean; readonly possible: boolean }>>;

/** Buttons for these acts, inside a toolbar: one tab stop, arrows between them, lit where the caret stands in one. */
export function ActionButtons({ editor, groups, onLink }: ActionButtonsProps) {
  const told = useEditorState({
    editor,
    selector: ({ editor: now }): Told =>
      Object.fromEntries(
        groups
          .flat()
          .map(({ label, isOn, isPossible }) => [label, { on: isOn(now), possible: isPossible(now) }]),
      ),
  });
  const link = useEditorState({
    editor,
    selector: ({ editor: now }) => ({ on: now.isActive("link"), possible: "link" in now.schema.marks }),
  });
  return groups.map((actions, index) => (
    <Fragment key={actions[0]?.label}>
      {index > 0 ? <Separator /> : null}
      {actions.map(({ label, Icon, keys, run }) => (
        <ToolButton
          key={label}
          label={label}
          keys={keyWords(keys)}
          icon={<Icon size={17} aria-hidden />}
          pressed={told[label]?.on ?? false}
          disabled={!(told[label]?.possible ?? false)}
          onClick={() => run(editor)}
        />
      ))}
      {actions === markActions && onLink ? (
        <ToolButton
          label="Link"
          keys={keyWords("Mod-k")}
          icon={<Link size={17} aria-hidden />}
          pressed={link.on}
          disabled={!link.possible}
          onClick={onLink}
        />
      ) : null}
    </Fragment>
  ));
}

const Separator = () => <Toolbar.Separator className="mx-1 h-5 w-px shrink-0 bg-line" />;

type ToolButtonProps = {
  readonly label: string;
  readonly keys: string;
  readonly icon: ReactNode;
  readonly pressed: boolean;
  readonly disabled: boolean;
  readonly onClick: () => void;
};

function ToolButton(given: ToolButtonProps) {
  return (
    <Toolbar.Button asChild disabled={given.disabled}>
      <IconButton
        size="small"
        {...given}
        // The words stay selected and the keyboard stays in the text.
        onMouseDown={(event) => event.preventDefault()}
        className="size-8"
      />
    </Toolbar.Button>
  );
}

type FormatToolbarProps = {
  readonly editor: Editor;
  readonly onLink: () => void;
  readonly ref?: Ref<HTMLDivElement>;
};

/** The fixed row above the text. */
export function FormatToolbar({ editor, onLink, ref }: FormatToolbarProps) {
  return (
    <Toolbar.Root
      ref={ref}
      aria-label="Formatting"
      className="flex items-center gap-0.5 overflow-x-auto overscroll-x-contain py-1 [scrollbar-width:none]"
    >
      <ActionButtons
        editor={editor}
        groups={[historyActions, headingActions, markActions, blockActions]}
        onLink={onLink}
      />
    </Toolbar.Root>
  );
}
